"""The root module against the AWS under test: applied, planned again, taken over, refused, destroyed.

It works in an account of its own where it can: the emulator takes a 12-digit access key for the account's id.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.source_to_landing.api_access import api_access
from tm_lakehouse.terraform import account, state_bucket
from tm_lakehouse.terraform.runner import Lakehouse

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "terraform" / "modules" / "glue_jobs" / "tests" / "package"
ADOPTED_KEY = "course_id=erinhills/ingest_date=2024-01-15/erinhills.csv"
ADOPTED_BYTES = b"landed before Terraform"


@dataclass(frozen=True)
class Trial:
    """One lakehouse made for these tests, with a name prefix that nothing else has."""

    prefix: str
    account_id: str
    lakehouse: Lakehouse

    def bucket(self, zone: str) -> str:
        return f"{self.prefix}-{zone}"


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
    """An applied lakehouse whose landing bucket existed before, packaged as one script (Pattern A)."""
    trial = _trial(tmp_path_factory.mktemp("trial"), account_id, [account_id])
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=trial.bucket("landing-zone"))
    s3.put_object(Bucket=trial.bucket("landing-zone"), Key=ADOPTED_KEY, Body=ADOPTED_BYTES)
    state_bucket.create(trial.lakehouse.values.state_bucket)
    trial.lakehouse.init()
    assert trial.lakehouse.plan()
    trial.lakehouse.apply()
    yield trial
    _destroy(trial.lakehouse)
    state_bucket.remove(trial.lakehouse.values.state_bucket)
    assert not state_bucket.exists(trial.lakehouse.values.state_bucket)


def test_a_second_plan_is_clean(trial):
    assert trial.lakehouse.plan() is False, trial.lakehouse.log.read_text()


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
    assert trial.lakehouse.plan() is False, trial.lakehouse.log.read_text()


def test_destroy_leaves_nothing_even_of_what_terraform_did_not_make(trial):
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    made_by_a_writer = {"Name": "fact", "TableType": "EXTERNAL_TABLE", "Parameters": {"table_type": "ICEBERG"}}
    glue.create_table(DatabaseName=f"{trial.prefix}_silver".replace("-", "_"), TableInput=made_by_a_writer)
    for body in (b"first", b"second"):
        s3.put_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet", Body=body)
    s3.delete_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet")

    _destroy(trial.lakehouse)

    left = {
        what: [name for name in names() if trial.prefix in re.sub("_", "-", name)] for what, names in _INVENTORY.items()
    }
    left["buckets"].remove(trial.lakehouse.values.state_bucket)
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


def _destroy(lakehouse: Lakehouse) -> None:
    if lakehouse.plan(destroy=True):
        lakehouse.apply()


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
