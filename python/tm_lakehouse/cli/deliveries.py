"""The options that say which deliveries a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.prefixes import Prefix
    from tm_lakehouse.silver_runs.choice import Chosen

Courses = Annotated[list[str] | None, typer.Option("--course-id", help="A course; repeat it for several.")]
IngestDate = Annotated[str | None, typer.Option(help="The one day it was landed under, YYYY-MM-DD.")]
From = Annotated[str | None, typer.Option("--from", help="First ingest date, YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", help="Last ingest date, YYYY-MM-DD.")]
_SHOWN = 50


def selection_of(
    courses: Iterable[str] | None, ingest_date: str | None, first: str | None, last: str | None
) -> Selection:
    """What the options select.

    Raises:
        LakehouseError: they contradict each other, or a date is none.
    """
    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.prefixes import parse_date

    if ingest_date and (first or last):
        raise LakehouseError("--ingest-date and --from or --to are given.", "Give one day, or a range of days.")
    begin, end = (parse_date(text) if text else None for text in (ingest_date or first, ingest_date or last))
    if begin and end and end < begin:
        raise LakehouseError("--to lies before --from.", "Swap them.")
    return Selection(frozenset(courses or ()), begin, end)


def print_chosen(chosen: Mapping[Prefix, Chosen]) -> None:
    """A table of deliveries, shortened where they are many."""
    from tm_lakehouse.cli.output import document, print_rows, tell

    rows = [(each.key, len(about.objects), about.size, about.reason) for each, about in chosen.items()]
    shown = len(rows) if document.is_wanted else _SHOWN
    print_rows(("delivery", "files", "bytes", "why"), rows[:shown], "deliveries")
    if len(rows) > shown:
        tell(f"... and {len(rows) - shown:,} more")
