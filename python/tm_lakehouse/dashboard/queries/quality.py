"""What the data lack."""

from tm_lakehouse.dashboard.queries.courses import MOST_COURSES
from tm_lakehouse.dashboard.statement import Statement

# Columns of `data_quality_overview` after `pct_missing_`, in the order in which a reader meets them.
MEASURES = (
    "pace", "pace_gap", "positional_gap", "goal_time", "coordinates", "fix_timestamp", "hole_number", "section_number",
    "hole_section", "nine_number", "current_nine", "battery", "is_cache", "is_projected", "is_problem", "start_hole",
    "start_section", "end_section", "is_nine_hole", "is_complete",
)  # fmt: skip
TRENDED = ("pace", "pace_gap", "coordinates", "fix_timestamp", "hole_number", "battery")


def scores() -> Statement:
    """One row per course: its scores, and the percentage of fixes that lack each value."""
    missing = ", ".join(f"pct_missing_{name}" for name in MEASURES)
    return Statement(
        "quality_scores",
        f"""
SELECT course_id, total_events, total_rounds, data_quality_score, score_tier_1_pace, score_tier_2_location,
  score_tier_3_device, score_tier_4_config, {missing}
FROM {{gold}}.data_quality_overview
ORDER BY data_quality_score, course_id
LIMIT :most
""",
        {"most": MOST_COURSES},
    )


def gaps() -> Statement:
    """One row per course: what its gaps mean, and what to mend first."""
    return Statement(
        "quality_gaps",
        """
SELECT course_id, usability_score, pace_data_status, location_data_status, device_health_status,
  round_config_status, top_recommendation
FROM {gold}.critical_column_gaps
ORDER BY usability_score, course_id
LIMIT :most
""",
        {"most": MOST_COURSES},
    )


def coverage() -> Statement:
    """One row per course: Gold's totals against Silver's."""
    return Statement(
        "gold_coverage",
        """
SELECT course_id, silver_real_rows, fact_rounds_fixes, silver_real_rounds, fact_rounds_rows,
  is_every_fix_counted AND is_every_round_counted AND is_every_month_counted AND is_every_weekday_counted
    AND is_every_hole_counted AS is_whole
FROM {gold}.gold_coverage_audit
ORDER BY is_whole, course_id
LIMIT :most
""",
        {"most": MOST_COURSES},
    )


def gaps_by_month(course_id: str) -> Statement:
    """One row per local month of a course: fixes, and how many of them lack a value."""
    missing = ",\n  ".join(f"sum(g.missing_{name}) AS missing_{name}" for name in TRENDED)
    return Statement(
        "quality_gaps_by_month",
        f"""
SELECT r.round_year, r.round_month, sum(g.fix_count) AS fixes,
  {missing}
FROM {{gold}}.round_column_gaps AS g
JOIN {{gold}}.fact_rounds AS r ON r.course_id = g.course_id AND r.round_id = g.round_id
WHERE g.course_id = :course_id AND r.course_id = :course_id AND r.round_month IS NOT NULL
GROUP BY r.round_year, r.round_month
ORDER BY r.round_year, r.round_month
""",
        {"course_id": course_id},
    )
