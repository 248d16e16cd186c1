"""Whether the local AWS answers: real calls, since its health page is green while services are still broken."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tm_localstack.launcher.settings import LauncherSettings

PROBE_SECONDS = 5


def aws_answers(settings: LauncherSettings) -> str | None:
    """None when S3, KMS, Glue and Athena each answered a real call, else what failed."""
    calls: tuple[tuple[str, Callable[..., object]], ...] = (
        ("s3", lambda client: client.list_buckets()),
        ("kms", lambda client: client.list_keys()),
        ("glue", lambda client: client.get_databases()),
        ("athena", lambda client: client.list_work_groups()),
        ("iam", lambda client: client.list_roles()),
    )
    for service, call in calls:
        try:
            call(_client(service, settings))
        except (BotoCoreError, ClientError, OSError) as error:
            return f"{service}: {str(error).splitlines()[0]}"
    return None


def trino_answers(settings: LauncherSettings) -> str | None:
    """None when Trino ran a query that reads the Glue catalog, else what failed."""
    try:
        page = _post(f"{settings.trino_url}/v1/statement", "SHOW SCHEMAS FROM awsdatacatalog")
        while "nextUri" in page:
            page = _get(str(page["nextUri"]))
    except (urllib.error.URLError, OSError, ValueError) as error:
        return f"trino: {error}"
    return _failure(page)


def _failure(page: dict[str, object]) -> str | None:
    error = page.get("error")
    return f"trino: {error.get('message')}" if isinstance(error, dict) else None


def _client(service: str, settings: LauncherSettings) -> object:
    config = Config(connect_timeout=PROBE_SECONDS, read_timeout=PROBE_SECONDS, retries={"total_max_attempts": 1})
    values = settings.client_environment()
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=settings.gateway_url,
        region_name=values["AWS_REGION"],
        aws_access_key_id=values["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
        config=config,
    )


def _post(url: str, body: str) -> dict[str, object]:
    request = urllib.request.Request(url, data=body.encode(), headers={"X-Trino-User": "readiness"})
    return _open(request)


def _get(url: str) -> dict[str, object]:
    return _open(urllib.request.Request(url, headers={"X-Trino-User": "readiness"}))


def _open(request: urllib.request.Request) -> dict[str, object]:
    # The engines listen on loopback: a proxy of the environment can't reach them.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PROBE_SECONDS) as answer:
        content: dict[str, object] = json.loads(answer.read())
        return content
