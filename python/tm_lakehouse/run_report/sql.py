"""What a report asks Athena. Pure."""

from collections.abc import Iterable, Sequence

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.pending import prefix_of

SCORES = (
    "score_tier_1_pace",
    "score_tier_2_location",
    "score_tier_3_device",
    "score_tier_4_config",
    "data_quality_score",
)

SILVER_COUNTS = ("row_count", "real_rows", "rounds", "real_rounds")


def silver_counts(table: str, snapshot_id: int, summaries: Sequence[RunSummary]) -> str:
    """Rows, real rows and real rounds by course and ingest date, at a snapshot."""
    return (
        "SELECT course_id, cast(ingest_date AS varchar) AS ingest_date, count(*) AS row_count, "
        "count_if(NOT is_location_padding) AS real_rows, count(DISTINCT round_id) AS rounds, "
        "count(DISTINCT CASE WHEN NOT is_location_padding THEN round_id END) AS real_rounds "
        f"FROM {table} FOR VERSION AS OF {snapshot_id} WHERE {_is_of(summaries)} GROUP BY 1, 2"
    )


def gold_counts(table: str, snapshot_id: int, prefixes: Iterable[Prefix]) -> str:
    """Rounds and fixes by course and ingest date, at a snapshot."""
    return (
        "SELECT course_id, cast(ingest_date AS varchar) AS ingest_date, count(*) AS rounds, sum(fix_count) AS fixes "
        f"FROM {table} FOR VERSION AS OF {snapshot_id} WHERE {_is_one_of(prefixes)} GROUP BY 1, 2"
    )


def scores(table: str, snapshot_id: int) -> str:
    """The scores of every course, at a snapshot."""
    return f"SELECT course_id, {', '.join(SCORES)} FROM {table} FOR VERSION AS OF {snapshot_id} ORDER BY course_id"


def map_fixes(table: str, snapshot_id: int, summary: RunSummary, most: int) -> str:
    """Fixes of some whole rounds of a delivery: as many as `most`, the same ones each time."""
    one_of = max(1, -(-summary.rows_written // most))
    return (
        "SELECT longitude, latitude, nine_number, hole_number "
        f"FROM {table} FOR VERSION AS OF {snapshot_id} WHERE {_is_of([summary])} "
        "AND longitude IS NOT NULL AND latitude IS NOT NULL AND NOT is_location_padding "
        f"AND mod(crc32(to_utf8(round_id)), {one_of}) = 0 ORDER BY round_id, location_index LIMIT {most}"
    )


def quoted(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def _is_of(summaries: Sequence[RunSummary]) -> str:
    """Rows of these deliveries; where all of them tell their days, only those days are read."""
    condition = _is_one_of(prefix_of(each) for each in summaries)
    written = [each for each in summaries if each.rows_written]
    if any(each.rows_without_event_date is None for each in written):
        return condition
    dated = [each for each in written if each.first_event_date and each.last_event_date]
    days = ["event_date IS NULL"] if any(each.rows_without_event_date for each in written) else []
    if dated:
        first = min(str(each.first_event_date) for each in dated)
        last = max(str(each.last_event_date) for each in dated)
        days.append(f"event_date BETWEEN DATE {quoted(first)} AND DATE {quoted(last)}")
    return f"{condition} AND ({' OR '.join(days)})" if days else condition


def _is_one_of(prefixes: Iterable[Prefix]) -> str:
    pairs = sorted({(course, str(day)) for course, day in prefixes})
    courses = ", ".join(quoted(course) for course in sorted({course for course, _ in pairs}))
    days = ", ".join(f"DATE {quoted(day)}" for day in sorted({day for _, day in pairs}))
    listed = ", ".join(f"({quoted(course)}, DATE {quoted(day)})" for course, day in pairs)
    # The engine leaves files out by single columns, not by pairs of them.
    return f"course_id IN ({courses}) AND ingest_date IN ({days}) AND (course_id, ingest_date) IN ({listed})"
