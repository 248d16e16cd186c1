"""The root module against the AWS under test, deployed as a workflow of GitHub's deploys it: under the roles that
`tm-lakehouse bootstrap` makes. Applied, planned again, taken over, refused, destroyed.

It works in an account of its own where it can: the emulator takes a 12-digit access key for the account's id.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from github_tokens import HOST, github_tokens

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.source_to_landing.api_access import api_access
from tm_lakehouse.terraform import account, state_bucket
from tm_lakehouse.terraform.runner import Bootstrap, Lakehouse

PROJECT = Path(__file__).resolve().parents[2]
REPOSITORY = "tagmarshal/lakehouse"
NAMES_OF_KEYS = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}
PACKAGE = PROJECT / "terraform" / "modules" / "glue_jobs" / "tests" / "package"
ADOPTED_KEY = "course_id=erinhills/ingest_date=2024-01-15/erinhills.csv"
ADOPTED_BYTES = b"landed before Terraform"


@dataclass(frozen=True)
class Trial:
    """One lakehouse made for these tests, with a name prefix that nothing else has."""

    prefix: str
    account_id: str
    lakehouse: Lakehouse
    token: Callable[..., str] | None = None

    def bucket(self, zone: str) -> str:
        return f"{self.prefix}-{zone}"

    @property
    def bootstrap(self) -> Bootstrap:
        variables = {"databases": list(self._databases), "github_repository": REPOSITORY}
        return Bootstrap(self.lakehouse.project, self.lakehouse.name, self.lakehouse.state, variables)

    @property
    def _databases(self) -> Iterator[str]:
        given = self.lakehouse.variables["databases"]
        yield from given.values()
        yield f"{given['gold']}_build"

    def session(self, role: str, github_environment: str) -> dict[str, str]:
        """Keys of a workflow's session, by the names of their variables."""
        assert self.token
        arn = f"arn:aws:iam::{self.account_id}:role/{role}-{self.prefix}"
        token = self.token(f"repo:{REPOSITORY}:environment:{github_environment}")
        given = boto3.client("sts").assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="workflow", WebIdentityToken=token
        )["Credentials"]
        return {variable: given[key] for variable, key in NAMES_OF_KEYS.items()}

    @contextmanager
    def workflow(self, *, plans_only: bool = False) -> Iterator[Lakehouse]:
        """The lakehouse, in the hands of a workflow that applies, or only plans."""
        role = ("plan", "trial-plan") if plans_only else ("apply", "trial")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.session(*role).items():
                patch.setenv(name, value)
            yield self.lakehouse

    def client(self, service: str, *, plans_only: bool = False) -> object:
        """A client under the role of a workflow."""
        keys = self.session(*(("plan", "trial-plan") if plans_only else ("apply", "trial")))
        return boto3.client(service, **{name.lower(): value for name, value in keys.items()})


@pytest.fixture(scope="module")
def account_id(aws) -> Iterator[str]:
    """The account that these tests work in; boto3 and Terraform see it through the process environment."""
    if not os.environ.get("AWS_ENDPOINT_URL"):
        yield boto3.client("sts").get_caller_identity()["Account"]
        return
    own = f"3{secrets.randbelow(10**11):011d}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", own)
        # boto3's own session has taken the other tests' key.
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield own


@pytest.fixture(scope="module")
def trial(account_id, tmp_path_factory) -> Iterator[Trial]:
    """A lakehouse applied by a workflow, whose landing bucket existed before, packaged as one script (Pattern A)."""
    trial = _trial(tmp_path_factory.mktemp("trial"), account_id, [account_id])
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=trial.bucket("landing-zone"))
    s3.put_object(Bucket=trial.bucket("landing-zone"), Key=ADOPTED_KEY, Body=ADOPTED_BYTES)
    state_bucket.create(trial.lakehouse.values.state_bucket)
    trial.bootstrap.init()
    assert trial.bootstrap.plan()
    trial.bootstrap.apply()
    bounded = {
        **trial.lakehouse.variables,
        "permissions_boundary_arn": trial.bootstrap.output("permissions_boundary_arn"),
    }
    with github_tokens() as token:
        trial = replace(trial, lakehouse=replace(trial.lakehouse, variables=bounded), token=token)
        with trial.workflow() as lakehouse:
            lakehouse.init()
            assert lakehouse.plan()
            lakehouse.apply()
        yield trial
        _destroy(trial)
    _remove_bootstrap(trial)


def test_a_second_plan_is_clean(trial):
    with trial.workflow() as lakehouse:
        assert lakehouse.plan() is False, lakehouse.log.read_text()


def test_a_second_bootstrap_changes_nothing(trial):
    assert trial.bootstrap.plan() is False, trial.bootstrap.log.read_text()


def test_an_adopted_bucket_keeps_its_objects_and_is_now_protected(trial):
    s3 = boto3.client("s3")
    bucket = trial.bucket("landing-zone")

    assert s3.get_object(Bucket=bucket, Key=ADOPTED_KEY)["Body"].read() == ADOPTED_BYTES
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())


