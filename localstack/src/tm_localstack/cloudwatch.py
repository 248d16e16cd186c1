"""LocalStack's CloudWatch drops the tags given to an alarm, so that Terraform plans them for ever."""

from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.services.cloudwatch.provider_v2 import CloudwatchProvider


class TaggingCloudwatchProvider(CloudwatchProvider):
    """CloudWatch whose PutMetricAlarm and PutCompositeAlarm keep `Tags`."""

    @handler("PutMetricAlarm", expand=False)
    def put_metric_alarm(self, context: RequestContext, request: dict[str, Any]) -> None:
        super().put_metric_alarm(context, request)
        self._keep_tags(context, request)

    @handler("PutCompositeAlarm", expand=False)
    def put_composite_alarm(self, context: RequestContext, request: dict[str, Any]) -> None:
        super().put_composite_alarm(context, request)
        self._keep_tags(context, request)

    def _keep_tags(self, context: RequestContext, request: dict[str, Any]) -> None:
        if tags := request.get("Tags"):
            arn = f"arn:aws:cloudwatch:{context.region}:{context.account_id}:alarm:{request['AlarmName']}"
            self.tag_resource(context, arn, tags)
