"""Every Gold table that has a definition, from Silver's rows."""

from gold_truth import courses, fixes, quality, rounds
from gold_truth.values import Row


def tables(silver: list[Row], topology: list[Row], profiles: list[Row]) -> dict[str, list[Row]]:
    """Rows by table. Silver's rows are all of them, padding too; real ones are told here."""
    real = [row for row in silver if not row["is_location_padding"]]
    profile = {row["course_id"]: row for row in profiles}
    zones = {course: row["time_zone"] for course, row in profile.items()}
    played = rounds.fact_rounds(real, zones)
    gaps = quality.gaps_of(real)
    return {
        "fact_rounds": played,
        "pace_summary_by_round": rounds.pace_summary_by_round(played),
        "signal_quality_rounds": rounds.signal_quality_rounds(played),
        "course_rounds_by_month": rounds.course_rounds_by_month(played),
        "course_rounds_by_weekday": rounds.course_rounds_by_weekday(played),
        "course_start_hole_distribution": courses.course_start_hole_distribution(played),
        "course_configuration_analysis": courses.course_configuration_analysis(played, topology),
        "dim_course": courses.dim_course(played, topology, profile, quality.scores(gaps)),
        "dim_device": fixes.dim_device(real),
        "device_health_errors": fixes.device_health_errors(real),
        "fact_round_hole_performance": fixes.fact_round_hole_performance(real, topology),
        "round_hours": fixes.round_hours(real, zones),
        "global_time_patterns": fixes.global_time_patterns(real, zones),
        "global_course_summary": fixes.global_course_summary(real, played),
        "global_overview": fixes.global_overview(real, played),
        "pace_gap_statistics": fixes.pace_gap_statistics(real),
        "round_column_gaps": quality.round_column_gaps(real),
        "data_quality_overview": quality.data_quality_overview(gaps),
        "critical_column_gaps": quality.critical_column_gaps(gaps),
        "gold_coverage_audit": quality.gold_coverage_audit(real),
        "telemetry_completeness_summary": quality.telemetry_completeness_summary(gaps),
    }
