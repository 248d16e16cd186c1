"""The Silver job deployed without Terraform on buckets of its own, and the local AWS's fault injector."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from fault_injector import Injector

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.glue_run import FinishedRun, GlueRun
from tm_lakehouse.landing_to_silver.landed import Selection
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import read_summaries
from tm_lakehouse.packaging.build import SILVER, Sources, build
from tm_lakehouse.run_summary import RunSummary
from tm_localstack.launcher.settings import LauncherSettings

TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*"], "Resource": "*"}
BUCKETS = ("landing", "source", "serve", "quarantine", "observability")


@dataclass(frozen=True)
class Deployment:
    """Names of what the job works on."""

    buckets: Mapping[str, str]
    database: str
    job: str
    maintenance_job: str
    workgroup: str

    @property
    def data(self) -> str:
        """Where Silver's files lie, as `bucket/key`."""
        return f"{self.buckets['source']}/warehouse/silver/fact_telemetry_event/"


class Lake:
    """Land, run, kill, look."""

    def __init__(self, names: Deployment) -> None:
        self.names = names
        self._store = S3ObjectStore()
        self._athena = Athena(names.workgroup, names.database)

    def land(self, prefix: Prefix) -> None:
        """Three rounds: two sound ones in two months, and one off the earth, so that all kinds of files are written."""
        rounds = [_round("a1", "2024-05-31"), _round("a2", "2024-06-01"), _round("a3", "2024-06-01", longitude=200.0)]
        text = "\n".join(json.dumps(each) for each in rounds)
        self._store.put(f"s3://{self.names.buckets['landing']}/{prefix.key}rounds.jsonl", text.encode())

    def start(self, *prefixes: Prefix) -> GlueRun:
        asked = ",".join(prefix.key.rstrip("/") for prefix in prefixes)
        return GlueRun.start(self.names.job, {"--bronze-prefixes": asked})

    def run(self, *prefixes: Prefix) -> FinishedRun:
        return self.start(*prefixes).follow(lambda _: None)

    def start_maintenance(self, keep_orphans_hours: int = 0) -> GlueRun:
        """Compact, and keep no old snapshot; files that no snapshot names may be a running job's."""
        arguments = {"--tables": f"{self.names.database}.fact_telemetry_event", "--keep-snapshots-hours": "0"}
        return GlueRun.start(self.names.maintenance_job, arguments | {"--keep-orphans-hours": str(keep_orphans_hours)})

    def kill(self, run: GlueRun) -> None:
        """SIGKILL every process of a run at once; nothing of it can clean up."""
        for process in psutil.process_iter(["cmdline"]):
            if run.run_id in (process.info["cmdline"] or []):
                for each in [process, *process.children(recursive=True)]:
                    _kill(each)

    def rows(self, course: str) -> list[list[str | None]]:
        """A course's rows of Silver, without the columns that name the course and its delivery."""
        columns = "round_id, location_index, fix_timestamp, section_number, longitude, nine_number, loop_number, pace"
        table = "fact_telemetry_event"
        if self._athena.query(f"SHOW TABLES '{table}'").rows:
            query = f"SELECT {columns} FROM {table} WHERE course_id = '{course}' ORDER BY 1, 2"
            return [list(row) for row in self._athena.query(query).rows]
        return []

    def rows_by_course(self) -> list[list[str | None]]:
        """How many rows and different keys each course has."""
        keys = "count(DISTINCT round_id || '/' || cast(location_index AS varchar))"
        query = f"SELECT course_id, count(*), {keys} FROM fact_telemetry_event GROUP BY 1 ORDER BY 1"
        return self._athena.query(query).rows

    def ingest_dates(self, course: str) -> list[str | None]:
        """The deliveries that a course's rows came with."""
        query = f"SELECT DISTINCT ingest_date FROM fact_telemetry_event WHERE course_id = '{course}' ORDER BY 1"
        return [row[0] for row in self._athena.query(query).rows]

    def summaries(self, course: str) -> list[RunSummary]:
        return read_summaries(self._store, self.names.buckets["observability"], Selection(frozenset({course})))

    def data_files(self) -> set[str]:
        """Every data file that lies in Silver's folder."""
        return {each.uri for each in self._store.list(f"s3://{self.names.data}data/")}

    def referenced_files(self) -> set[str]:
        """The data files that the table's current snapshot holds."""
        return {str(row[0]) for row in self._athena.query('SELECT file_path FROM "fact_telemetry_event$files"').rows}


def _round(round_id: str, day: str, longitude: float = -112.8) -> dict[str, Any]:
    slots = [
        {"startTime": 10.0 * index, "hole": 1, "sectionNumber": index + 1, "holeSection": index + 1, "pace": 1.5,
         "fixCoordinates": [longitude, 42.7]}
        for index in range(3)
    ]  # fmt: skip
    return {"_id": round_id, "course": "any", "startTime": f"{day}T10:00:00Z", "locations": slots}


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


