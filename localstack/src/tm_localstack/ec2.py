"""LocalStack's EC2 refuses a flow log that says how long it gathers: it expects text where the API has a number."""

from collections.abc import Callable
from typing import Any

from localstack.services.ec2.provider import Ec2Provider
from localstack.utils.patch import patch
from moto.ec2.models.flow_logs import FlowLogsBackend


class FlowLogEc2Provider(Ec2Provider):
    """EC2 whose CreateFlowLogs takes MaxAggregationInterval."""

    def on_after_init(self) -> None:
        super().on_after_init()
        _take_numbers()


def _take_numbers() -> None:
    @patch(FlowLogsBackend.create_flow_logs)
    def create_flow_logs(fn: Callable[..., Any], backend: FlowLogsBackend, **request: Any) -> Any:
        seconds = request.get("max_aggregation_interval")
        return fn(backend, **request | {"max_aggregation_interval": None if seconds is None else str(seconds)})
