"""A lakehouse of versioned buckets, with both jobs, that holds a generated course from landing to Gold."""

import gzip
import io
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pyarrow.parquet as pq
import pytest

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.main import main
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.end_to_end.deliveries import FIRST_DATE, LATER_DATE, CourseDelivery, generate
from tm_lakehouse.generator.delivery import Options
from tm_lakehouse.glue_run import GlueRun
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.publish import built_snapshots, publish
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.packaging.build import SILVER, Sources, build
from tm_lakehouse.settings import Settings
from tm_localstack.launcher.settings import LauncherSettings

COURSE = CourseDelivery("pinehurst4", Options(seed=7, file_format="jsonl", is_gzip=True), 60)
# Tables with the keys that dbt's have: both, the round's only, the device's only, none.
FACTS = "FROM fact_telemetry_event"
GOLD = {
    "fact_rounds": f"SELECT course_id, round_id, min(device) AS device, count(*) AS fixes {FACTS} GROUP BY 1, 2",
    "pace_summary_by_round": f"SELECT course_id, round_id, avg(pace) AS pace {FACTS} GROUP BY 1, 2",
    "device_health_errors": f"SELECT course_id, round_id, device, battery_percentage {FACTS}",
    "dim_device": f"SELECT device, count(*) AS fixes {FACTS} GROUP BY 1",
    "dim_course": f"SELECT course_id, count(*) AS fixes {FACTS} GROUP BY 1",
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*"], "Resource": "*"}
ZONES = ("landing", "source", "serve", "quarantine", "observability")


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


class Lake:
    """What the lakehouse holds, as readers and as S3 see it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._athena = Athena(settings.athena_workgroup, settings.db_silver)
        self._s3 = boto3.client("s3")

    def query(self, sql: str) -> list[list[str | None]]:
        return self._athena.query(sql).rows

    def content(self) -> dict[str, list[tuple]]:
        """All rows of every table, by table."""
        gold = [(self.settings.db_gold, name) for name in GOLD]
        names = [(self.settings.db_silver, "fact_telemetry_event"), *gold]
        return {name: self.rows(database, name) for database, name in names}

    def rows(self, database: str, name: str) -> list[tuple]:
        answer = self._athena.query(f'SELECT * FROM "{database}"."{name}"')
        return sorted((tuple(zip(answer.columns, row, strict=True)) for row in answer.rows), key=repr)

    def versions(self, zone: str, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Every version of every object, deleted ones too: key and version."""
        bucket = getattr(self.settings, f"bucket_{zone}")
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            yield from ((each["Key"], each["VersionId"]) for each in page.get("Versions", []))

    def get(self, zone: str, key: str, version: str) -> bytes:
        bucket = getattr(self.settings, f"bucket_{zone}")
        return self._s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()

    def data_files_with(self, text: str) -> tuple[list[str], int]:
        """The data files of any version under a warehouse that hold a text, and how many were looked at."""
        found, looked = [], 0
        for zone in ("source", "serve"):
            for key, version in self.versions(zone, "warehouse/"):
                if key.endswith(".parquet"):
                    looked += 1
                    rows = pq.read_table(io.BytesIO(self.get(zone, key, version))).to_pylist()
                    found += [f"{key}?{version}"] if text in repr(rows) else []
        return found, looked

    def landed_with(self, text: str) -> set[str]:
        contents = (
            (key, gzip.decompress(self.get("landing", key, version))) for key, version in self.versions("landing")
        )
        return {key for key, content in contents if text.encode() in content}

    def state(self) -> set[tuple[str, str, str]]:
        """Every version of every object but query results."""
        return {
            (zone, key, version)
            for zone in ZONES
            for key, version in self.versions(zone)
            if not key.startswith("athena-results/")
        }

    def records(self) -> list[dict]:
        store, bucket = S3ObjectStore(), self.settings.bucket_observability
        return [json.loads(store.get(each.uri)) for each in store.list(f"s3://{bucket}/erasures/")]


@pytest.fixture(scope="module")
def lake(aws, tmp_path_factory) -> Iterator[Lake]:
    """Two deliveries, run one after the other, and Gold over them; it goes with the module."""
    name = f"erasure-{secrets.token_hex(4)}"
    settings = _settings(name)
    _make(settings, tmp_path_factory.mktemp("package"))
    with pytest.MonkeyPatch.context() as patch:
        for field, value in settings.model_dump().items():
            patch.setenv(f"TM_{field.upper()}", str(value))
        patch.setenv("AWS_REGION", boto3.Session().region_name or "us-east-1")
        # The environment alone says which AWS this is; the laptop's own record would be asked for with "local".
        patch.setenv("TM_TARGET", "dev")
        _fill(settings, tmp_path_factory.mktemp("files"))
        yield Lake(settings)
    _remove(settings)


@pytest.fixture
def command(lake, monkeypatch, capfd) -> Callable[..., Done]:
    """Run `tm-lakehouse` in this process on the module's lakehouse."""

    def run(*arguments: str) -> Done:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["tm-lakehouse", *arguments])
        monkeypatch.setattr("signal.signal", lambda *_: None)
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Done(int(ended.value.code or 0), out, err)

    return run


