"""How the GPS devices of a course do."""

from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.statement import Statement, Value

MOST_DEVICES = 500
MOST_READINGS = 100


def by_device(course_id: str, period: Period) -> Statement:
    """One row per device with rounds in the period, the one with the most low readings first."""
    return Statement(
        "devices",
        """
SELECT device, count(*) AS rounds, sum(fix_count) AS fixes, sum(low_battery_fix_count) AS low_battery_fixes,
  sum(critical_battery_fix_count) AS critical_battery_fixes,
  CAST(sum(low_battery_fix_count) AS double) / sum(fix_count) AS low_battery_rate,
  min(min_battery_pct) AS min_battery_pct, avg(avg_battery_pct) AS avg_battery_pct,
  CAST(sum(cached_fix_count) AS double) / sum(fix_count) AS cached_rate,
  CAST(sum(projected_fix_count) AS double) / sum(fix_count) AS projected_rate, max(round_date) AS last_round_date
FROM {gold}.fact_rounds
WHERE course_id = :course_id AND round_date BETWEEN :first AND :last AND device IS NOT NULL
GROUP BY device
ORDER BY low_battery_fixes DESC, device
LIMIT :most
""",
        {**_bounds(course_id, period), "most": MOST_DEVICES},
    )


def by_day(course_id: str, period: Period) -> Statement:
    """One row per local day: fixes with low battery, cached and projected ones."""
    return Statement(
        "device_days",
        """
SELECT round_date, count(DISTINCT device) AS devices, sum(fix_count) AS fixes,
  sum(low_battery_fix_count) AS low_battery_fixes, sum(critical_battery_fix_count) AS critical_battery_fixes,
  sum(cached_fix_count) AS cached_fixes, sum(projected_fix_count) AS projected_fixes
FROM {gold}.fact_rounds
WHERE course_id = :course_id AND round_date BETWEEN :first AND :last
GROUP BY round_date
ORDER BY round_date
""",
        _bounds(course_id, period),
    )


def latest_errors(course_id: str, period: Period) -> Statement:
    """One row per fix with a low battery, the latest hundred of the period."""
    days = period.in_utc()
    return Statement(
        "device_errors",
        """
SELECT fix_timestamp, device, battery_percentage, health_flag, round_id
FROM {gold}.device_health_errors
WHERE course_id = :course_id AND CAST(fix_timestamp AS date) BETWEEN :first AND :last
ORDER BY fix_timestamp DESC, round_id
LIMIT :most
""",
        {**_bounds(course_id, days), "most": MOST_READINGS},
    )


def _bounds(course_id: str, period: Period) -> dict[str, Value]:
    return {"course_id": course_id, "first": period.first, "last": period.last}
