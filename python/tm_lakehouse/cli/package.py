"""`tm-lakehouse package`: build what the Glue job needs."""

from __future__ import annotations

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.progress import stage

app = typer.Typer()
PACKAGE_DIRECTORY = "build/package"


@app.command()
def package() -> None:
    """Build what the Glue job needs: its script, the zip of the package and the zips of wheels."""
    build_package()
    directory = target.project_root() / PACKAGE_DIRECTORY
    for path in sorted(directory.glob("*.*")):
        if path.suffix in (".py", ".zip"):
            typer.echo(f"{path.stat().st_size:>12,}  {path}")


def build_package() -> None:
    """Bring the artifacts up to date with their sources; nothing to do takes a fraction of a second."""
    from tm_lakehouse.packaging.build import Sources, build
    from tm_lakehouse.packaging.wheels import cache_directory

    with stage("package the Glue job") as progress:
        built = build(Sources(target.project_root()), target.project_root() / PACKAGE_DIRECTORY, cache_directory())
        progress.update("built" if built else "up to date")
