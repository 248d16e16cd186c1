"""What roles may do with S3, keys, Glue and each other. Holds against AWS too."""

import io
import json

import pytest
from iam_policies import allow, deny, policy


@pytest.fixture
def lake(bucket, client):
    """A bucket with an object in each of two prefixes."""
    name = bucket("lake")
    for key in ("silver/a", "gold/b"):
        client("s3").put_object(Bucket=name, Key=key, Body=b"x")
    return name


def of(bucket, path=""):
    return f"arn:aws:s3:::{bucket}{path}"


def test_a_role_reads_its_prefix_and_no_other(make_role, refused, lake):
    s3 = make_role(allow("s3:GetObject", of(lake, "/silver/*"))).client("s3")

    assert s3.get_object(Bucket=lake, Key="silver/a")["Body"].read() == b"x"
    message = refused(s3.get_object, Bucket=lake, Key="gold/b")
    assert message.endswith(
        f'perform: s3:GetObject on resource: "{of(lake)}/gold/b" '
        "because no identity-based policy allows the s3:GetObject action"
    )
    refused(s3.put_object, Bucket=lake, Key="silver/c", Body=b"y")
    refused(s3.delete_object, Bucket=lake, Key="silver/a")


def test_a_list_is_of_the_prefix_that_the_policy_names(make_role, refused, lake):
    only = {"Condition": {"StringLike": {"s3:prefix": ["silver/*"]}}}
    s3 = make_role(allow("s3:ListBucket", of(lake), **only)).client("s3")

    assert [each["Key"] for each in s3.list_objects_v2(Bucket=lake, Prefix="silver/")["Contents"]] == ["silver/a"]
    refused(s3.list_objects_v2, Bucket=lake, Prefix="gold/")
    refused(s3.list_objects_v2, Bucket=lake)


def test_every_object_of_a_batch_is_judged(make_role, refused, lake, client):
    s3 = make_role(allow("s3:DeleteObject", of(lake, "/silver/*"))).client("s3")

    refused(s3.delete_objects, Bucket=lake, Delete={"Objects": [{"Key": "silver/a"}, {"Key": "gold/b"}]})
    assert client("s3").head_object(Bucket=lake, Key="silver/a")


def test_a_copy_needs_the_source_too(make_role, refused, lake):
    s3 = make_role(allow("s3:PutObject", of(lake, "/silver/*"))).client("s3")

    assert "s3:GetObject" in refused(s3.copy_object, Bucket=lake, Key="silver/c", CopySource=f"{lake}/gold/b")


def test_parts_of_a_large_object_are_judged_as_the_object(make_role, refused, lake):
    s3 = make_role(allow(["s3:PutObject", "s3:AbortMultipartUpload"], of(lake, "/silver/*"))).client("s3")

    s3.upload_fileobj(io.BytesIO(b"x" * (9 << 20)), lake, "silver/large")
    refused(s3.create_multipart_upload, Bucket=lake, Key="gold/large")


def test_a_deny_wins_wherever_it_stands(make_role, refused, lake, client):
    role = make_role(allow("s3:*", "*"), deny("s3:GetObject", of(lake, "/gold/*")))
    s3 = role.client("s3")
    assert "with an explicit deny in an identity-based policy" in refused(s3.get_object, Bucket=lake, Key="gold/b")

    own = policy(deny("s3:*", of(lake, "/silver/*"), Principal={"AWS": role.arn}))
    client("s3").put_bucket_policy(Bucket=lake, Policy=own)
    assert "with an explicit deny in a resource-based policy" in refused(s3.get_object, Bucket=lake, Key="silver/a")


def test_a_buckets_policy_lets_a_role_in(make_role, lake, client):
    role = make_role()
    own = policy(allow("s3:GetObject", of(lake, "/*"), Principal={"AWS": role.arn}))
    client("s3").put_bucket_policy(Bucket=lake, Policy=own)

    assert role.client("s3").get_object(Bucket=lake, Key="gold/b")["Body"].read() == b"x"


def test_a_boundary_and_a_session_narrow_a_role(make_role, make_policy, refused, lake):
    boundary = make_policy(allow("s3:GetObject", of(lake, "/silver/*")))
    role = make_role(allow("s3:*", "*"), boundary=boundary)
    s3 = role.client("s3")
    assert s3.get_object(Bucket=lake, Key="silver/a")
    assert "no permissions boundary allows" in refused(s3.get_object, Bucket=lake, Key="gold/b")

    narrowed = make_role(allow("s3:*", "*")).client("s3", policy(allow("s3:GetObject", of(lake, "/gold/*"))))
    assert narrowed.get_object(Bucket=lake, Key="gold/b")
    assert "no session policy allows" in refused(narrowed.get_object, Bucket=lake, Key="silver/a")


