"""Rounds of a course, and one round whole."""

from datetime import date, timedelta
from typing import Literal, get_args

from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.statement import Statement

Order = Literal["latest", "longest", "most behind", "most problems"]
ORDERS: tuple[Order, ...] = get_args(Order)
MOST_ROUNDS = 200
LENGTHS = ("any", "9", "18", "27", "unknown")
_ORDER_BY: dict[Order, str] = {
    "latest": "round_start_ts DESC NULLS LAST",
    "longest": "duration_sec DESC NULLS LAST",
    "most behind": "avg_pace_sec DESC NULLS LAST",
    "most problems": "problem_fix_count DESC",
}
_COLUMNS = """round_id, device, round_date, round_start_ts, round_end_ts, round_duration_minutes, round_length,
  holes_played, start_hole, goal_time, goal_time_fraction, avg_pace_sec, avg_pace_gap_sec, problem_fix_count,
  fix_count, is_complete, is_secondary"""


def round_list(course_id: str, period: Period, length: str, order: Order) -> Statement:
    """One row per round of a course that began in the period, the first 200 of the order."""
    lengths = "" if length == LENGTHS[0] else "AND round_length = :length"
    return Statement(
        "round_list",
        f"""
SELECT {_COLUMNS}
FROM {{gold}}.fact_rounds
WHERE course_id = :course_id AND round_date BETWEEN :first AND :last {lengths}
ORDER BY {_ORDER_BY[order]}, round_id
LIMIT :most
""",
        {
            "course_id": course_id,
            "first": period.first,
            "last": period.last,
            "length": length,
            "most": MOST_ROUNDS,
        },
    )


def one_round(course_id: str, round_id: str) -> Statement:
    """The row of one round."""
    return Statement(
        "one_round",
        f"""
SELECT {_COLUMNS}
FROM {{gold}}.fact_rounds
WHERE course_id = :course_id AND round_id = :round_id
""",
        {"course_id": course_id, "round_id": round_id},
    )


def fixes_of_round(course_id: str, round_id: str, period: Period | None) -> Statement:
    """One row per fix of a round. `period` holds its UTC days, None where no fix has a time."""
    days = "event_date IS NULL" if period is None else "(event_date BETWEEN :first AND :last OR event_date IS NULL)"
    dates = {} if period is None else {"first": period.first, "last": period.last}
    return Statement(
        "fixes_of_round",
        f"""
SELECT location_index, fix_timestamp, nine_number, loop_number, hole_number, section_number, hole_section,
  longitude, latitude, pace, pace_gap, positional_gap, battery_percentage, is_cache, is_projected, is_problem
FROM {{silver}}.fact_telemetry_event
WHERE course_id = :course_id AND round_id = :round_id AND {days} AND NOT is_location_padding
ORDER BY location_index
""",
        {"course_id": course_id, "round_id": round_id, **dates},
    )


def course_outline(course_id: str, day: date) -> Statement:
    """One row per section of a course with enough fixes in the month around a day: where it lies."""
    fortnight = timedelta(days=15)
    return Statement(
        "course_outline",
        """
SELECT nine_number, section_number, hole_number, hole_section, count(*) AS fixes,
  approx_percentile(longitude, 0.5) AS longitude, approx_percentile(latitude, 0.5) AS latitude
FROM {silver}.fact_telemetry_event
WHERE course_id = :course_id AND event_date BETWEEN :first AND :last
  AND section_number IS NOT NULL AND hole_number IS NOT NULL AND longitude IS NOT NULL AND latitude IS NOT NULL
GROUP BY nine_number, section_number, hole_number, hole_section
HAVING count(*) >= 5
ORDER BY section_number, fixes DESC
""",
        {"course_id": course_id, "first": day - fortnight, "last": day + fortnight},
    )
