"""The lake's own CloudWatch metrics, which its alarms and its dashboard read."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

# Where no way leads to CloudWatch, a run waits for half a minute at most.
_SHORT: dict[str, Any] = {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 2}}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Metric:
    """One value of one metric, at the time it is published."""

    name: str
    value: float
    unit: Literal["Count", "Percent", "None"] = "Count"


def publish(namespace: str, metrics: Iterable[Metric]) -> None:
    """Publish under the lake's namespace; empty: nowhere. A run is not lost where CloudWatch refuses."""
    data = [{"MetricName": each.name, "Value": float(each.value), "Unit": each.unit} for each in metrics]
    if not namespace or not data:
        return
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        boto3.client("cloudwatch", config=Config(**_SHORT)).put_metric_data(Namespace=namespace, MetricData=data)  # type: ignore[arg-type]
    except (BotoCoreError, ClientError) as error:
        logger.warning("metrics are not published, so no alarm sees this run: %s", error)
