"""What CloudWatch is told of a run of landing to Silver. Pure."""

from collections.abc import Sequence

from tm_lakehouse.metrics import Metric
from tm_lakehouse.run_summary import RunSummary


def silver_metrics(summaries: Sequence[RunSummary]) -> list[Metric]:
    """What a run of landing to Silver brought, over all its deliveries. Empty where it brought none."""
    read = sum(each.records_read for each in summaries)
    if not read:
        return []
    quarantined = sum(each.records_quarantined for each in summaries)
    return [
        Metric("RoundsWritten", sum(each.rounds_written for each in summaries)),
        Metric("RecordsQuarantined", quarantined),
        Metric("QuarantinedRecordsPercent", round(100 * quarantined / read, 3), "Percent"),
    ]
