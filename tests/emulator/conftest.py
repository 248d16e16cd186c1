"""Every test here needs an AWS."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import catalog_module
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tm_lakehouse.settings import Settings
from tm_localstack.launcher.settings import LauncherSettings, requirements_lock, runtime_python, uv_program


@pytest.fixture(scope="session", autouse=True)
def _aws(aws):
    """Start it before the first test."""


@pytest.fixture
def bucket(client, unique):
    """Make versioned buckets; they go with all their versions."""
    s3, made = client("s3"), []

    def make(prefix: str) -> str:
        name = unique(prefix)
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        made.append(name)
        return name

    yield make
    for name in made:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket=name)


@pytest.fixture
def refused() -> Callable[..., str]:
    """Call something that must be refused; its message."""

    def call(operation: Callable[..., object], *, code: str = "AccessDenied", **parameters: object) -> str:
        with pytest.raises(ClientError) as caught:
            operation(**parameters)
        error = caught.value.response["Error"]
        assert error["Code"] == code, error
        return error["Message"]

    return call


@pytest.fixture(scope="session")
def apply_catalog(aws, tmp_path_factory) -> Callable[[Settings], None]:
    """Make the settings' databases, tables over JSON and views with Terraform's own module."""
    return lambda settings: catalog_module.apply_catalog(settings, tmp_path_factory.mktemp("catalog"))


@dataclass(frozen=True)
class SecondLocalstack:
    """A LocalStack of the test's own, without Trino: to be broken, or crashed."""

    url: str
    process: "subprocess.Popen[bytes]"

    def client(self, service: str) -> object:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        return boto3.client(service, endpoint_url=self.url, **keys)


@pytest.fixture
def second_localstack(tmp_path) -> Iterator[Callable[..., SecondLocalstack]]:
    """Start another LocalStack by the given arguments of the emulator's Python."""
    started: list[SecondLocalstack] = []

    def start(*arguments: str) -> SecondLocalstack:
        url = f"http://127.0.0.1:{_free_port()}"
        with (tmp_path / "log").open("wb") as log:
            command = [str(runtime_python("emulator")), *arguments]
            environment = _environment(url, tmp_path)
            process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
        started.append(SecondLocalstack(url, process))
        _wait_for(started[-1])
        return started[-1]

    yield start
    for localstack in started:
        localstack.process.terminate()
        localstack.process.wait(30)


def _environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "GATEWAY_LISTEN": url.removeprefix("http://"),
        "FILESYSTEM_ROOT": str(folder / "localstack"),
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "TM_LOCAL_SCRATCH": str(folder),
        "TM_LOCAL_SPARK_PYTHON": str(runtime_python("spark")),
        "TM_LOCAL_SPARK_JARS": str(LauncherSettings.from_environment().spark_jars),
        "TM_LOCAL_MODULE_CACHE": str(folder / "modules"),
        "TM_LOCAL_TRINO_URL": "http://127.0.0.1:9",
        "TM_LOCAL_GATEWAY_URL": url,
        "TM_LOCAL_IAM": "enforce",
        "TM_LOCAL_UV": uv_program(LauncherSettings.from_environment()),
        "TM_LOCAL_AIRFLOW_PYTHON": str(runtime_python("airflow")),
        "TM_LOCAL_AIRFLOW_LOCK": str(requirements_lock("airflow")),
    }


def _wait_for(localstack: SecondLocalstack) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and localstack.process.poll() is None:
        try:
            localstack.client("glue").get_databases()
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The second LocalStack did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
