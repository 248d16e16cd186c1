"""`tm-lakehouse package`: build what the Glue jobs and Airflow need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import tell
from tm_lakehouse.cli.progress import stage

if TYPE_CHECKING:
    from tm_lakehouse.packaging.build import Bundle
    from tm_lakehouse.terraform.values import EnvironmentValues

app = typer.Typer(add_completion=False)
PACKAGE_DIRECTORY = "build/package"
AIRFLOW_DIRECTORY = "airflow"


@app.command()
def package(
    release: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", file_okay=False, help="Build a release there: all of it, with its checksums."),
    ] = None,
) -> None:
    """Build what the environment's Glue jobs need: scripts, the zip of the package, zips of wheels, jars.

    The geometry job's wheels and jar are built where the environment's values switch it on (geometry_job), and what
    Airflow runs where they name it (orchestrator).
    """
    if release:
        _build_release(release)
        return
    directory = target.project_root() / PACKAGE_DIRECTORY
    files = [directory / name for bundle in build_package() for name in bundle.artifacts]
    if _values().wants_airflow({}):
        files += sorted((directory / AIRFLOW_DIRECTORY).glob("*"))
    _tell_files(files)


def build_package(variables: Mapping[str, Any] | None = None) -> list[Bundle]:
    """Bring the artifacts up to date with their sources; nothing to do takes a fraction of a second.

    `variables` win over the environment's values, as they do for Terraform.
    """
    from tm_lakehouse.packaging.build import Sources, build
    from tm_lakehouse.packaging.wheels import cache_directory

    bundles = _wanted(variables or {})
    directory = target.project_root() / PACKAGE_DIRECTORY
    with stage("package the Glue jobs") as progress:
        built = [build(Sources(target.project_root()), directory, cache_directory(), bundle) for bundle in bundles]
        progress.update("built" if any(built) else "up to date")
    if _values().wants_airflow(variables or {}):
        _build_airflow(directory / AIRFLOW_DIRECTORY)
    return bundles


def _build_release(folder: Path) -> None:
    from tm_lakehouse.packaging.release import build_release
    from tm_lakehouse.packaging.wheels import cache_directory

    with stage("release") as progress:
        files = build_release(target.project_root(), folder, cache_directory(), progress.update)
    _tell_files(files)


def _tell_files(paths: Sequence[Path]) -> None:
    sizes = {path: path.stat().st_size for path in paths}
    lines = [f"{size:>12,}  {path}" for path, size in sizes.items()]
    tell("\n".join(lines), files=[{"path": str(path), "bytes": size} for path, size in sizes.items()])


def _build_airflow(directory: Path) -> None:
    from tm_lakehouse.packaging.airflow import AirflowSources, build_airflow
    from tm_lakehouse.packaging.wheels import cache_directory

    with stage("package what Airflow runs") as progress:
        is_built = build_airflow(AirflowSources(target.project_root()), directory, cache_directory())
        progress.update("built" if is_built else "up to date")


def _wanted(variables: Mapping[str, Any]) -> list[Bundle]:
    from tm_lakehouse.packaging.build import GEOMETRY, SILVER

    return [SILVER, GEOMETRY] if _values().wants_geometry(variables) else [SILVER]


def _values() -> EnvironmentValues:
    from tm_lakehouse.terraform.values import EnvironmentValues

    return EnvironmentValues(target.project_root() / "terraform" / "environments" / target.selected())
