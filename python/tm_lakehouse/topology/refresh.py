"""Bring `dim_facility_topology` and `dim_course_profile` up to date through Athena."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import dim_course_profile, dim_facility_topology
from tm_lakehouse.tables.athena_evolution import evolve, tables_of
from tm_lakehouse.tables.athena_sql import Value, merge_statement
from tm_lakehouse.tables.contract import TableContract
from tm_lakehouse.topology.changes import Changes, changes, nine_key, wanted_nines
from tm_lakehouse.topology.curated import CourseProfile, course_profiles, curated_nines
from tm_lakehouse.topology.inference import Nine, infer_nines
from tm_lakehouse.topology.reading import SILVER_FACT, Tables, read_nines, read_placed_fixes, read_profiles

# Athena takes statements of up to 262,144 bytes; a row of either table stays far below 500.
ROWS_PER_MERGE = 400


@dataclass(frozen=True)
class Refresh:
    """What a refresh found and, unless it was a dry run, wrote."""

    nines: list[Nine]
    nine_changes: Changes[Nine]
    profile_changes: Changes[CourseProfile]
    has_silver: bool


def refresh(
    settings: Settings, *, dry_run: bool = False, now: datetime | None = None, courses: Sequence[str] | None = None
) -> Refresh:
    """Curated and inferred nines and the course profiles, merged into their tables; unchanged rows stay untouched.

    `courses` are those whose fixes are looked at, None: all; what was inferred of the others stays.

    Raises:
        LakehouseError: Athena refused, or the package's files contradict themselves.
    """
    athena = Athena(settings.athena_workgroup, settings.db_silver)
    existing = tables_of(athena, settings.db_silver)
    curated, profiles = _packaged()
    current_nines = read_nines(athena, existing)
    has_silver = SILVER_FACT in existing
    placed = read_placed_fixes(athena, existing, courses)
    least = settings.topology_min_fixes_per_section
    inferred = [nine for course, fixes in placed.items() for nine in infer_nines(course, fixes, least)]
    nines = wanted_nines(current_nines, curated, inferred)
    result = Refresh(
        nines=nines,
        nine_changes=changes(current_nines, nines, nine_key),
        profile_changes=changes(read_profiles(athena, existing), profiles, lambda profile: profile.course_id),
        has_silver=has_silver,
    )
    if not dry_run:
        _write(athena, settings, result, existing, now or datetime.now(UTC))
    return result


def _packaged() -> tuple[list[Nine], list[CourseProfile]]:
    try:
        return curated_nines(), course_profiles()
    except ValueError as error:
        raise LakehouseError(str(error), "Correct the CSV files in tm_lakehouse/topology.") from None


def _write(athena: Athena, settings: Settings, result: Refresh, existing: Tables, now: datetime) -> None:
    warehouse = f"{settings.iceberg_warehouse_silver.rstrip('/')}/{settings.db_silver}"
    for table in (dim_facility_topology.TABLE, dim_course_profile.TABLE):
        if table.name in existing:
            evolve(athena, table, settings.db_silver, existing[table.name])
        else:
            athena.query(table.athena_ddl(settings.db_silver, f"{warehouse}/{table.name}"))
    stamp = now.astimezone(UTC).replace(tzinfo=None)
    _merge(athena, settings.db_silver, dim_facility_topology.TABLE, result.nine_changes, lambda nine: (*nine, stamp))
    _merge(athena, settings.db_silver, dim_course_profile.TABLE, result.profile_changes, tuple)


def _merge(
    athena: Athena,
    database: str,
    table: TableContract,
    wanted: Changes[Any],
    complete: Callable[[Any], Sequence[Value]],
) -> None:
    """Write the changes in as few commits as Athena's statement length allows; no commit without a change."""
    rows = [(complete(row), False) for row in wanted.upserts] + [(complete(row), True) for row in wanted.deletes]
    for start in range(0, len(rows), ROWS_PER_MERGE):
        batch = rows[start : start + ROWS_PER_MERGE]
        upserts = [row for row, is_deleted in batch if not is_deleted]
        deletes = [row for row, is_deleted in batch if is_deleted]
        athena.query(merge_statement(table, database, upserts, deletes))
