"""What CloudWatch is told of a run from Silver to Gold. Pure."""

from tm_lakehouse.metrics import Metric
from tm_lakehouse.silver_to_gold.artifacts import RunSummary

SECONDS_PER_HOUR = 3600


def gold_metrics(summary: RunSummary) -> list[Metric]:
    """What a run of dbt cost, whether it held, and how old Silver was: CloudWatch has no unit for hours or dollars."""
    found = [
        Metric("GoldRunsFailed", 0 if summary.succeeded else 1),
        Metric("GoldDollars", round(summary.dollars, 6), "None"),
    ]
    ages = [each.age_seconds for each in summary.freshness if each.age_seconds is not None]
    if ages:
        found.append(Metric("SilverAgeHours", round(max(ages) / SECONDS_PER_HOUR, 3), "None"))
    return found
