"""Builds the artifacts of the Glue jobs: scripts, zip of the package, zips of wheels, and jars."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging.archives import files_under, write_archive
from tm_lakehouse.packaging.jars import SEDONA, Jar, fetch
from tm_lakehouse.packaging.wheels import package_wheel, pins, third_party_wheels

PACKAGE_ZIP = "tm_lakehouse.zip"


@dataclass(frozen=True)
class Bundle:
    """What is packaged together: the scripts of jobs that share their wheels, named after the bundle."""

    name: str
    scripts: tuple[str, ...]
    lock: str
    jars: tuple[Jar, ...] = ()
    has_package_zip: bool = False

    @property
    def wheels(self) -> str:
        return f"{self.name}.gluewheels.zip"

    @property
    def wheels_with_package(self) -> str:
        return f"{self.name}_with_package.gluewheels.zip"

    @property
    def artifacts(self) -> tuple[str, ...]:
        """File names in the package directory."""
        package = (PACKAGE_ZIP,) if self.has_package_zip else ()
        return (*self.scripts, *package, self.wheels, self.wheels_with_package, *(jar.file_name for jar in self.jars))


SILVER = Bundle(
    "silver", ("silver_etl.py", "table_maintenance.py", "table_parity.py"), "glue.txt", has_package_zip=True
)
GEOMETRY = Bundle("geometry", ("course_geometry.py",), "geometry.txt", jars=(SEDONA,))


@dataclass(frozen=True)
class Sources:
    """Where a checkout keeps what is packaged."""

    project: Path

    def script(self, name: str) -> Path:
        return self.project / "python" / "jobs" / "spark" / name

    def lock(self, name: str) -> Path:
        return self.project / "requirements" / name

    def package_files(self) -> dict[str, Path]:
        """Files of the package and of the jobs, by their name in the zip."""
        root = self.project / "python"
        folders = (root / "tm_lakehouse", root / "jobs")
        return {path.relative_to(root).as_posix(): path for folder in folders for path in files_under(folder)}

    def files_of(self, bundle: Bundle) -> list[Path]:
        """Whatever decides an artifact's content, the jars aside."""
        return [self.lock(bundle.lock), self.project / "pyproject.toml", *self.package_files().values()]


def build(sources: Sources, directory: Path, cache: Path, bundle: Bundle = SILVER) -> bool:
    """Build every artifact of a bundle into `directory`; False when what lies there is already made of these sources.

    Raises:
        LakehouseError: a source is missing, or wheels or jars can't be had.
    """
    _check(sources, bundle)
    fingerprint = _fingerprint(sources, bundle)
    if _is_built(directory, bundle, fingerprint):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    _record(directory, bundle).unlink(missing_ok=True)
    for script in bundle.scripts:
        (directory / script).write_bytes(sources.script(script).read_bytes())
    if bundle.has_package_zip:
        write_archive(directory / PACKAGE_ZIP, dict(sources.package_files()))
    for jar in bundle.jars:
        shutil.copyfile(fetch(jar, cache), directory / jar.file_name)
    _build_wheels(sources, bundle, directory, cache)
    record = {"fingerprint": fingerprint, "sizes": _sizes(directory, bundle)}
    _record(directory, bundle).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return True


def wheel_entries(wheels: Iterable[Path], requirements: Iterable[str]) -> dict[str, Path | bytes]:
    """The content of a `*.gluewheels.zip` as Glue 5 takes it: a folder of wheels and what to install from it."""
    entries: dict[str, Path | bytes] = {f"wheels/{wheel.name}": wheel for wheel in wheels}
    entries["wheels/requirements.txt"] = "".join(f"{line}\n" for line in sorted(requirements)).encode()
    return entries


def _build_wheels(sources: Sources, bundle: Bundle, directory: Path, cache: Path) -> None:
    lock = sources.lock(bundle.lock)
    wheels = third_party_wheels(lock, cache)
    write_archive(directory / bundle.wheels, wheel_entries(wheels, pins(lock)))
    with tempfile.TemporaryDirectory() as scratch:
        own = package_wheel(sources.project, Path(scratch))
        requirements = [*pins(lock), _pin_of(own)]
        write_archive(directory / bundle.wheels_with_package, wheel_entries([*wheels, own], requirements))


def _pin_of(wheel: Path) -> str:
    name, version, *_ = wheel.name.split("-")
    return f"{name.replace('_', '-')}=={version}"


def _check(sources: Sources, bundle: Bundle) -> None:
    for path in (*map(sources.script, bundle.scripts), sources.lock(bundle.lock)):
        if not path.is_file():
            raise LakehouseError(f"{path} is missing, so there is nothing to package.", "Restore it from git.")


def _fingerprint(sources: Sources, bundle: Bundle) -> str:
    digest = hashlib.sha256("".join(f"{jar.file_name} {jar.sha256}\n" for jar in bundle.jars).encode())
    for path in sources.files_of(bundle):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(sources.project).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _is_built(directory: Path, bundle: Bundle, fingerprint: str) -> bool:
    try:
        record = json.loads(_record(directory, bundle).read_text(encoding="utf-8"))
        sizes = _sizes(directory, bundle)
    except (OSError, ValueError):
        return False
    return bool(record == {"fingerprint": fingerprint, "sizes": sizes})


def _sizes(directory: Path, bundle: Bundle) -> dict[str, int]:
    return {name: (directory / name).stat().st_size for name in bundle.artifacts}


def _record(directory: Path, bundle: Bundle) -> Path:
    return directory / f"{bundle.name}.built_from.json"
