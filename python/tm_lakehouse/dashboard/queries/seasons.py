"""When a course is played."""

from tm_lakehouse.dashboard.statement import Statement


def by_month(course_id: str) -> Statement:
    """One row per local month, and one for rounds without a time."""
    return Statement(
        "rounds_by_month",
        """
SELECT month_start, month_number, month_name, rounds, pct_total
FROM {gold}.course_rounds_by_month
WHERE course_id = :course_id
ORDER BY month_start NULLS LAST
""",
        {"course_id": course_id},
    )


def by_weekday(course_id: str) -> Statement:
    """One row per local weekday, and one for rounds without a time."""
    return Statement(
        "rounds_by_weekday",
        """
SELECT weekday_number, weekday_name, rounds
FROM {gold}.course_rounds_by_weekday
WHERE course_id = :course_id
ORDER BY weekday_number
""",
        {"course_id": course_id},
    )


def by_month_and_weekday(course_id: str) -> Statement:
    """One row per year, month, weekday and length of rounds: their number, and the sums that means are made of."""
    return Statement(
        "rounds_by_month_and_weekday",
        """
SELECT round_year, round_month, round_weekday, round_length, count(*) AS rounds,
  count_if(is_complete) AS complete_rounds,
  sum(IF(is_complete, round_duration_minutes)) AS complete_minutes,
  sum(avg_pace_gap_sec) AS pace_gap_sum, count(avg_pace_gap_sec) AS pace_gap_count
FROM {gold}.fact_rounds
WHERE course_id = :course_id AND round_month IS NOT NULL
GROUP BY round_year, round_month, round_weekday, round_length
ORDER BY round_year, round_month, round_weekday, round_length
""",
        {"course_id": course_id},
    )
