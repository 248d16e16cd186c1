"""A query is judged by its caller's rights on the workgroup, the catalog and the data. Holds against AWS too."""

import time

import boto3
import pytest
from iam_policies import allow


@pytest.fixture
def lake(bucket, client, unique, athena_as):
    """A database with one Iceberg table of one row, and a workgroup, all in one bucket."""
    name = bucket("lake")
    database, workgroup = unique("db").replace("-", "_"), unique("lake")
    client("glue").create_database(DatabaseInput={"Name": database, "LocationUri": f"s3://{name}/{database}"})
    results = {"OutputLocation": f"s3://{name}/results/"}
    client("athena").create_work_group(
        Name=workgroup, Configuration={"ResultConfiguration": results, "EnforceWorkGroupConfiguration": True}
    )
    own = athena_as(client("athena"), workgroup, database)
    ddl = f"CREATE TABLE t (a int) LOCATION 's3://{name}/{database}/t' TBLPROPERTIES ('table_type' = 'ICEBERG')"
    assert own(ddl) == ("SUCCEEDED", None)
    assert own("INSERT INTO t VALUES (1)") == ("SUCCEEDED", None)
    yield name, database, workgroup
    client("glue").delete_database(Name=database)
    client("athena").delete_work_group(WorkGroup=workgroup, RecursiveDeleteOption=True)


@pytest.fixture
def athena_as(wait_until):
    """Run statements by a client; each gives the state that it ended in, and why."""

    def make(athena, workgroup, database):
        def run(sql):
            query = athena.start_query_execution(
                QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Database": database}
            )["QueryExecutionId"]
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
                if status["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                    return status["State"], status.get("StateChangeReason")
                time.sleep(0.2)
            raise AssertionError(f"not within 60 s: {sql}")

        return run

    return make


@pytest.fixture
def querying(lake, make_role, account, athena_as):
    """Statements under a role that has these rights besides those of the workgroup and its results."""
    name, database, workgroup = lake
    here = f"{boto3.session.Session().region_name}:{account}"
    results = f"arn:aws:s3:::{name}/results/*"
    common = (
        allow("athena:*", f"arn:aws:athena:{here}:workgroup/{workgroup}"),
        allow(["s3:GetBucketLocation", "s3:ListBucket"], f"arn:aws:s3:::{name}"),
        allow(["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"], results),
    )
    path = [f"arn:aws:glue:{here}:{part}" for part in ("catalog", f"database/{database}", f"table/{database}/*")]
    objects = f"arn:aws:s3:::{name}/{database}/*"

    def make(*, glue=(), s3=()):
        granted = [allow([f"glue:{each}" for each in glue], path)] if glue else []
        granted += [allow([f"s3:{each}" for each in s3], objects)] if s3 else []
        return athena_as(make_role(*common, *granted).client("athena"), workgroup, database)

    return make


READS = ("GetDatabase", "GetTable", "GetPartitions")


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO t VALUES (2)",
        "DELETE FROM t",
        "delete from t where a = 1",
        "UPDATE t SET a = 2",
        "MERGE INTO t USING (SELECT 1 AS a) AS new ON t.a = new.a WHEN MATCHED THEN DELETE",
    ],
)
def test_a_reader_reads_and_does_not_write(querying, change):
    run = querying(glue=READS, s3=("GetObject",))

    assert run("SELECT * FROM t") == ("SUCCEEDED", None)
    state, reason = run(change)
    assert state == "FAILED"
    assert "glue:UpdateTable" in reason
    assert run("SELECT 1 / (SELECT count(*) FROM t WHERE a = 1)")[0] == "SUCCEEDED"


# The last fails on the table's content, which must not show.
@pytest.mark.parametrize(
    "query", ["SELECT * FROM t", "(SELECT 1) UNION (SELECT a FROM t)", "SELECT 1 / (a - 1) FROM t"]
)
def test_who_may_not_see_the_table_is_told_so(querying, query):
    state, reason = querying(s3=("GetObject",))(query)

    assert state == "FAILED"
    assert reason.startswith("Insufficient permissions to execute the query. User: arn:aws:sts::")
    assert "glue:GetTable" in reason


def test_who_may_see_the_table_and_not_its_files_is_told_so(querying):
    state, reason = querying(glue=READS)("SELECT * FROM t")

    assert state == "FAILED"
    assert "Permission denied on S3 path: s3://" in reason
    assert "s3:GetObject" in reason


def test_a_writer_writes_and_makes_no_table(querying):
    run = querying(glue=(*READS, "UpdateTable"), s3=("GetObject", "PutObject"))

    assert run("INSERT INTO t VALUES (2)") == ("SUCCEEDED", None)
    state, reason = run("CREATE VIEW v AS SELECT * FROM t")
    assert (state, "glue:CreateTable" in reason) == ("FAILED", True)
    state, reason = run("DROP TABLE t")
    assert (state, "glue:DeleteTable" in reason) == ("FAILED", True)


def test_a_query_that_reads_nothing_needs_the_workgroup_only(querying):
    assert querying()("SELECT 1") == ("SUCCEEDED", None)


def test_another_workgroup_is_refused(lake, make_role, refused, account):
    _, _, workgroup = lake
    other = make_role(allow("athena:*", f"arn:aws:athena:us-east-1:{account}:workgroup/other")).client("athena")

    message = refused(
        other.start_query_execution, code="AccessDeniedException", QueryString="SELECT 1", WorkGroup=workgroup
    )
    assert f"workgroup/{workgroup}" in message