def test_every_zone_lets_replaced_objects_go_and_none_expires_under_the_warehouse(trial):
    s3 = boto3.client("s3")
    for zone in ("landing-zone", "source-store", "serve", "quarantine", "observability"):
        rules = s3.get_bucket_lifecycle_configuration(Bucket=trial.bucket(zone))["Rules"]
        assert any("NoncurrentVersionExpiration" in rule for rule in rules)
        expiring = [rule["Filter"].get("Prefix", "") for rule in rules if "Expiration" in rule]
        assert not [prefix for prefix in expiring if "warehouse/".startswith(prefix) or prefix.startswith("warehouse/")]


@pytest.mark.parametrize("zone", ["landing-zone", "source-store", "serve", "quarantine", "observability"])
def test_what_comes_in_the_clear_is_refused_even_by_the_accounts_own_user(trial, zone):
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        _without_tls().list_objects_v2(Bucket=trial.bucket(zone))
    boto3.client("s3").list_objects_v2(Bucket=trial.bucket(zone))


def _without_tls():
    """S3 by plain HTTP; the local AWS takes its own for TLS unless a call says otherwise."""
    client = boto3.client("s3", use_ssl=False)
    if os.environ.get("AWS_ENDPOINT_URL"):
        client.meta.events.register("before-send.s3", _say_plain)
    return client


def _say_plain(request, **_):
    request.headers["X-Forwarded-Proto"] = "http"


def test_packaged_as_a_script_the_job_installs_the_package_as_a_wheel(trial):
    job = boto3.client("glue").get_job(JobName=f"{trial.prefix}-landing-to-silver")["Job"]
    code = f"s3://{trial.bucket('source-store')}/jobs"

    assert job["Command"]["ScriptLocation"] == f"{code}/spark/silver_etl.py"
    arguments = job["DefaultArguments"]
    assert arguments["--additional-python-modules"] == f"{code}/wheels/silver_with_package.gluewheels.zip"
    assert "--extra-py-files" not in arguments
    assert arguments["--TM_BUCKET_LANDING"] == trial.bucket("landing-zone")


def test_the_output_names_what_was_made(trial):
    environment = trial.lakehouse.output("environment")

    boto3.client("glue").get_job(JobName=environment["TM_GLUE_JOB_SILVER"])
    boto3.client("athena").get_work_group(WorkGroup=environment["TM_ATHENA_WORKGROUP"])
    boto3.client("sns").get_topic_attributes(TopicArn=environment["TM_ALERT_TOPIC_ARN"])
    for name in ("TM_DB_SILVER", "TM_DB_GOLD", "TM_DB_GOLD_BUILD", "TM_DB_OBSERVABILITY"):
        boto3.client("glue").get_database(Name=environment[name])


def test_the_apis_key_has_an_encrypted_secret_without_a_value(trial):
    secrets = boto3.client("secretsmanager")
    environment = trial.lakehouse.output("environment")
    secret = secrets.describe_secret(SecretId=environment["TM_API_SECRET"])

    assert (environment["TM_DATA_SOURCE"], environment["TM_API_BASE_URL"]) == ("api", "https://api.example.test")
    encryption = boto3.client("s3").get_bucket_encryption(Bucket=trial.bucket("landing-zone"))
    rule = encryption["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    assert secret["KmsKeyId"] == rule["KMSMasterKeyID"]
    with pytest.raises(LakehouseError, match="has no value yet"):
        api_access(Settings.from_environment(environment), secrets)
    secrets.put_secret_value(SecretId=secret["ARN"], SecretString="the-key")
    assert api_access(Settings.from_environment(environment), secrets).key == "the-key"
    with trial.workflow() as lakehouse:
        assert lakehouse.plan() is False, lakehouse.log.read_text()


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


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
ANYONE = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}}
)


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


def test_another_workflow_of_the_repository_gets_no_role(trial, refused):
    for role, workflow in (("apply", "trial-plan"), ("plan", "trial"), ("apply", "prod")):
        assert "sts:AssumeRoleWithWebIdentity" in refused(trial.session, role=role, github_environment=workflow)


def test_destroy_leaves_nothing_even_of_what_terraform_did_not_make(trial):
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    made_by_a_writer = {"Name": "fact", "TableType": "EXTERNAL_TABLE", "Parameters": {"table_type": "ICEBERG"}}
    glue.create_table(DatabaseName=f"{trial.prefix}_silver".replace("-", "_"), TableInput=made_by_a_writer)
    for body in (b"first", b"second"):
        s3.put_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet", Body=body)
    s3.delete_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet")

    _destroy(trial)

    left = {
        what: [name for name in names() if trial.prefix in re.sub("_", "-", name)] for what, names in _INVENTORY.items()
    }
    left["buckets"].remove(trial.lakehouse.values.state_bucket)
    left["roles"] = [name for name in left["roles"] if not name.startswith(("plan-", "apply-"))]
    left["keys' aliases"].remove(f"alias/terraform-state-{trial.prefix}")
    assert {what: names for what, names in left.items() if names} == {}
    groups = boto3.client("logs").describe_log_groups(logGroupNamePrefix="/aws-glue/jobs/")["logGroups"]
    assert groups == []


