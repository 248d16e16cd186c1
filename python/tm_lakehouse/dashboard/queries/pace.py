"""Where and when a course is slow: by hole, section, loop and hour."""

from tm_lakehouse.dashboard.period import MOST_DAYS_OF_FIXES, Period
from tm_lakehouse.dashboard.statement import Statement, Value


def by_hole(course_id: str, period: Period) -> Statement:
    """One row per nine, loop and hole, over the rounds of the period."""
    return Statement(
        "pace_by_hole",
        """
SELECT h.nine_number, h.loop_number, h.hole_number, min(h.course_unit) AS course_unit, count(*) AS rounds,
  approx_percentile(h.duration_sec, 0.5) AS median_duration_sec,
  approx_percentile(h.duration_sec, 0.9) AS slow_duration_sec,
  avg(h.avg_pace_gap_sec) AS avg_pace_gap_sec, avg(h.avg_pace_sec) AS avg_pace_sec
FROM {gold}.fact_round_hole_performance AS h
JOIN {gold}.fact_rounds AS r ON r.course_id = h.course_id AND r.round_id = h.round_id
WHERE h.course_id = :course_id AND r.course_id = :course_id AND r.round_date BETWEEN :first AND :last
  AND h.nine_number IS NOT NULL AND h.loop_number IS NOT NULL
GROUP BY h.nine_number, h.loop_number, h.hole_number
ORDER BY h.loop_number, h.nine_number, h.hole_number
""",
        _bounds(course_id, period),
    )


def by_section(course_id: str, period: Period) -> Statement:
    """One row per nine, loop and section, over the fixes of the period's last year."""
    return Statement(
        "pace_by_section",
        """
SELECT nine_number, loop_number, section_number, approx_percentile(hole_number, 0.5) AS hole_number,
  count(*) AS fixes, avg(pace_gap) AS avg_pace_gap_sec, avg(pace) AS avg_pace_sec,
  avg(IF(is_problem, 1e0, 0e0)) AS problem_rate
FROM {silver}.fact_telemetry_event
WHERE course_id = :course_id AND event_date BETWEEN :first AND :last AND section_number IS NOT NULL
GROUP BY nine_number, loop_number, section_number
HAVING count(*) >= 5
ORDER BY loop_number, section_number
""",
        _bounds(course_id, period.latest(MOST_DAYS_OF_FIXES)),
    )


def by_hour(course_id: str, period: Period) -> Statement:
    """One row per kind of day and local hour, over the rounds of the period."""
    return Statement(
        "pace_by_hour",
        """
SELECT h.day_type, h.hour_of_day, count(DISTINCT h.round_id) AS rounds, sum(h.fixes) AS fixes,
  CAST(sum(h.pace_gap_sum) AS double) / nullif(sum(h.pace_gap_count), 0) AS avg_pace_gap_sec,
  CAST(sum(h.pace_sum) AS double) / nullif(sum(h.pace_count), 0) AS avg_pace_sec,
  CAST(sum(h.problem_fixes) AS double) / sum(h.fixes) AS problem_rate,
  CAST(sum(h.battery_sum) AS double) / nullif(sum(h.battery_count), 0) AS avg_battery_pct
FROM {gold}.round_hours AS h
JOIN {gold}.fact_rounds AS r ON r.course_id = h.course_id AND r.round_id = h.round_id
WHERE h.course_id = :course_id AND r.course_id = :course_id AND r.round_date BETWEEN :first AND :last
  AND h.hour_of_day >= 0
GROUP BY h.day_type, h.hour_of_day
ORDER BY h.day_type, h.hour_of_day
""",
        _bounds(course_id, period),
    )


def _bounds(course_id: str, period: Period) -> dict[str, Value]:
    return {"course_id": course_id, "first": period.first, "last": period.last}
