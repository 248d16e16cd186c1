"""Builds the artifacts of the Glue job: script, zip of the package, and zips of wheels."""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging.archives import files_under, write_archive
from tm_lakehouse.packaging.wheels import package_wheel, pins, third_party_wheels

SCRIPT = "silver_etl.py"
PACKAGE_ZIP = "tm_lakehouse.zip"
WHEELS = "silver.gluewheels.zip"
WHEELS_WITH_PACKAGE = "silver_with_package.gluewheels.zip"
ARTIFACTS = (SCRIPT, PACKAGE_ZIP, WHEELS, WHEELS_WITH_PACKAGE)
_RECORD = "built_from.json"


@dataclass(frozen=True)
class Sources:
    """Where a checkout keeps what is packaged."""

    project: Path

    @property
    def script(self) -> Path:
        return self.project / "python" / "jobs" / "spark" / SCRIPT

    @property
    def lock(self) -> Path:
        return self.project / "requirements" / "glue.txt"

    def package_files(self) -> dict[str, Path]:
        """Files of the package and of the jobs, by their name in the zip."""
        root = self.project / "python"
        folders = (root / "tm_lakehouse", root / "jobs")
        return {path.relative_to(root).as_posix(): path for folder in folders for path in files_under(folder)}

    def all_files(self) -> list[Path]:
        """Whatever decides an artifact's content."""
        about = [self.project / name for name in ("pyproject.toml", "README.md")]
        return [self.lock, *about, *self.package_files().values()]


def build(sources: Sources, directory: Path, cache: Path) -> bool:
    """Build every artifact into `directory`; False when what lies there is already made of these sources.

    Raises:
        LakehouseError: a source is missing, or wheels can't be had.
    """
    _check(sources)
    fingerprint = _fingerprint(sources)
    if _is_built(directory, fingerprint):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _RECORD).unlink(missing_ok=True)
    (directory / SCRIPT).write_bytes(sources.script.read_bytes())
    write_archive(directory / PACKAGE_ZIP, dict(sources.package_files()))
    wheels = third_party_wheels(sources.lock, cache)
    write_archive(directory / WHEELS, wheel_entries(wheels, pins(sources.lock)))
    with tempfile.TemporaryDirectory() as scratch:
        own = package_wheel(sources.project, Path(scratch))
        requirements = [*pins(sources.lock), _pin_of(own)]
        write_archive(directory / WHEELS_WITH_PACKAGE, wheel_entries([*wheels, own], requirements))
    sizes = {name: (directory / name).stat().st_size for name in ARTIFACTS}
    record = {"fingerprint": fingerprint, "sizes": sizes}
    (directory / _RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return True


def wheel_entries(wheels: Iterable[Path], requirements: Iterable[str]) -> dict[str, Path | bytes]:
    """The content of a `*.gluewheels.zip` as Glue 5 takes it: a folder of wheels and what to install from it."""
    entries: dict[str, Path | bytes] = {f"wheels/{wheel.name}": wheel for wheel in wheels}
    entries["wheels/requirements.txt"] = "".join(f"{line}\n" for line in sorted(requirements)).encode()
    return entries


def _pin_of(wheel: Path) -> str:
    name, version, *_ = wheel.name.split("-")
    return f"{name.replace('_', '-')}=={version}"


def _check(sources: Sources) -> None:
    for path in (sources.script, sources.lock):
        if not path.is_file():
            raise LakehouseError(f"{path} is missing, so there is nothing to package.", "Restore it from git.")


def _fingerprint(sources: Sources) -> str:
    digest = hashlib.sha256()
    for path in sources.all_files():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(sources.project).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _is_built(directory: Path, fingerprint: str) -> bool:
    try:
        record = json.loads((directory / _RECORD).read_text(encoding="utf-8"))
        sizes = {name: (directory / name).stat().st_size for name in ARTIFACTS}
    except (OSError, ValueError):
        return False
    return bool(record == {"fingerprint": fingerprint, "sizes": sizes})
