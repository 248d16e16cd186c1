"""What the commands that land have in common: their options, and where they land."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.source_to_landing.landing import Target

IngestDate = Annotated[str | None, typer.Option(help="YYYY-MM-DD; default: today in UTC.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a landed file that has other bytes.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and tell; write nothing.")]


def ingest_day(value: str | None) -> date:
    """The day to land under; today in UTC where none is given."""
    return datetime.now(UTC).date() if value is None else day_of("--ingest-date", value)


def day_of(option: str, value: str) -> date:
    """Read an ISO date; a LakehouseError names the option whose value is none."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise LakehouseError(f"{option} {value!r} is no date.", "Write it as 2024-01-15.")
    return day


def landing_target(settings: Settings, ingest_date: date, *, may_replace: bool, is_dry_run: bool) -> Target:
    """Where this deployment lands, and how strictly it judges."""
    from tm_lakehouse.source_to_landing.landing import Target

    return Target(
        landing_bucket=settings.bucket_landing,
        observability_bucket=settings.bucket_observability,
        ingest_date=ingest_date,
        is_strict=settings.strict_course_match,
        may_replace=may_replace,
        is_dry_run=is_dry_run,
    )
