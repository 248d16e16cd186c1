"""What an applied lakehouse is: planned again, taken over, protected, found by its output."""

import boto3
import pytest
from botocore.exceptions import ClientError
from trial_lakehouse import ADOPTED_BYTES, ADOPTED_KEY

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.source_to_landing.api_access import api_access


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


@pytest.mark.parametrize("zone", ["landing-zone", "source-store", "serve", "quarantine", "observability"])
def test_another_encryption_than_the_zones_is_refused(trial, zone):
    s3, bucket = boto3.client("s3"), trial.bucket(zone)
    place = {"Bucket": bucket, "Key": "test/encryption"}
    other = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    for encryption in ({"ServerSideEncryption": "AES256"}, {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": other}):
        with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
            s3.put_object(**place, Body=b"x", **encryption)

    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    own = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    for encryption in ({}, {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": own}):
        written = s3.put_object(**place, Body=b"x", **encryption)
        assert written["SSEKMSKeyId"] == own
        s3.delete_object(**place, VersionId=written["VersionId"])


def _without_tls():
    """S3 by plain HTTP; the local AWS takes its own for TLS unless a call says otherwise."""
    client = boto3.client("s3", use_ssl=False)
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
