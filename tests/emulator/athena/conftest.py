"""A bucket, a workgroup and a database of the tests' own, and queries that run to their end.

Every test says by `@pytest.mark.aws_page` which page of Athena's documentation it follows, and runs unchanged against
AWS.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

OF_THE_EMULATOR = {"test_differences.py", "test_engine.py"}
FINAL_STATES = {"SUCCEEDED", "FAILED", "CANCELLED"}
QUERY_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test here that names no page."""
    here = Path(__file__).parent
    for item in items:
        if (
            item.path.parent == here
            and item.path.name not in OF_THE_EMULATOR
            and not item.get_closest_marker("aws_page")
        ):
            raise pytest.UsageError(f"{item.nodeid} does not say which page of AWS it follows (aws_page)")


@dataclass(frozen=True)
class Answer:
    """A query that is over. `rows` are the texts of its result, with the header where it has one."""

    execution: dict
    rows: list[list[str | None]]
    columns: list[dict]
    update_count: int

    @property
    def id(self) -> str:
        return self.execution["QueryExecutionId"]

    @property
    def state(self) -> str:
        return self.execution["Status"]["State"]

    @property
    def reason(self) -> str:
        return self.execution["Status"].get("StateChangeReason", "")

    @property
    def error(self) -> dict:
        return self.execution["Status"]["AthenaError"]


class Queries:
    """Runs queries in one workgroup and database."""

    def __init__(self, athena, workgroup: str, database: str) -> None:
        self.athena = athena
        self.workgroup = workgroup
        self.database = database

    def start(self, sql: str, **options) -> str:
        request = {"WorkGroup": self.workgroup, "QueryExecutionContext": {"Database": self.database}} | options
        return self.athena.start_query_execution(QueryString=sql, **request)["QueryExecutionId"]

    def wait(self, query_id: str) -> dict:
        deadline = time.monotonic() + QUERY_SECONDS
        while time.monotonic() < deadline:
            execution = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if execution["Status"]["State"] in FINAL_STATES:
                return execution
            time.sleep(0.05)
        raise AssertionError(f"query {query_id} is not over after {QUERY_SECONDS} s")

    def run(self, sql: str, **options) -> Answer:
        """Run a query to its end, however it ends."""
        execution = self.wait(self.start(sql, **options))
        if execution["Status"]["State"] != "SUCCEEDED":
            return Answer(execution, [], [], 0)
        results = self.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
        rows = [[cell.get("VarCharValue") for cell in row["Data"]] for row in results["ResultSet"]["Rows"]]
        columns = results["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        return Answer(execution, rows, columns, results["UpdateCount"])

    def __call__(self, sql: str, **options) -> Answer:
        """Run a query that must succeed."""
        answer = self.run(sql, **options)
        assert answer.state == "SUCCEEDED", f"{sql}: {answer.reason}"
        return answer

    def table(self, sql: str, **options) -> list[list[str | None]]:
        """The rows of a query without its header."""
        return self(sql, **options).rows[1:]

    def lines(self, sql: str) -> list[str]:
        """The lines of a SHOW or DESCRIBE, without their padding."""
        return [(row[0] or "").rstrip() for row in self(sql).rows]


@pytest.fixture(scope="session")
def session_name() -> str:
    return f"athena-test-{time.time_ns()}"


@pytest.fixture(scope="session")
def bucket(client, session_name) -> Iterator[str]:
    """A bucket for tables and results."""
    s3 = client("s3")
    s3.create_bucket(Bucket=session_name)
    yield session_name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=session_name):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=session_name, Key=entry["Key"])
    s3.delete_bucket(Bucket=session_name)


@pytest.fixture(scope="session")
def workgroup(client, bucket, session_name) -> Iterator[str]:
    """A workgroup with an enforced output location."""
    athena = client("athena")
    results = {"OutputLocation": f"s3://{bucket}/results/"}
    athena.create_work_group(Name=session_name, Configuration={"ResultConfiguration": results})
    yield session_name
    athena.delete_work_group(WorkGroup=session_name, RecursiveDeleteOption=True)


@pytest.fixture(scope="session")
def database(client, session_name) -> Iterator[str]:
    """An empty database."""
    glue, name = client("glue"), session_name.replace("-", "_")
    glue.create_database(DatabaseInput={"Name": name})
    yield name
    glue.delete_database(Name=name)


@pytest.fixture(scope="session")
def query(client, workgroup, database) -> Queries:
    """Queries in the tests' workgroup and database."""
    return Queries(client("athena"), workgroup, database)


@pytest.fixture
def name(unique) -> str:
    """A name for a table."""
    return unique("t").replace("-", "_")


@pytest.fixture
def iceberg(query, bucket, name) -> Callable[..., str]:
    """Make an empty Iceberg table with the columns given; its name."""

    def make(columns: str, partitioned_by: str = "", **properties: str) -> str:
        partitions = f"partitioned by ({partitioned_by})" if partitioned_by else ""
        entries = {"table_type": "ICEBERG"} | properties
        listed = ", ".join(f"'{key}'='{value}'" for key, value in entries.items())
        query(f"create table {name} ({columns}) {partitions} location 's3://{bucket}/{name}/' tblproperties ({listed})")
        return name

    return make


@pytest.fixture(autouse=True)
def _drop_tables(client, query, database) -> Iterator[None]:
    yield
    for table in client("glue").get_tables(DatabaseName=database)["TableList"]:
        client("glue").delete_table(DatabaseName=database, Name=table["Name"])
