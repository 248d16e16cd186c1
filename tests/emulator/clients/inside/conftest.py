"""A bucket, a workgroup and a database of the module's own."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import pytest

ROUNDS = """values
    (1, 'erinhills', decimal '62.4', date '2024-06-01'),
    (2, 'pinehurst4', decimal '-256.2', date '2024-06-02'),
    (3, null, null, null)"""


@dataclass(frozen=True)
class Place:
    """Where a client works: names, and the location below which its objects lie."""

    bucket: str
    workgroup: str
    database: str

    @property
    def location(self) -> str:
        return f"s3://{self.bucket}/"

    @property
    def results(self) -> str:
        return f"s3://{self.bucket}/results/"


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    name = f"clients-{secrets.token_hex(4)}"
    place = Place(name, name, name.replace("-", "_"))
    s3, athena, glue = boto3.client("s3"), boto3.client("athena"), boto3.client("glue")
    s3.create_bucket(Bucket=place.bucket)
    configuration = {"ResultConfiguration": {"OutputLocation": place.results}, "EnforceWorkGroupConfiguration": False}
    athena.create_work_group(Name=place.workgroup, Configuration=configuration)
    glue.create_database(DatabaseInput={"Name": place.database})
    yield place
    for table in glue.get_tables(DatabaseName=place.database)["TableList"]:
        glue.delete_table(DatabaseName=place.database, Name=table["Name"])
    glue.delete_database(Name=place.database)
    athena.delete_work_group(WorkGroup=place.workgroup, RecursiveDeleteOption=True)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=place.bucket):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=place.bucket, Key=entry["Key"])
    s3.delete_bucket(Bucket=place.bucket)


@pytest.fixture(scope="session")
def rounds() -> str:
    """A query of three rounds, the last of which is empty but for its number."""
    return f"select * from ({ROUNDS}) as r (round_id, course_id, pace, played_on)"
