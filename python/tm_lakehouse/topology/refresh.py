"""Bring `dim_facility_topology` and `dim_course_profile` up to date through Athena."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import dim_course_profile, dim_facility_topology
from tm_lakehouse.tables.athena_sql import Value, merge_statement
from tm_lakehouse.tables.contract import TableContract
from tm_lakehouse.topology.changes import Changes, changes, nine_key, wanted_nines
from tm_lakehouse.topology.curated import CourseProfile, course_profiles, curated_nines
from tm_lakehouse.topology.inference import MIN_PLACED_FIXES, Nine, PlacedFixes, infer_nines

SILVER_FACT = "fact_telemetry_event"
# Athena takes statements of up to 262,144 bytes; a row of either table stays far below 500.
ROWS_PER_MERGE = 400


@dataclass(frozen=True)
class Refresh:
    """What a refresh found and, unless it was a dry run, wrote."""

    nines: list[Nine]
    nine_changes: Changes[Nine]
    profile_changes: Changes[CourseProfile]
    has_silver: bool


def refresh(settings: Settings, *, dry_run: bool = False, now: datetime | None = None) -> Refresh:
    """Curated and inferred nines and the course profiles, merged into their tables; unchanged rows stay untouched.

    Raises:
        LakehouseError: Athena refused, or the package's files contradict themselves.
    """
    athena = Athena(settings.athena_workgroup, settings.db_silver)
    existing = _tables(athena, settings.db_silver)
    curated, profiles = _packaged()
    current_nines = _read_nines(athena, existing)
    has_silver = SILVER_FACT in existing
    inferred = list(_infer(athena, settings.topology_min_fixes_per_section)) if has_silver else []
    nines = wanted_nines(current_nines, curated, inferred)
    result = Refresh(
        nines=nines,
        nine_changes=changes(current_nines, nines, nine_key),
        profile_changes=changes(_read_profiles(athena, existing), profiles, lambda profile: profile.course_id),
        has_silver=has_silver,
    )
    if not dry_run:
        _write(athena, settings, result, now or datetime.now(UTC))
    return result


def _packaged() -> tuple[list[Nine], list[CourseProfile]]:
    try:
        return curated_nines(), course_profiles()
    except ValueError as error:
        raise LakehouseError(str(error), "Correct the CSV files in tm_lakehouse/topology.") from None


def _tables(athena: Athena, database: str) -> set[str | None]:
    found = athena.query(f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{database}'")
    return {row[0] for row in found.rows}


def _infer(athena: Athena, min_fixes_per_section: int) -> Iterator[Nine]:
    placed = athena.query(
        f"""
        SELECT course_id, section_number, hole_number, fixes
        FROM (
            SELECT
                course_id, section_number, hole_number, count(*) AS fixes,
                sum(count(*)) OVER (PARTITION BY course_id) AS course_fixes
            FROM {SILVER_FACT}
            WHERE section_number IS NOT NULL AND hole_number IS NOT NULL
            GROUP BY course_id, section_number, hole_number
        )
        WHERE course_fixes >= {MIN_PLACED_FIXES}
        ORDER BY course_id, section_number, hole_number
        """
    )
    by_course: dict[str, list[PlacedFixes]] = defaultdict(list)
    for course_id, *counts in placed.rows:
        by_course[str(course_id)].append(PlacedFixes(*(int(str(count)) for count in counts)))
    for course, fixes in by_course.items():
        yield from infer_nines(course, fixes, min_fixes_per_section)


def _read_nines(athena: Athena, existing: set[str | None]) -> list[Nine]:
    return [
        Nine(str(facility), int(str(unit)), str(name), int(str(nine)), int(str(start)), int(str(end)), str(source))
        for facility, unit, name, nine, start, end, source in _read(
            athena, dim_facility_topology.TABLE, Nine._fields, existing
        )
    ]


def _read_profiles(athena: Athena, existing: set[str | None]) -> list[CourseProfile]:
    rows = _read(athena, dim_course_profile.TABLE, CourseProfile._fields, existing)
    return [_profile(dict(zip(CourseProfile._fields, row, strict=True))) for row in rows]


def _profile(row: dict[str, str | None]) -> CourseProfile:
    texts = {name: value or "" for name, value in row.items()}
    start, end = row["peak_season_start_month"], row["peak_season_end_month"]
    return CourseProfile(
        course_id=texts["course_id"],
        course_name=texts["course_name"],
        course_type=texts["course_type"],
        volume_profile=texts["volume_profile"],
        peak_season_start_month=int(start) if start else None,
        peak_season_end_month=int(end) if end else None,
        time_zone=texts["time_zone"],
        notes=texts["notes"],
    )


def _read(
    athena: Athena, table: TableContract, columns: Sequence[str], existing: set[str | None]
) -> list[list[str | None]]:
    if table.name not in existing:
        return []
    return athena.query(f"SELECT {', '.join(columns)} FROM {table.name}").rows


def _write(athena: Athena, settings: Settings, result: Refresh, now: datetime) -> None:
    warehouse = f"{settings.iceberg_warehouse_silver.rstrip('/')}/{settings.db_silver}"
    for table in (dim_facility_topology.TABLE, dim_course_profile.TABLE):
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
