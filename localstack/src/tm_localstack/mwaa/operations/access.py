"""Ways into an environment: tokens for its web server, and calls of Airflow's REST API."""

import time

import requests
from localstack.aws.api import RequestContext, handler
from localstack.aws.connect import connect_to

from tm_localstack.mwaa import errors
from tm_localstack.mwaa.models import Environment
from tm_localstack.mwaa.operations.environments import Request, Response, environment_of
from tm_localstack.mwaa.web_server import WebServer
from tm_localstack.mwaa.web_site import mwaa_tokens

METRIC_NAMESPACE = "AmazonMWAA"


class AccessOperations:
    """All need an environment that is available."""

    @handler("CreateWebLoginToken", expand=False)
    def create_web_login_token(self, context: RequestContext, request: Request) -> Response:
        """A token for `/aws_mwaa/aws-console-sso?login=true#<token>`, for 60 seconds."""
        environment = _available(context, request["Name"])
        token = mwaa_tokens.make("login", environment.token_secret, now_seconds=time.time())
        identity = f"arn:aws:iam::{context.account_id}:root"
        server = environment.web_server
        return {"WebToken": token, "WebServerHostname": server, "IamIdentity": identity, "AirflowIdentity": "admin"}

    @handler("CreateCliToken", expand=False)
    def create_cli_token(self, context: RequestContext, request: Request) -> Response:
        """A token for `/aws_mwaa/cli`, for 60 seconds."""
        environment = _available(context, request["Name"])
        token = mwaa_tokens.make("cli", environment.token_secret, now_seconds=time.time())
        return {"CliToken": token, "WebServerHostname": environment.web_server}

    @handler("InvokeRestApi", expand=False)
    def invoke_rest_api(self, context: RequestContext, request: Request) -> Response:
        """Hand a call to Airflow as administrator; what it refuses is told with its own answer."""
        environment = _available(context, request["Name"])
        server = WebServer(environment.web_server, environment.admin_password)
        try:
            code, answer = server.call(
                request["Method"], request["Path"], request.get("QueryParameters"), request.get("Body")
            )
        except requests.RequestException as error:
            raise errors.rest_api(503, {"detail": f"Airflow does not answer: {error}"}) from error
        if code >= 400:
            raise errors.rest_api(code, answer)
        return {"RestApiStatusCode": code, "RestApiResponse": answer}

    @handler("PublishMetrics", expand=False)
    def publish_metrics(self, context: RequestContext, request: Request) -> Response:
        """Put an environment's health into CloudWatch; on AWS only MWAA's own containers may."""
        environment_of(context, request["EnvironmentName"])
        cloudwatch = connect_to(aws_access_key_id=context.account_id, region_name=context.region).cloudwatch
        cloudwatch.put_metric_data(Namespace=METRIC_NAMESPACE, MetricData=request["MetricData"])
        return {}


def _available(context: RequestContext, name: str) -> Environment:
    environment = environment_of(context, name)
    if not environment.is_ready:
        raise errors.not_found(f"The environment {name} is {environment.status}.")
    return environment
