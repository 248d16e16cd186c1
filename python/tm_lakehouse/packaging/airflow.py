"""Builds what Airflow runs: DAGs with the dbt project, the package as a wheel among the plugins, requirements, script.

The same files serve MWAA and the local one. Whatever is no DAG reaches the environment with an update of it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging.archives import files_under, write_archive
from tm_lakehouse.packaging.wheels import package_wheel, pins, third_party_wheels

# Where MWAA unpacks plugins.zip.
PLUGINS = "/usr/local/airflow/plugins"
WHEELS_LOCK = "airflow_dags.txt"
DBT_LOCK = "dbt.txt"
RECORD = "built_from.txt"


@dataclass(frozen=True)
class AirflowSources:
    """Where a checkout keeps what Airflow runs."""

    project: Path

    @property
    def startup_script(self) -> Path:
        return self.project / "python" / "airflow" / "startup.sh"

    def lock(self, name: str) -> Path:
        return self.project / "requirements" / name

    def dag_files(self) -> Iterator[tuple[str, Path]]:
        """Files below dags/ by their path there: the DAGs, and the dbt project that they build."""
        root = self.project / "python"
        for base, folder in (("", root / "airflow" / "dags"), ("dbt/", root / "dbt")):
            for path in files_under(folder):
                yield f"{base}{path.relative_to(folder).as_posix()}", path

    def files(self) -> list[Path]:
        """Whatever decides the content of what is built."""
        package = files_under(self.project / "python" / "tm_lakehouse")
        locks = [self.lock(WHEELS_LOCK), self.lock(DBT_LOCK)]
        return [
            self.project / "pyproject.toml",
            self.startup_script,
            *locks,
            *package,
            *(path for _, path in self.dag_files()),
        ]


def build_airflow(sources: AirflowSources, directory: Path, cache: Path) -> bool:
    """Build everything into `directory`; False when what lies there is already made of these sources.

    Raises:
        LakehouseError: a source is missing, or wheels can't be had.
    """
    _check(sources)
    fingerprint = _fingerprint(sources)
    record = directory / RECORD
    if record.is_file() and record.read_text(encoding="utf-8") == fingerprint:
        return False
    shutil.rmtree(directory, ignore_errors=True)
    for name, path in sources.dag_files():
        target = directory / "dags" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    _build_plugins(sources, directory, cache)
    script, lock = (path.read_text(encoding="utf-8") for path in (sources.startup_script, sources.lock(DBT_LOCK)))
    (directory / "startup.sh").write_text(startup_script(script, lock), encoding="utf-8")
    record.write_text(fingerprint, encoding="utf-8")
    return True


def requirements_file(wanted: list[str]) -> str:
    """Requirements that come from the plugins alone, so that a closed network suffices."""
    return "".join(f"{line}\n" for line in ("--no-index", f"--find-links {PLUGINS}", *sorted(wanted)))


def startup_script(script: str, dbt_lock: str) -> str:
    """The script with dbt's lock before it: a startup script has no other file at hand."""
    return f"dbt_lock=$(cat <<'END_OF_LOCK'\n{dbt_lock.rstrip()}\nEND_OF_LOCK\n)\n{script}"


def _build_plugins(sources: AirflowSources, directory: Path, cache: Path) -> None:
    lock = sources.lock(WHEELS_LOCK)
    with tempfile.TemporaryDirectory() as scratch:
        own = package_wheel(sources.project, Path(scratch))
        wheels = [own, *third_party_wheels(lock, cache)]
        write_archive(directory / "plugins.zip", {wheel.name: wheel for wheel in wheels})
        name, version, *_ = own.name.split("-")
        wanted = [f"{name.replace('_', '-')}=={version}", *pins(lock)]
    (directory / "requirements.txt").write_text(requirements_file(wanted), encoding="utf-8")


def _check(sources: AirflowSources) -> None:
    for path in (sources.startup_script, sources.lock(WHEELS_LOCK), sources.lock(DBT_LOCK)):
        if not path.is_file():
            raise LakehouseError(f"{path} is missing, so there is nothing to package.", "Restore it from git.")


def _fingerprint(sources: AirflowSources) -> str:
    digest = hashlib.sha256()
    for path in sources.files():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(sources.project).as_posix()} {content}\n".encode())
    return digest.hexdigest()
