"""What calls need, by the tables of AWS's Service Authorization Reference."""

import pytest

from tm_localstack.iam.calls.call import Call
from tm_localstack.iam.calls.registry import accesses_of

ACCOUNT, REGION = "111122223333", "us-east-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}"
TABLE = [f"{GLUE}:catalog", f"{GLUE}:database/silver", f"{GLUE}:table/silver/facts"]
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/bound"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/job"


class Known:
    """An account in which bucket `locked` is encrypted with a key."""

    def workgroup_of_query(self, query_id):
        return {"q1": "lake"}.get(query_id)

    def workgroup_of_named_query(self, query_id):
        return {"n1": "lake"}.get(query_id)

    def key_arn(self, key):
        return KEY if key in ("1", "alias/lake", KEY) else None

    def key_tags(self, key_arn):
        return {"Project": "lake"} if key_arn == KEY else {}

    def role_boundary(self, role):
        return BOUNDARY if role == "bounded" else None

    def secret_arn(self, secret):
        return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:api-AbCdEf" if secret == "api" else None

    def bucket_key(self, bucket):
        return KEY if bucket == "locked" else None

    def object_key(self, bucket, key):
        return KEY if (bucket, key) == ("locked", "a") else None


def needed(service, operation, **request):
    found = accesses_of(Call(service, operation, request, ACCOUNT, REGION, Known()))
    return [(access.action, access.resource) for access in found]


def context(service, operation, **request):
    return [dict(access.context) for access in accesses_of(Call(service, operation, request, ACCOUNT, REGION, Known()))]


def s3(path):
    return f"arn:aws:s3:::{path}"