def test_what_is_encrypted_needs_its_key(make_role, refused, bucket, client):
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    name, s3 = bucket("locked"), client("s3")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=name, Key="a", Body=b"x")
    objects = allow(["s3:GetObject", "s3:PutObject"], of(name, "/*"))

    without = make_role(objects).client("s3")
    assert "kms:Decrypt" in refused(without.get_object, Bucket=name, Key="a")
    assert "kms:GenerateDataKey" in refused(without.put_object, Bucket=name, Key="b", Body=b"y")

    through_s3 = {"Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}
    role = make_role(objects, allow(["kms:Decrypt", "kms:GenerateDataKey"], key, **through_s3))
    assert role.client("s3").get_object(Bucket=name, Key="a")["Body"].read() == b"x"
    sealed = client("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert refused(role.client("kms").decrypt, code="AccessDeniedException", CiphertextBlob=sealed, KeyId=key)


def test_who_assumes_a_role_needs_its_trust(make_role, refused, account):
    target = make_role(trusted={"Service": "glue.amazonaws.com"})
    anyone = make_role(allow("sts:AssumeRole", "*")).client("sts")
    refused(anyone.assume_role, RoleArn=target.arn, RoleSessionName="test")

    # The account's name leaves it to the caller's own policies.
    opened = make_role()
    assert anyone.assume_role(RoleArn=opened.arn, RoleSessionName="test")
    nobody = make_role().client("sts")
    refused(nobody.assume_role, RoleArn=opened.arn, RoleSessionName="test")
    assert nobody.get_caller_identity()["Account"] == account


def test_who_makes_a_job_must_be_allowed_to_pass_its_role_on(make_role, refused, unique):
    runner = make_role(trusted={"Service": "glue.amazonaws.com"})
    job = {"Role": runner.arn, "Command": {"Name": "glueetl", "ScriptLocation": "s3://x/job.py"}}
    glue = make_role(allow("glue:CreateJob", "*")).client("glue")

    message = refused(glue.create_job, code="AccessDeniedException", Name=unique("job"), **job)
    assert f"iam:PassRole on resource: {runner.arn}" in message


def test_tables_need_their_database_and_the_catalog(make_role, refused, unique, client, account):
    database = unique("db").replace("-", "_")
    client("glue").create_database(DatabaseInput={"Name": database})
    client("glue").create_table(DatabaseName=database, TableInput={"Name": "t"})
    here = f"arn:aws:glue:us-east-1:{account}"
    only_table = make_role(allow("glue:GetTable", f"{here}:table/{database}/*")).client("glue")
    message = refused(only_table.get_table, code="AccessDeniedException", DatabaseName=database, Name="t")
    assert f"{here}:catalog" in message

    path = [f"{here}:catalog", f"{here}:database/{database}", f"{here}:table/{database}/*"]
    assert make_role(allow("glue:GetTable", path)).client("glue").get_table(DatabaseName=database, Name="t")
    client("glue").delete_database(Name=database)


def test_a_policy_that_was_taken_away_is_gone_for_sessions_that_go_on(make_role, refused, lake, client, wait_until):
    role = make_role(allow("s3:GetObject", of(lake, "/*")))
    s3 = role.client("s3")
    assert s3.get_object(Bucket=lake, Key="gold/b")

    client("iam").delete_role_policy(RoleName=role.name, PolicyName="access")
    wait_until(lambda: _is_refused(s3, lake), 60, "the end of the right")


def _is_refused(s3, bucket):
    try:
        s3.get_object(Bucket=bucket, Key="gold/b")
    except s3.exceptions.ClientError as error:
        return error.response["Error"]["Code"] == "AccessDenied"
    return False


def test_secrets_and_queues_are_judged_by_their_names(make_role, refused, unique, client):
    name = unique("secret")
    arn = client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"key": "x"}))["ARN"]
    reader = make_role(allow("secretsmanager:GetSecretValue", f"{arn[:-6]}??????")).client("secretsmanager")
    assert reader.get_secret_value(SecretId=name)["SecretString"]
    nobody = make_role().client("secretsmanager")
    refused(nobody.get_secret_value, code="AccessDeniedException", SecretId=name)
    client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_the_simulator_says_what_would_happen(make_role, lake, client):
    role = make_role(allow("s3:GetObject", of(lake, "/silver/*")), deny("s3:*", of(lake, "/silver/secret")))
    found = client("iam").simulate_principal_policy(
        PolicySourceArn=role.arn,
        ActionNames=["s3:GetObject"],
        ResourceArns=[of(lake, "/silver/a"), of(lake, "/gold/b"), of(lake, "/silver/secret")],
    )["EvaluationResults"]

    assert [each["EvalDecision"] for each in found] == ["allowed", "implicitDeny", "explicitDeny"]


def test_the_simulator_knows_no_role_that_there_is_not(client, account):
    iam = client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{account}:role/tm-test-gone", ActionNames=["s3:GetObject"]
        )