def test_credentials_of_another_account_are_refused(account_id, tmp_path):
    trial = _trial(tmp_path, account_id, ["999999999999"])
    with pytest.raises(LakehouseError, match=f"of account {account_id}, and trial allows only 999999999999"):
        account.check("trial", trial.lakehouse.values.allowed_account_ids)

    state_bucket.create(trial.lakehouse.values.state_bucket)
    try:
        trial.lakehouse.init()
        with pytest.raises(LakehouseError, match="account ID not allowed") as caught:
            trial.lakehouse.plan()
    finally:
        state_bucket.remove(trial.lakehouse.values.state_bucket)
    assert "Use credentials of an account" in caught.value.next_step
    assert [name for name in _INVENTORY["buckets"]() if trial.prefix in name] == []


def _trial(folder: Path, account_id: str, allowed: list[str]) -> Trial:
    prefix = f"trial-{secrets.token_hex(4)}"
    shutil.copytree(PROJECT / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    environments = folder / "terraform" / "environments"
    (environments / "dev").rename(environments / "trial")
    _set(environments / "trial" / "backend.hcl", bucket=f'"{prefix}-state"')
    _set(
        environments / "trial" / "terraform.tfvars",
        allowed_account_ids=f'["{allowed[0]}"]',
        name_prefix=f'"{prefix}"',
        suffix='""',
        adopt_buckets='["landing"]',
    )
    database = prefix.replace("-", "_")
    variables = {
        "databases": {name: f"{database}_{name}" for name in ("silver", "gold", "observability")},
        "package_directory": str(PACKAGE),
        "packaging": "script",
        "api": {"base_url": "https://api.example.test"},
    }
    return Trial(prefix, account_id, Lakehouse(folder, "trial", folder / "state", variables))


def _set(file: Path, **values: str) -> None:
    text = file.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(rf"^{name}( *)=.*$", rf"{name}\1= {value}", text, flags=re.MULTILINE)
        assert count == 1, f"{file} does not set {name}"
    file.write_text(text, encoding="utf-8")


def _destroy(trial: Trial) -> None:
    with trial.workflow() as lakehouse:
        if lakehouse.plan(destroy=True):
            lakehouse.apply()


def _remove_bootstrap(trial: Trial) -> None:
    """By hand: the state's bucket holds what tells of the rest."""
    iam, kms = boto3.client("iam"), boto3.client("kms")
    key = boto3.client("s3").get_bucket_encryption(Bucket=trial.lakehouse.values.state_bucket)
    state_bucket.remove(trial.lakehouse.values.state_bucket)
    assert not state_bucket.exists(trial.lakehouse.values.state_bucket)
    for role in (f"plan-{trial.prefix}", f"apply-{trial.prefix}"):
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            iam.delete_policy(PolicyArn=attached["PolicyArn"])
        iam.delete_role(RoleName=role)
    iam.delete_policy(PolicyArn=trial.lakehouse.variables["permissions_boundary_arn"])
    provider = f"arn:aws:iam::{trial.account_id}:oidc-provider/{HOST}"
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    rule = key["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    kms.delete_alias(AliasName=f"alias/terraform-state-{trial.prefix}")
    kms.schedule_key_deletion(KeyId=rule["KMSMasterKeyID"], PendingWindowInDays=7)


def _names(service: str, operation: str, key: str, name: str) -> Callable[[], list[str]]:
    def every() -> list[str]:
        client = boto3.client(service)
        pages = (
            client.get_paginator(operation).paginate()
            if client.can_paginate(operation)
            else [getattr(client, operation)()]
        )
        return [each if isinstance(each, str) else each[name] for page in pages for each in page[key]]

    return every


_INVENTORY: dict[str, Callable[[], list[str]]] = {
    "buckets": _names("s3", "list_buckets", "Buckets", "Name"),
    "keys' aliases": _names("kms", "list_aliases", "Aliases", "AliasName"),
    "databases": _names("glue", "get_databases", "DatabaseList", "Name"),
    "jobs": _names("glue", "get_jobs", "Jobs", "Name"),
    "triggers": _names("glue", "get_triggers", "Triggers", "Name"),
    "roles": _names("iam", "list_roles", "Roles", "RoleName"),
    "workgroups": _names("athena", "list_work_groups", "WorkGroups", "Name"),
    "secrets": _names("secretsmanager", "list_secrets", "SecretList", "Name"),
    "topics": _names("sns", "list_topics", "Topics", "TopicArn"),
    "alarms": _names("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "rules": _names("events", "list_rules", "Rules", "Name"),
}
