"""What a workflow that deploys may not do: read data, become stronger, be another repository's or environment's."""

import json

import boto3
import pytest
from bounded_roles import bounded_roles, out_of_bounds
from trial_lakehouse import ADOPTED_KEY

from tm_lakehouse.errors import LakehouseError

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
ANYONE = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}}
)


def test_a_workflow_that_plans_changes_nothing_and_reads_no_data(trial, refused):
    s3, state = boto3.client("s3"), trial.lakehouse.values
    place = {"Bucket": state.state_bucket, "Key": state.state_object}
    before = s3.get_object(**place)["VersionId"]
    with trial.workflow(plans_only=True) as lakehouse:
        assert lakehouse.plan() is False, lakehouse.log.read_text()
        with pytest.raises(LakehouseError, match="Failed to save state"):
            lakehouse.apply()
    assert s3.get_object(**place)["VersionId"] == before
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=state.state_bucket)["Contents"]] == [
        "bootstrap/terraform.tfstate", state.state_object,
    ]  # fmt: skip

    under_role = trial.client("s3", plans_only=True)
    refused(under_role.get_object, Bucket=trial.bucket("landing-zone"), Key=ADOPTED_KEY)
    refused(under_role.put_object, **place, Body=b"")
    refused(under_role.get_object, Bucket=state.state_bucket, Key="bootstrap/terraform.tfstate")
    secret = trial.lakehouse.output("environment")["TM_API_SECRET"]
    get_value = trial.client("secretsmanager", plans_only=True).get_secret_value
    refused(get_value, code="AccessDeniedException", SecretId=secret)
    query = {"QueryString": "SELECT 1", "WorkGroup": trial.prefix}
    start = trial.client("athena", plans_only=True).start_query_execution
    refused(start, code="AccessDeniedException", **query)


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("attach_role_policy", {"RoleName": "{own}", "PolicyArn": ADMINISTRATOR}),
        ("attach_role_policy", {"RoleName": "{deployer}", "PolicyArn": ADMINISTRATOR}),
        ("put_role_policy", {"RoleName": "{deployer}", "PolicyName": "more", "PolicyDocument": ANYTHING}),
        ("update_assume_role_policy", {"RoleName": "{deployer}", "PolicyDocument": ANYONE}),
        ("delete_role_permissions_boundary", {"RoleName": "{own}"}),
        ("put_role_permissions_boundary", {"RoleName": "{own}", "PermissionsBoundary": ADMINISTRATOR}),
        ("create_role", {"RoleName": "{prefix}-new", "AssumeRolePolicyDocument": ANYONE}),
        (
            "create_role",
            {"RoleName": "{prefix}-new", "AssumeRolePolicyDocument": ANYONE, "PermissionsBoundary": ADMINISTRATOR},
        ),
        (
            "create_role",
            {"RoleName": "foreign", "AssumeRolePolicyDocument": ANYONE, "PermissionsBoundary": "{boundary}"},
        ),
        ("create_policy_version", {"PolicyArn": "{boundary}", "PolicyDocument": ANYTHING, "SetAsDefault": True}),
        ("delete_policy", {"PolicyArn": "{boundary}"}),
        ("create_user", {"UserName": "{prefix}-user"}),
    ],
)
def test_a_workflow_that_applies_can_not_make_itself_stronger(trial, refused, operation, given):
    named = {
        "{own}": f"{trial.prefix}-dbt",
        "{deployer}": f"apply-{trial.prefix}",
        "{boundary}": trial.lakehouse.variables["permissions_boundary_arn"],
    }
    filled = {
        key: named.get(value, value.replace("{prefix}", trial.prefix)) if isinstance(value, str) else value
        for key, value in given.items()
    }
    assert "iam:" in refused(getattr(trial.client("iam"), operation), **filled)


def test_a_workflow_that_applies_hands_no_foreign_role_on_and_reads_no_data(trial, refused):
    iam = boto3.client("iam")
    foreign = iam.create_role(RoleName=f"foreign-{trial.prefix}", AssumeRolePolicyDocument=ANYONE)["Role"]["Arn"]
    try:
        job = {
            "Name": f"{trial.prefix}-new",
            "Role": foreign,
            "Command": {"Name": "glueetl", "ScriptLocation": "s3://a/b"},
        }
        message = refused(trial.client("glue").create_job, code="AccessDeniedException", **job)
        assert "iam:PassRole" in message
    finally:
        iam.delete_role(RoleName=f"foreign-{trial.prefix}")
    s3 = trial.client("s3")
    refused(s3.get_object, Bucket=trial.bucket("landing-zone"), Key=ADOPTED_KEY)
    refused(s3.put_bucket_policy, Bucket=trial.lakehouse.values.state_bucket, Policy=ANYTHING)
    refused(s3.delete_bucket, Bucket=trial.lakehouse.values.state_bucket)


def test_a_buckets_policy_lets_no_workflow_read_data(trial, refused):
    bucket, root = trial.bucket("landing-zone"), boto3.client("s3")
    before = root.get_bucket_policy(Bucket=bucket)["Policy"]
    own = f"arn:aws:iam::{trial.account_id}:role/apply-{trial.prefix}"
    lets_in = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    try:
        trial.client("s3").put_bucket_policy(
            Bucket=bucket,
            Policy=json.dumps({"Version": "2012-10-17", "Statement": {**lets_in, "Principal": {"AWS": own}}}),
        )
        message = refused(trial.client("s3").get_object, Bucket=bucket, Key=ADOPTED_KEY)
    finally:
        root.put_bucket_policy(Bucket=bucket, Policy=before)
    assert "explicit deny in an identity-based policy" in message


def test_a_role_made_for_itself_lets_no_workflow_become_it(trial, refused):
    name, iam = f"{trial.prefix}-own", trial.client("iam")
    own = f"arn:aws:iam::{trial.account_id}:role/apply-{trial.prefix}"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": own}}
    made = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
        PermissionsBoundary=trial.lakehouse.variables["permissions_boundary_arn"],
    )["Role"]["Arn"]
    try:
        message = refused(trial.client("sts").assume_role, RoleArn=made, RoleSessionName="own")
    finally:
        iam.delete_role(RoleName=name)
    assert "explicit deny in an identity-based policy" in message


def test_another_workflow_of_the_repository_gets_no_role(trial, refused):
    for role, workflow in (("apply", "trial-plan"), ("plan", "trial"), ("apply", "prod")):
        assert "sts:AssumeRoleWithWebIdentity" in refused(trial.session, role=role, github_environment=workflow)


def test_the_boundary_takes_nothing_that_a_roles_own_policies_give(trial):
    roles = bounded_roles(trial.prefix)

    assert len(roles) >= 4
    assert {role: taken for role in roles if (taken := out_of_bounds(role))} == {}
