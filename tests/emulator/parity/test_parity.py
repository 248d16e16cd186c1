"""Spark and Athena read the same of every type, and a difference is found where it is."""

import json
import secrets
from dataclasses import dataclass, replace

import boto3
import pytest

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.glue_run import GlueRun
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.packaging.build import SILVER, Sources, build
from tm_lakehouse.parity.check import by_athena, catalog_of, current, iceberg_tables
from tm_lakehouse.parity.comparison import Difference, compare
from tm_lakehouse.parity.records import Records
from tm_localstack.launcher.settings import LauncherSettings

TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*"], "Resource": "*"}
COLUMNS = (
    "course_id string, a_text string, an_int int, a_long bigint, is_so boolean, a_day date, a_time timestamp, "
    "a_number double, a_sum decimal(38, 3), a_list array<double>, "
    # What the statements call the checksum of whole rows.
    "whole_rows string"
)
ROWS = """
    ('a', '', 0, 0, true, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.999999',
     DOUBLE '-0.0', DECIMAL '0.000', ARRAY[]),
    ('a', 'Zürich ⛳ 𝛑', -2147483648, -9223372036854775808, false,
     DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.000001', nan(), DECIMAL '-0.001', ARRAY[0.1e0, NULL, nan()]),
    ('a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('b', 'NULL', 2147483647, 9223372036854775807, true,
     DATE '1582-10-15', TIMESTAMP '0001-01-01 00:00:00', DOUBLE '4.9E-324',
     DECIMAL '-1234567890123456789012345678901.5', ARRAY[1e0, 2e0]),
    ('b', 'a' || chr(31) || 'b', 1, 1, true,
     DATE '9999-12-31', TIMESTAMP '9999-12-31 12:00:00', DOUBLE '1.7976931348623157E308',
     DECIMAL '99999999999999999999999999999999999.999', ARRAY[2e0, 1e0]),
    ('b', 'twice', 1, 1, true, NULL, NULL, DOUBLE '0.1', DECIMAL '1234.5', ARRAY[0.1e0]),
    ('b', 'twice', 1, 1, true, NULL, NULL, DOUBLE '0.1', DECIMAL '1234.5', ARRAY[0.1e0]),
    (NULL, 'no course', 7, 7, true, NULL, NULL, -infinity(), DECIMAL '1000000', ARRAY[DOUBLE '-0.0'])
"""


@dataclass(frozen=True)
class Place:
    """Where the test's tables and records lie."""

    bucket: str
    database: str
    athena: Athena
    job: str

    def table(self, name):
        return current(catalog_of(boto3.client("glue")), self.database, name)

    def by_spark(self, *names):
        """What the job answers for these tables, and its records."""
        records = Records(S3ObjectStore(), self.bucket, secrets.token_hex(4))
        records.put_request([self.table(name) for name in names])
        check_id = records.location.rstrip("/").rpartition("=")[2]
        finished = GlueRun.start(self.job, {"--check-id": check_id}).follow(lambda _: None)
        assert finished.state == "SUCCEEDED", finished.message
        return records


@pytest.fixture(scope="module")
def place(aws, tmp_path_factory):
    """A database with a table of all types and a copy; the parity job; everything goes with the module."""
    name = f"parity-{secrets.token_hex(4)}"
    database = name.replace("-", "_")
    s3, glue, iam, athena = boto3.client("s3"), boto3.client("glue"), boto3.client("iam"), boto3.client("athena")
    s3.create_bucket(Bucket=name)
    glue.create_database(DatabaseInput={"Name": database})
    results = {"ResultConfiguration": {"OutputLocation": f"s3://{name}/results/"}}
    athena.create_work_group(Name=name, Configuration=results)
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=_policy(ACCESS))
    package = tmp_path_factory.mktemp("package")
    build(Sources(project_root()), package, LauncherSettings.from_environment().cache, SILVER)
    for file in ("table_parity.py", "tm_lakehouse.zip", SILVER.wheels):
        s3.upload_file(str(package / file), name, f"jobs/{file}")
    glue.create_job(
        Name=name,
        Role=role,
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{name}/jobs/table_parity.py"},
        GlueVersion="5.1",
        WorkerType="G.1X",
        NumberOfWorkers=2,
        DefaultArguments=_arguments(name, database),
    )
    made = Place(name, database, Athena(name, database), name)
    _fill(made)
    yield made
    glue.delete_job(JobName=name)
    for table in glue.get_tables(DatabaseName=database)["TableList"]:
        glue.delete_table(DatabaseName=database, Name=table["Name"])
    glue.delete_database(Name=database)
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    iam.delete_role_policy(RoleName=name, PolicyName="access")
    iam.delete_role(RoleName=name)
    bucket = boto3.resource("s3").Bucket(name)
    bucket.objects.delete()
    bucket.delete()


