"""All courses at a glance."""

from tm_lakehouse.dashboard.statement import Statement

MOST_COURSES = 2000


def whole_lake() -> Statement:
    """One row: the sum of all courses."""
    return Statement(
        "whole_lake",
        """
SELECT courses, rounds, fixes, devices, pct_complete_rounds, pct_problem_fixes, median_pace_gap_sec,
  first_round_date, last_round_date
FROM {gold}.global_overview
""",
    )


def course_list() -> Statement:
    """One row per course, the busiest first."""
    return Statement(
        "course_list",
        """
SELECT c.course_id, c.course_name, c.course_type, c.time_zone, c.unit_count, c.rounds, s.devices,
  c.first_round_date, c.last_round_date, s.pct_complete_rounds, s.pct_problem_fixes,
  s.avg_pace_gap_sec, s.median_pace_gap_sec, c.data_quality_score, c.usability_score,
  c.peak_season_start_month, c.peak_season_end_month
FROM {gold}.dim_course AS c
JOIN {gold}.global_course_summary AS s ON s.course_id = c.course_id
ORDER BY c.rounds DESC, c.course_id
LIMIT :most
""",
        {"most": MOST_COURSES},
    )


def months_of_all() -> Statement:
    """One row per month with rounds, over all courses."""
    return Statement(
        "months_of_all",
        """
SELECT month_start, sum(rounds) AS rounds, count(*) AS courses
FROM {gold}.course_rounds_by_month
WHERE month_start IS NOT NULL
GROUP BY month_start
ORDER BY month_start
""",
    )