@pytest.mark.parametrize(
    ("operation", "request_", "accesses"),
    [
        ("GetObject", {"Bucket": "b", "Key": "a"}, [("s3:GetObject", s3("b/a"))]),
        ("GetObject", {"Bucket": "b", "Key": "a", "VersionId": "1"}, [("s3:GetObjectVersion", s3("b/a"))]),
        ("HeadObject", {"Bucket": "b", "Key": "a"}, [("s3:GetObject", s3("b/a"))]),
        ("HeadBucket", {"Bucket": "b"}, [("s3:ListBucket", s3("b"))]),
        ("ListObjectsV2", {"Bucket": "b", "Prefix": "p/"}, [("s3:ListBucket", s3("b"))]),
        ("ListObjectVersions", {"Bucket": "b"}, [("s3:ListBucketVersions", s3("b"))]),
        ("ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
        ("PutObject", {"Bucket": "b", "Key": "a"}, [("s3:PutObject", s3("b/a"))]),
        ("UploadPart", {"Bucket": "b", "Key": "a"}, [("s3:PutObject", s3("b/a"))]),
        ("ListParts", {"Bucket": "b", "Key": "a"}, [("s3:ListMultipartUploadParts", s3("b/a"))]),
        ("DeleteObject", {"Bucket": "b", "Key": "a"}, [("s3:DeleteObject", s3("b/a"))]),
        ("DeleteObject", {"Bucket": "b", "Key": "a", "VersionId": "1"}, [("s3:DeleteObjectVersion", s3("b/a"))]),
        (
            "DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "a"}, {"Key": "c", "VersionId": "1"}]}},
            [("s3:DeleteObject", s3("b/a")), ("s3:DeleteObjectVersion", s3("b/c"))],
        ),
        (
            "CopyObject",
            {"Bucket": "b", "Key": "c", "CopySource": "/o/a%20b"},
            [("s3:GetObject", s3("o/a b")), ("s3:PutObject", s3("b/c"))],
        ),
        ("GetObject", {"Bucket": "locked", "Key": "a"}, [("s3:GetObject", s3("locked/a")), ("kms:Decrypt", KEY)]),
        (
            "PutObject",
            {"Bucket": "locked", "Key": "z"},
            [("s3:PutObject", s3("locked/z")), ("kms:GenerateDataKey", KEY)],
        ),
        (
            "PutObject",
            {"Bucket": "locked", "Key": "z", "ServerSideEncryption": "AES256"},
            [("s3:PutObject", s3("locked/z"))],
        ),
        ("DeleteBucketLifecycle", {"Bucket": "b"}, [("s3:PutLifecycleConfiguration", s3("b"))]),
    ],
)
def test_s3(operation, request_, accesses):
    assert needed("s3", operation, **request_) == accesses


def test_s3_tells_the_prefix_and_through_whom_a_key_is_used():
    assert context("s3", "ListObjectsV2", Bucket="b", Prefix="p/")[0]["s3:prefix"] == ("p/",)
    assert context("s3", "GetObject", Bucket="locked", Key="a")[1]["kms:viaservice"] == ("s3.us-east-1.amazonaws.com",)


@pytest.mark.parametrize(
    ("operation", "request_", "resources"),
    [
        ("GetTable", {"DatabaseName": "silver", "Name": "facts"}, TABLE),
        ("CreateTable", {"DatabaseName": "silver", "TableInput": {"Name": "facts"}}, TABLE),
        ("GetPartitions", {"DatabaseName": "silver", "TableName": "facts"}, TABLE),
        ("GetTables", {"DatabaseName": "silver"}, [*TABLE[:2], f"{GLUE}:table/silver/*"]),
        ("BatchDeleteTable", {"DatabaseName": "silver", "TablesToDelete": ["facts"]}, TABLE),
        ("GetDatabase", {"Name": "silver"}, TABLE[:2]),
        ("CreateDatabase", {"DatabaseInput": {"Name": "silver"}}, TABLE[:2]),
        ("GetDatabases", {}, [f"{GLUE}:catalog", f"{GLUE}:database/*"]),
        ("StartJobRun", {"JobName": "j"}, [f"{GLUE}:job/j"]),
        ("BatchStopJobRun", {"JobName": "j", "JobRunIds": ["r"]}, [f"{GLUE}:job/j"]),
        ("GetJobs", {}, ["*"]),
        ("TagResource", {"ResourceArn": f"{GLUE}:job/j"}, [f"{GLUE}:job/j"]),
    ],
)
def test_glue(operation, request_, resources):
    assert needed("glue", operation, **request_) == [(f"glue:{operation}", resource) for resource in resources]


def test_who_makes_a_job_passes_its_role_on():
    found = needed("glue", "CreateJob", Name="j", Role="job")
    assert found == [("glue:CreateJob", f"{GLUE}:job/j"), ("iam:PassRole", ROLE)]
    assert context("glue", "CreateJob", Name="j", Role=ROLE)[1] == {"iam:passedtoservice": ("glue.amazonaws.com",)}


ATHENA = f"arn:aws:athena:{REGION}:{ACCOUNT}"


@pytest.mark.parametrize(
    ("operation", "request_", "resource"),
    [
        ("StartQueryExecution", {"QueryString": "SELECT 1", "WorkGroup": "lake"}, f"{ATHENA}:workgroup/lake"),
        ("StartQueryExecution", {"QueryString": "SELECT 1"}, f"{ATHENA}:workgroup/primary"),
        ("GetQueryResults", {"QueryExecutionId": "q1"}, f"{ATHENA}:workgroup/lake"),
        ("BatchGetQueryExecution", {"QueryExecutionIds": ["q1"]}, f"{ATHENA}:workgroup/lake"),
        ("GetNamedQuery", {"NamedQueryId": "n1"}, f"{ATHENA}:workgroup/lake"),
        ("CreateWorkGroup", {"Name": "lake"}, f"{ATHENA}:workgroup/lake"),
        ("ListTableMetadata", {"CatalogName": "AwsDataCatalog"}, f"{ATHENA}:datacatalog/AwsDataCatalog"),
        ("ListWorkGroups", {}, "*"),
    ],
)
def test_athena(operation, request_, resource):
    assert needed("athena", operation, **request_) == [(f"athena:{operation}", resource)]


@pytest.mark.parametrize(
    ("service", "operation", "request_", "accesses"),
    [
        ("sts", "GetCallerIdentity", {}, []),
        ("sts", "AssumeRole", {"RoleArn": ROLE}, [("sts:AssumeRole", ROLE)]),
        ("kms", "Decrypt", {"KeyId": "alias/lake"}, [("kms:Decrypt", KEY)]),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "/g", "logStreamName": "s"},
            [("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/g:log-stream:s")],
        ),
        ("cloudwatch", "PutMetricData", {"Namespace": "Glue"}, [("cloudwatch:PutMetricData", "*")]),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "http://127.0.0.1:4566/1/q"},
            [("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")],
        ),
        ("sns", "Publish", {"TopicArn": "arn:t"}, [("sns:Publish", "arn:t")]),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "api"},
            [("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:api-AbCdEf")],
        ),
        (
            "mwaa",
            "InvokeRestApi",
            {"Name": "e"},
            [("airflow:InvokeRestApi", f"arn:aws:airflow:{REGION}:{ACCOUNT}:role/e/Admin")],
        ),
        (
            "mwaa",
            "CreateEnvironment",
            {"Name": "e", "ExecutionRoleArn": ROLE},
            [
                ("airflow:CreateEnvironment", f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/e"),
                ("iam:PassRole", ROLE),
            ],
        ),
        ("iam", "GetRole", {"RoleName": "job"}, [("iam:GetRole", ROLE)]),
        (
            "iam",
            "CreatePolicy",
            {"PolicyName": "p", "Path": "/lake/"},
            [("iam:CreatePolicy", f"arn:aws:iam::{ACCOUNT}:policy/lake/p")],
        ),
        ("dynamodb", "GetItem", {"TableName": "t"}, [("dynamodb:GetItem", "*")]),
    ],
)
def test_other_services(service, operation, request_, accesses):
    assert needed(service, operation, **request_) == accesses


