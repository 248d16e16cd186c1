"""`tm-lakehouse topology refresh`: the dimension tables of Silver."""

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.progress import stage

if TYPE_CHECKING:
    from tm_lakehouse.topology.refresh import Refresh

app = typer.Typer(no_args_is_help=True)


@app.callback()
def topology() -> None:
    """Which nines a facility has, and what is known of each course."""


@app.command()
def refresh(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
) -> None:
    """Write curated and inferred nines and the course profiles into Silver's dimension tables.

    Silver rows keep the nine and loop they were derived with: re-run the dates of a course whose nines changed.
    """
    target.activate()
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.topology.refresh import refresh as run

    settings = Settings.from_environment()
    with stage("topology refresh"):
        result = run(settings, dry_run=dry_run)
    _print(result)
    typer.echo(_summary(result, dry_run=dry_run), err=True)


def _print(result: "Refresh") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("facility", "nine", "name", "sections", "source", "change")
    changed = set(result.nine_changes.upserts)
    for nine in result.nines:
        table.add_row(
            nine.facility_id,
            str(nine.nine_number),
            nine.unit_name,
            f"{nine.section_start}-{nine.section_end}",
            nine.source,
            "written" if nine in changed else "",
        )
    for nine in result.nine_changes.deletes:
        sections = f"{nine.section_start}-{nine.section_end}"
        table.add_row(nine.facility_id, str(nine.nine_number), nine.unit_name, sections, nine.source, "removed")
    Console(highlight=False).print(table)


def _summary(result: "Refresh", *, dry_run: bool) -> str:
    counts = ", ".join(
        f"{len(found.upserts)} {what} written, {len(found.deletes)} removed"
        for what, found in (("nines", result.nine_changes), ("course profiles", result.profile_changes))
    )
    source = "" if result.has_silver else " Silver holds no fixes yet: curated nines and course profiles only."
    return f"{'Dry run, nothing is written. Would be: ' if dry_run else ''}{counts}.{source}"
