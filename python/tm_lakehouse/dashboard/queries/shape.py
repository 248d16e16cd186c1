"""How a course is laid out, and where its rounds start."""

from tm_lakehouse.dashboard.period import MOST_DAYS_OF_FIXES, Period
from tm_lakehouse.dashboard.statement import Statement


def start_holes(course_id: str) -> Statement:
    """One row per start hole, and one for rounds whose start hole is unknown."""
    return Statement(
        "start_holes",
        """
SELECT start_hole, rounds_with_this_start, complete_rounds_with_this_start, pct_rounds_with_this_start,
  pct_complete_rounds_with_this_start, min_start_section, max_start_section,
  min_first_tee_section_number, max_first_tee_section_number
FROM {gold}.course_start_hole_distribution
WHERE course_id = :course_id
ORDER BY start_hole NULLS LAST
""",
        {"course_id": course_id},
    )


def configuration(course_id: str) -> Statement:
    """One row: the course's shape, and how it is played."""
    return Statement(
        "configuration",
        """
SELECT total_rounds, likely_course_type, topology_course_type, max_section_seen, max_holes_in_round, pct_complete,
  pct_incomplete, pct_nine_hole, pct_full_rounds, unique_start_holes, pct_shotgun_starts, pct_single_nine,
  pct_two_nines, pct_all_three_nines, avg_locations_per_round, course_complexity_score
FROM {gold}.course_configuration_analysis
WHERE course_id = :course_id
""",
        {"course_id": course_id},
    )


def nines(course_id: str) -> Statement:
    """One row per nine of the facility, as the lake holds it now."""
    return Statement(
        "nines",
        """
SELECT facility_id, unit_id, unit_name, nine_number, section_start, section_end, source, updated_at
FROM {silver}.dim_facility_topology
WHERE facility_id = :course_id
ORDER BY nine_number
""",
        {"course_id": course_id},
    )


def placed_fixes(course_id: str, period: Period) -> Statement:
    """One row per section and hole: how many fixes of the period's last year show the section on that hole."""
    bounds = period.latest(MOST_DAYS_OF_FIXES)
    return Statement(
        "placed_fixes",
        """
SELECT section_number, hole_number, count(*) AS fixes
FROM {silver}.fact_telemetry_event
WHERE course_id = :course_id AND event_date BETWEEN :first AND :last
  AND section_number IS NOT NULL AND hole_number IS NOT NULL
GROUP BY section_number, hole_number
ORDER BY section_number, hole_number
""",
        {"course_id": course_id, "first": bounds.first, "last": bounds.last},
    )