def test_metrics_tell_their_namespace_and_roles_their_boundary():
    assert context("cloudwatch", "PutMetricData", Namespace="Glue") == [{"cloudwatch:namespace": ("Glue",)}]
    boundary = {"iam:permissionsboundary": ("arn:b",)}
    assert context("iam", "CreateRole", RoleName="r", PermissionsBoundary="arn:b") == [boundary]


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [("kms", "DescribeKey", {"KeyId": "alias/lake"}), ("s3", "GetObject", {"Bucket": "locked", "Key": "a"})],
)
def test_a_key_is_known_by_its_tags(service, operation, request_):
    assert context(service, operation, **request_)[-1]["aws:resourcetag/project"] == ("lake",)


@pytest.mark.parametrize(
    ("operation", "request_", "boundary"),
    [
        ("PutRolePolicy", {"RoleName": "bounded", "PolicyName": "p"}, BOUNDARY),
        ("DeleteRolePermissionsBoundary", {"RoleName": "bounded"}, BOUNDARY),
        ("PutRolePermissionsBoundary", {"RoleName": "bounded", "PermissionsBoundary": "another"}, "another"),
        ("CreateRole", {"RoleName": "new", "PermissionsBoundary": BOUNDARY}, BOUNDARY),
        ("PutRolePolicy", {"RoleName": "free", "PolicyName": "p"}, None),
    ],
)
def test_a_role_is_known_by_its_boundary(operation, request_, boundary):
    (found,) = context("iam", operation, **request_)
    assert found.get("iam:permissionsboundary") == ((boundary,) if boundary else None)


def test_a_rule_is_known_by_its_name():
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/failed"
    assert needed("events", "PutTargets", Rule="failed") == [("events:PutTargets", rule)]
    assert needed("events", "DescribeRule", Name="failed") == [("events:DescribeRule", rule)]
    assert needed("events", "ListTagsForResource", ResourceARN=rule) == [("events:ListTagsForResource", rule)]


def test_an_alias_goes_by_right_to_it_and_to_its_key():
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/lake"
    assert needed("kms", "DeleteAlias", AliasName="alias/lake") == [
        ("kms:DeleteAlias", KEY),
        ("kms:DeleteAlias", alias),
    ]


def test_a_secret_that_is_gone_is_known_by_its_arn():
    gone = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:gone-AbCdEf"
    assert needed("secretsmanager", "DescribeSecret", SecretId=gone) == [("secretsmanager:DescribeSecret", gone)]