@pytest.fixture(scope="session")
def deployment(aws, tmp_path_factory) -> Iterator[Deployment]:
    """Buckets, database, workgroup, role and job; all of them go at the end."""
    name = f"faults-{secrets.token_hex(4)}"
    names = Deployment(
        {each: f"{name}-{each}" for each in BUCKETS},
        name.replace("-", "_"),
        f"{name}-landing-to-silver",
        f"{name}-maintenance",
        name,
    )
    _make(names, _package(tmp_path_factory.mktemp("package")))
    yield names
    _remove(names)


@pytest.fixture
def lake(deployment) -> Lake:
    return Lake(deployment)


@pytest.fixture(scope="session")
def undisturbed(deployment) -> list[list[str | None]]:
    """The rows that a run gives which nothing disturbs; it also makes the table."""
    lake, prefix = Lake(deployment), Prefix("undisturbed", date(2024, 7, 1))
    lake.land(prefix)
    finished = lake.run(prefix)
    assert finished.state == "SUCCEEDED", finished.message
    rows = lake.rows(prefix.course_id)
    assert len(rows) == 6
    return rows


@pytest.fixture
def injector(aws) -> Iterator[Injector]:
    """No fault is left when a test is done."""
    injector = Injector(boto3.client("s3").meta.endpoint_url)
    yield injector
    injector.clear()


def _package(folder: Path) -> Path:
    build(Sources(project_root()), folder, LauncherSettings.from_environment().cache, SILVER)
    return folder


def _make(names: Deployment, package: Path) -> None:
    s3, glue = boto3.client("s3"), boto3.client("glue")
    for bucket in names.buckets.values():
        s3.create_bucket(Bucket=bucket)
    code = names.buckets["source"]
    for file in (*SILVER.scripts, "tm_lakehouse.zip", SILVER.wheels):
        s3.upload_file(str(package / file), code, f"jobs/{file}")
    glue.create_database(DatabaseInput={"Name": names.database})
    results = {"OutputLocation": f"s3://{names.buckets['observability']}/athena-results/"}
    boto3.client("athena").create_work_group(Name=names.workgroup, Configuration={"ResultConfiguration": results})
    iam = boto3.client("iam")
    role = iam.create_role(RoleName=names.workgroup, AssumeRolePolicyDocument=_policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=names.workgroup, PolicyName="access", PolicyDocument=_policy(ACCESS))
    for job, script in ((names.job, "silver_etl.py"), (names.maintenance_job, "table_maintenance.py")):
        glue.create_job(
            Name=job,
            Role=role,
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{code}/jobs/{script}"},
            GlueVersion="5.1",
            WorkerType="G.1X",
            NumberOfWorkers=2,
            ExecutionProperty={"MaxConcurrentRuns": 3},
            DefaultArguments=_arguments(names),
        )


def _arguments(names: Deployment) -> dict[str, str]:
    buckets = names.buckets
    return {
        "--datalake-formats": "iceberg",
        "--extra-py-files": f"s3://{buckets['source']}/jobs/tm_lakehouse.zip",
        "--additional-python-modules": f"s3://{buckets['source']}/jobs/{SILVER.wheels}",
        "--python-modules-installer-option": "--no-index",
        **{f"--TM_BUCKET_{zone.upper()}": bucket for zone, bucket in buckets.items()},
        "--TM_ICEBERG_WAREHOUSE_SILVER": f"s3://{buckets['source']}/warehouse",
        "--TM_ICEBERG_WAREHOUSE_GOLD": f"s3://{buckets['serve']}/warehouse",
        "--TM_DB_SILVER": names.database,
        "--TM_ATHENA_WORKGROUP": names.workgroup,
        "--TM_ATHENA_RESULTS": f"s3://{buckets['observability']}/athena-results/",
        "--TM_GLUE_JOB_SILVER": names.job,
    }


def _remove(names: Deployment) -> None:
    glue, iam, s3 = boto3.client("glue"), boto3.client("iam"), boto3.client("s3")
    for job in (names.job, names.maintenance_job):
        glue.delete_job(JobName=job)
    for table in glue.get_tables(DatabaseName=names.database)["TableList"]:
        glue.delete_table(DatabaseName=names.database, Name=table["Name"])
    glue.delete_database(Name=names.database)
    boto3.client("athena").delete_work_group(WorkGroup=names.workgroup, RecursiveDeleteOption=True)
    iam.delete_role_policy(RoleName=names.workgroup, PolicyName="access")
    iam.delete_role(RoleName=names.workgroup)
    for bucket in names.buckets.values():
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=entry["Key"])
        s3.delete_bucket(Bucket=bucket)


def _policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def delivery(lake):
    """Land a delivery of a course that no other test uses."""

    def land(name: str) -> Prefix:
        prefix = Prefix(f"{name}-{secrets.token_hex(3)}", date(2024, 7, 1))
        lake.land(prefix)
        return prefix

    return land
