"""What IAM does otherwise on AWS: pinned here, told in docs/laptop-and-aws.md. These tests fail against AWS."""

import time

import boto3
import pytest
from botocore.exceptions import ClientError
from iam_policies import allow


def test_a_keys_name_is_enough_to_be_its_owner(make_role, bucket, client):
    role, name = make_role(allow("s3:ListBucket", "*")), bucket("signed")
    keys = client("sts").assume_role(RoleArn=role.arn, RoleSessionName="test")["Credentials"]
    wrong = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": "not the secret"}
    s3 = boto3.client("s3", **wrong, aws_session_token=keys["SessionToken"])

    assert s3.list_objects_v2(Bucket=name)["KeyCount"] == 0
    with pytest.raises(ClientError, match="not authorized to perform: s3:PutObject"):
        s3.put_object(Bucket=name, Key="x", Body=b"x")


def test_a_changed_policy_takes_effect_at_once(make_role, bucket, client, refused):
    name = bucket("changed")
    role = make_role(allow("s3:ListBucket", f"arn:aws:s3:::{name}"))
    s3 = role.client("s3")
    assert s3.list_objects_v2(Bucket=name)["KeyCount"] == 0

    client("iam").delete_role_policy(RoleName=role.name, PolicyName="access")

    refused(s3.list_objects_v2, Bucket=name)


def test_sessions_that_nobody_carries_out_are_refused(make_role, client):
    arn = make_role(allow("s3:ListBucket", "*")).arn
    sts = client("sts")
    provider = f"{arn.partition(':role/')[0]}:saml-provider/x"
    managed = [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]
    calls = (
        lambda: sts.assume_role_with_saml(RoleArn=arn, PrincipalArn=provider, SAMLAssertion="eHh4eA=="),
        lambda: sts.assume_role(RoleArn=arn, RoleSessionName="test", PolicyArns=managed),
    )
    for call in calls:
        with pytest.raises(ClientError, match="not carried out"):
            call()


@pytest.fixture
def database(bucket, client, unique):
    """A database with a table of files and Athena's view of it, and a workgroup."""
    name, place = unique("db").replace("-", "_"), bucket("views")
    client("glue").create_database(DatabaseInput={"Name": name, "LocationUri": f"s3://{place}/"})
    client("s3").put_object(Bucket=place, Key="t/x", Body=b"1\n")
    results = {"OutputLocation": f"s3://{place}/results/"}
    client("athena").create_work_group(Name=name, Configuration={"ResultConfiguration": results})
    delimited = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
    assert state(client("athena"), name, f"CREATE EXTERNAL TABLE t (a int) {delimited} LOCATION 's3://{place}/t/'")[1]
    assert state(client("athena"), name, "CREATE VIEW v AS SELECT a FROM t")[1]
    yield name, place
    client("glue").delete_database(Name=name)
    client("athena").delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)


def state(athena, database, sql):
    """Why a statement failed, and whether it succeeded."""
    context = {"Database": database}
    query = athena.start_query_execution(QueryString=sql, WorkGroup=database, QueryExecutionContext=context)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = athena.get_query_execution(QueryExecutionId=query["QueryExecutionId"])["QueryExecution"]["Status"]
        if found["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return found.get("StateChangeReason", ""), found["State"] == "SUCCEEDED"
        time.sleep(0.1)
    raise AssertionError(f"not within 60 s: {sql}")


def under_role(make_role, account, database, place, tables):
    """Athena under a role that sees some tables' entries and reads nothing but its results."""
    here = f"arn:aws:glue:{boto3.session.Session().region_name}:{account}"
    entries = [
        f"{here}:catalog",
        f"{here}:database/{database}",
        *(f"{here}:table/{database}/{each}" for each in tables),
    ]
    return make_role(
        allow("athena:*", "*"),
        allow("glue:Get*", entries),
        allow(["s3:GetBucketLocation", "s3:ListBucket"], f"arn:aws:s3:::{place}"),
        allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{place}/results/*"),
        allow("s3:GetObject", f"arn:aws:s3:::{place}/t/*"),
    ).client("athena")


def test_a_view_is_judged_by_its_tables(make_role, account, database):
    of_the_table = under_role(make_role, account, *database, ["t"])
    of_the_view = under_role(make_role, account, *database, ["v"])

    assert state(of_the_table, database[0], "SELECT a FROM v") == ("", True)
    reason, is_read = state(of_the_view, database[0], "SELECT a FROM v")
    assert not is_read
    assert f"table/{database[0]}/t" in reason


def test_a_table_of_which_nothing_is_read_is_not_judged(make_role, account, database):
    athena = under_role(make_role, account, *database, [])

    assert state(athena, database[0], "SELECT a FROM t LIMIT 0") == ("", True)
    assert not state(athena, database[0], "SELECT a FROM t")[1]
