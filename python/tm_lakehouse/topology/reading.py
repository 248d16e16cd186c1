"""Read the dimension tables, and the counts that nines are inferred from, through Athena."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.tables import dim_course_profile, dim_facility_topology, fact_telemetry_event
from tm_lakehouse.tables.athena_sql import literal
from tm_lakehouse.tables.contract import Column, TableContract
from tm_lakehouse.tables.evolution import columns_to_add
from tm_lakehouse.topology.curated import CourseProfile
from tm_lakehouse.topology.inference import MIN_PLACED_FIXES, Nine, PlacedFixes

SILVER_FACT = fact_telemetry_event.TABLE.name
# Per table its columns with their types.
Tables = Mapping[str, Mapping[str, str]]


def read_nines(athena: Athena, existing: Tables) -> list[Nine]:
    """The nines in the table; none where there is no table."""
    return [_nine(row) for row in _read(athena, dim_facility_topology.TABLE, Nine._fields, existing)]


def read_nines_with_times(athena: Athena, existing: Tables) -> list[tuple[Nine, str]]:
    """The nines in the table, by facility and nine, each with the UTC time of its last change as Athena writes it."""
    rows = _read(athena, dim_facility_topology.TABLE, (*Nine._fields, "updated_at"), existing)
    return sorted((_nine(row[:-1]), str(row[-1])) for row in rows)


def read_profiles(athena: Athena, existing: Tables) -> list[CourseProfile]:
    """The course profiles in the table; none where there is no table."""
    rows = _read(athena, dim_course_profile.TABLE, CourseProfile._fields, existing)
    return [_profile(dict(zip(CourseProfile._fields, row, strict=True))) for row in rows]


def read_placed_fixes(
    athena: Athena, existing: Tables, courses: Sequence[str] | None = None
) -> dict[str, list[PlacedFixes]]:
    """Counts by course, of all or the named courses that have enough fixes to infer nines from."""
    if SILVER_FACT not in existing or courses == []:
        return {}
    among = "" if courses is None else f"AND course_id IN ({', '.join(map(_text, courses))})"
    placed = athena.query(
        f"""
        SELECT course_id, section_number, hole_number, fixes
        FROM (
            SELECT
                course_id, section_number, hole_number, count(*) AS fixes,
                sum(count(*)) OVER (PARTITION BY course_id) AS course_fixes
            FROM {SILVER_FACT}
            WHERE section_number IS NOT NULL AND hole_number IS NOT NULL {among}
            GROUP BY course_id, section_number, hole_number
        )
        WHERE course_fixes >= {MIN_PLACED_FIXES}
        ORDER BY course_id, section_number, hole_number
        """
    )
    by_course: dict[str, list[PlacedFixes]] = defaultdict(list)
    for course_id, *counts in placed.rows:
        by_course[str(course_id)].append(PlacedFixes(*(int(str(count)) for count in counts)))
    return dict(by_course)


def _nine(row: Sequence[str | None]) -> Nine:
    facility, unit, name, nine, start, end, source = map(str, row)
    return Nine(facility, int(unit), name, int(nine), int(start), int(end), source)


def _profile(row: dict[str, str | None]) -> CourseProfile:
    months = ("peak_season_start_month", "peak_season_end_month")
    values: dict[str, Any] = {name: value or "" for name, value in row.items()}
    return CourseProfile(**values | {name: int(row[name] or 0) or None for name in months})


def _read(athena: Athena, table: TableContract, columns: Sequence[str], existing: Tables) -> list[list[str | None]]:
    """The table's rows; a column that it doesn't have yet is NULL."""
    if table.name not in existing:
        return []
    missing = {column.name for column in columns_to_add(table, existing[table.name], table.name)}
    read = ", ".join(f"NULL AS {name}" if name in missing else name for name in columns)
    return athena.query(f"SELECT {read} FROM {table.name}").rows


def _text(value: str) -> str:
    return literal(value, Column("course_id", "string", ""))
