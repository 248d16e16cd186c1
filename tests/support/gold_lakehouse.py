"""Buckets, databases and a workgroup of one's own, for tests of Gold."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import pytest

from tm_lakehouse.settings import Settings


def bare_databases(settings: Settings) -> None:
    """The databases without anything in them."""
    for database in _databases(settings):
        boto3.client("glue").create_database(DatabaseInput={"Name": database})


@contextmanager
def gold_lakehouse(make_databases: Callable[[Settings], None] = bare_databases) -> Iterator[Settings]:
    """A lakehouse without rows, named by the environment; everything goes when the block is done."""
    settings = _settings(f"gold-test-{secrets.token_hex(4)}")
    _create(settings)
    make_databases(settings)
    with pytest.MonkeyPatch.context() as patch:
        for field, value in settings.model_dump().items():
            patch.setenv(f"TM_{field.upper()}", str(value))
        patch.setenv("AWS_REGION", boto3.Session().region_name or "us-east-1")
        yield settings
    _remove(settings)


def _settings(name: str) -> Settings:
    database = name.replace("-", "_")
    return Settings(
        bucket_landing=name,
        bucket_source=name,
        bucket_serve=name,
        bucket_quarantine=f"{name}-quarantine",
        bucket_observability=name,
        iceberg_warehouse_silver=f"s3://{name}/warehouse",
        iceberg_warehouse_gold=f"s3://{name}/warehouse",
        db_silver=f"{database}_silver",
        db_gold=f"{database}_gold",
        db_gold_build=f"{database}_gold_build",
        db_observability=f"{database}_observability",
        athena_workgroup=name,
        athena_results=f"s3://{name}/athena-results/",
        glue_job_silver=name,
    )


def _databases(settings: Settings) -> tuple[str, ...]:
    return settings.db_silver, settings.db_gold, settings.db_gold_build, settings.db_observability


def _buckets(settings: Settings) -> tuple[str, ...]:
    return settings.bucket_source, settings.bucket_quarantine


def _create(settings: Settings) -> None:
    for bucket in _buckets(settings):
        boto3.client("s3").create_bucket(Bucket=bucket)
    boto3.client("athena").create_work_group(
        Name=settings.athena_workgroup,
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {"OutputLocation": settings.athena_results},
        },
    )


def _remove(settings: Settings) -> None:
    boto3.client("athena").delete_work_group(WorkGroup=settings.athena_workgroup, RecursiveDeleteOption=True)
    glue = boto3.client("glue")
    for database in _databases(settings):
        for page in glue.get_paginator("get_tables").paginate(DatabaseName=database):
            for table in page["TableList"]:
                glue.delete_table(DatabaseName=database, Name=table["Name"])
        glue.delete_database(Name=database)
    for name in _buckets(settings):
        bucket = boto3.resource("s3").Bucket(name)
        bucket.objects.delete()
        bucket.delete()
