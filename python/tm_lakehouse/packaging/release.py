"""What a release consists of: the package, what Glue and Airflow run, bills of materials, and their checksums."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging.airflow import AirflowSources, build_airflow
from tm_lakehouse.packaging.archives import files_under, write_archive
from tm_lakehouse.packaging.build import GEOMETRY, SILVER, Sources, build
from tm_lakehouse.packaging.wheels import package_wheel

AIRFLOW_ZIP = "airflow.zip"
CHECKSUMS = "SHA256SUMS"
# The locks of what runs on AWS; the emulator and the tools stay on the developer's machine.
SHIPPED_LOCKS = ("glue", "geometry", "dbt", "airflow_dags")


def build_release(project: Path, folder: Path, cache: Path, tell: Callable[[str], None]) -> list[Path]:
    """Make `folder` anew, with a release's files in it; gives them in the order of their names.

    The same sources give the same files, byte for byte.

    Raises:
        LakehouseError: the folder holds what no release holds, or a part can't be built.
    """
    _clear(folder)
    tell("package")
    package_wheel(project, folder)
    for bundle in (SILVER, GEOMETRY):
        tell(f"Glue jobs: {bundle.name}")
        built = folder / ".build"
        build(Sources(project), built, cache, bundle)
        for name in bundle.artifacts:
            shutil.move(built / name, folder / name)
        shutil.rmtree(built)
    tell("Airflow")
    _write_airflow(project, folder, cache)
    for lock in SHIPPED_LOCKS:
        tell(f"bill of materials: {lock}")
        _write_bill(project / "requirements" / f"{lock}.txt", folder / f"{lock}.cdx.json")
    _write_checksums(folder)
    return sorted(folder.iterdir())


def _clear(folder: Path) -> None:
    if folder.exists() and not (folder / CHECKSUMS).is_file() and any(folder.iterdir()):
        raise LakehouseError(f"{folder} holds something other than a release.", "Name an empty folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _write_airflow(project: Path, folder: Path, cache: Path) -> None:
    built = folder / ".airflow"
    build_airflow(AirflowSources(project), built, cache)
    write_archive(folder / AIRFLOW_ZIP, {path.relative_to(built).as_posix(): path for path in files_under(built)})
    shutil.rmtree(built)


def _write_bill(lock: Path, path: Path) -> None:
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [str(program), "requirements", str(lock), "--output-reproducible", "--of", "JSON", "-o", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LakehouseError(
            f"The bill of materials of {lock.name} can't be made: {done.stderr.strip()[-300:]}", "Run `make tools`."
        )


def _write_checksums(folder: Path) -> None:
    lines = [f"{_sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