def _settings(name: str) -> Settings:
    database = name.replace("-", "_")
    return Settings(
        **{f"bucket_{zone}": f"{name}-{zone}" for zone in ZONES},
        iceberg_warehouse_silver=f"s3://{name}-source/warehouse",
        iceberg_warehouse_gold=f"s3://{name}-serve/warehouse",
        db_silver=f"{database}_silver",
        db_gold=f"{database}_gold",
        db_gold_build=f"{database}_gold_build",
        db_observability=f"{database}_observability",
        athena_workgroup=name,
        athena_results=f"s3://{name}-observability/athena-results/",
        glue_job_silver=f"{name}-silver",
        glue_job_maintenance=f"{name}-maintenance",
    )


def _databases(settings: Settings) -> tuple[str, ...]:
    return settings.db_silver, settings.db_gold, settings.db_gold_build, settings.db_observability


def _make(settings: Settings, package: Path) -> None:
    s3, glue, iam = boto3.client("s3"), boto3.client("glue"), boto3.client("iam")
    for zone in ZONES:
        bucket = getattr(settings, f"bucket_{zone}")
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for database in _databases(settings):
        glue.create_database(DatabaseInput={"Name": database})
    results = {"ResultConfiguration": {"OutputLocation": settings.athena_results}}
    boto3.client("athena").create_work_group(Name=settings.athena_workgroup, Configuration=results)
    role = iam.create_role(RoleName=settings.athena_workgroup, AssumeRolePolicyDocument=_policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=settings.athena_workgroup, PolicyName="access", PolicyDocument=_policy(ACCESS))
    build(Sources(project_root()), package, LauncherSettings.from_environment().cache, SILVER)
    for file in (*SILVER.scripts, "tm_lakehouse.zip", SILVER.wheels):
        s3.upload_file(str(package / file), settings.bucket_source, f"jobs/{file}")
    jobs = {settings.glue_job_silver: "silver_etl.py", settings.glue_job_maintenance: "table_maintenance.py"}
    for job, script in jobs.items():
        glue.create_job(
            Name=job,
            Role=role,
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{settings.bucket_source}/jobs/{script}"},
            GlueVersion="5.1",
            WorkerType="G.1X",
            NumberOfWorkers=2,
            DefaultArguments=_arguments(settings),
        )


def _arguments(settings: Settings) -> dict[str, str]:
    code = f"s3://{settings.bucket_source}/jobs"
    variables = {f"--TM_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value != ""}
    return variables | {
        "--datalake-formats": "iceberg",
        "--extra-py-files": f"{code}/tm_lakehouse.zip",
        "--additional-python-modules": f"{code}/{SILVER.wheels}",
        "--python-modules-installer-option": "--no-index",
    }


def _fill(settings: Settings, files: Path) -> None:
    store = S3ObjectStore()
    for delivered in generate(files, (COURSE,)):
        prefix = Prefix(COURSE.course_id, delivered.ingest_date)
        for path in sorted(delivered.folder.glob("*.gz")):
            store.put(f"s3://{settings.bucket_landing}/{prefix.key}{path.name}", path.read_bytes())
    for date in (FIRST_DATE, LATER_DATE):
        arguments = {"--course-id": COURSE.course_id, "--ingest-date": date.isoformat()}
        finished = GlueRun.start(settings.glue_job_silver, arguments).follow(lambda _: None)
        assert finished.state == "SUCCEEDED", finished.message
    athena = Athena(settings.athena_workgroup, settings.db_silver)
    for name, query in GOLD.items():
        # As dbt makes them: each build in a folder of its own.
        location = f"{settings.iceberg_warehouse_gold}/{settings.db_gold_build}/{name}/{secrets.token_hex(4)}/"
        athena.query(
            f'CREATE TABLE "{settings.db_gold_build}"."{name}" WITH (table_type = \'ICEBERG\', is_external = false, '
            f"location = '{location}') AS {query}"
        )
    gold = Gold.of(settings)
    publish(gold, "first", built_snapshots(gold, list(GOLD)))


def _remove(settings: Settings) -> None:
    glue, iam, s3 = boto3.client("glue"), boto3.client("iam"), boto3.resource("s3")
    for job in (settings.glue_job_silver, settings.glue_job_maintenance):
        glue.delete_job(JobName=job)
    for database in _databases(settings):
        for table in glue.get_tables(DatabaseName=database)["TableList"]:
            glue.delete_table(DatabaseName=database, Name=table["Name"])
        glue.delete_database(Name=database)
    boto3.client("athena").delete_work_group(WorkGroup=settings.athena_workgroup, RecursiveDeleteOption=True)
    iam.delete_role_policy(RoleName=settings.athena_workgroup, PolicyName="access")
    iam.delete_role(RoleName=settings.athena_workgroup)
    for zone in ZONES:
        bucket = s3.Bucket(getattr(settings, f"bucket_{zone}"))
        bucket.object_versions.delete()
        bucket.delete()


def _policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