def _policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _arguments(bucket, database):
    zones = ("LANDING", "SOURCE", "SERVE", "QUARANTINE", "OBSERVABILITY")
    names = {f"TM_BUCKET_{zone}": bucket for zone in zones} | {
        "TM_ICEBERG_WAREHOUSE_SILVER": f"s3://{bucket}/warehouse",
        "TM_ICEBERG_WAREHOUSE_GOLD": f"s3://{bucket}/warehouse",
        "TM_DB_SILVER": database,
        "TM_ATHENA_WORKGROUP": bucket,
        "TM_ATHENA_RESULTS": f"s3://{bucket}/results/",
        "TM_GLUE_JOB_SILVER": "none",
    }
    return {f"--{name}": value for name, value in names.items()} | {
        "--datalake-formats": "iceberg",
        "--extra-py-files": f"s3://{bucket}/jobs/tm_lakehouse.zip",
        "--additional-python-modules": f"s3://{bucket}/jobs/{SILVER.wheels}",
        "--python-modules-installer-option": "--no-index",
    }


def _fill(place):
    for name in ("fixes", "copies"):
        place.athena.query(
            f"CREATE TABLE {name} ({COLUMNS}) LOCATION 's3://{place.bucket}/warehouse/{name}/' "
            "TBLPROPERTIES ('table_type' = 'ICEBERG')"
        )
    place.athena.query(f"INSERT INTO fixes SELECT *, 'same' FROM (VALUES {ROWS})")
    place.athena.query("INSERT INTO copies SELECT * FROM fixes")
    place.athena.query("CREATE VIEW seen AS SELECT * FROM fixes")


@pytest.fixture(scope="module")
def spark(place):
    """What Spark reads of the table and its copy."""
    return place.by_spark("fixes", "copies").answer()


def test_every_type_and_value_has_the_same_checksum_in_both_engines(place, spark):
    table = place.table("fixes")
    comparison = compare(table, spark[table.full_name], by_athena(place.athena, table))
    assert comparison.differences == ()
    assert (comparison.spark_rows, comparison.columns) == (8, 11)
    checksums = spark[table.full_name]["a"]
    assert len(set(checksums.values())) == len(checksums), "columns of different values must differ"


def test_views_are_left_out(place):
    assert iceberg_tables(catalog_of(boto3.client("glue")), place.database) == ["copies", "fixes"]


@pytest.mark.parametrize(
    ("change", "differences"),
    [
        ("a_number = DOUBLE '0.0' WHERE a_text = ''", (Difference("a_number", ("a",)),)),
        ("a_text = '' WHERE a_text IS NULL AND an_int IS NULL", (Difference("a_text", ("a",)),)),
        ("a_time = a_time + INTERVAL '0.001' SECOND WHERE an_int = 2147483647", (Difference("a_time", ("b",)),)),
        ("an_int = 8 WHERE course_id IS NULL", (Difference("an_int", ("",)),)),
    ],
)
def test_one_value_that_differs_is_found_by_column_and_course(place, spark, change, differences):
    copies = place.table("copies")
    before = copies.snapshot_id
    place.athena.query(f"UPDATE copies SET {change}")
    changed = place.table("copies")
    assert changed.snapshot_id != before

    comparison = compare(copies, spark[copies.full_name], by_athena(place.athena, changed))

    assert comparison.differences == differences
    place.athena.query("DELETE FROM copies")
    place.athena.query("INSERT INTO copies SELECT * FROM fixes")


def test_both_engines_read_the_snapshot_of_the_request_while_a_writer_goes_on(place, spark):
    table = place.table("copies")
    older = replace(table, snapshot_id=place.table("fixes").snapshot_id, name="fixes")
    place.athena.query("INSERT INTO fixes (course_id) VALUES ('later')")
    comparison = compare(older, spark[older.full_name], by_athena(place.athena, older))
    assert comparison.is_equal
