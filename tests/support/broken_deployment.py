"""A deployment as a first load and a first build leave it, and ways to break one thing of it at a time."""

import json
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import boto3

from tm_lakehouse.maintenance import optimizers
from tm_lakehouse.validation.artifacts import DBT_ARTIFACTS

RUN = "dbt_artifacts/run_id=20240601T000000Z-aaaaaaaa/"
FACT = "fact_telemetry_event"
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NOTHING = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def make_tables(sound):
    """A table of fixes with its optimizers, and one that readers see."""
    glue, settings = boto3.client("glue"), sound.settings
    for database, name, place in (
        (settings.db_silver, FACT, f"{settings.iceberg_warehouse_silver}/silver/{FACT}"),
        (settings.db_gold, "fact_rounds", f"{settings.iceberg_warehouse_gold}/gold/fact_rounds"),
    ):
        _make_table(glue, database, name, place)
    kept = optimizers.Retention(snapshots_days=5, orphans_days=3)
    for kind in optimizers.KINDS:
        wanted = optimizers.configuration(kind, sound.role_arn("table-optimizer"), "s3://x/y", kept)
        optimizers.enable(glue, settings.db_silver, FACT, kind, wanted)


def _make_table(glue, database, name, place, kind="ICEBERG"):
    columns = [{"Name": "round_id", "Type": "string"}]
    table = {"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"table_type": kind}}
    glue.create_table(
        DatabaseName=database, TableInput=table | {"StorageDescriptor": {"Location": place, "Columns": columns}}
    )


def drop_tables(sound):
    """What `make_tables` made."""
    for database, name in ((sound.settings.db_silver, FACT), (sound.settings.db_gold, "fact_rounds")):
        boto3.client("glue").delete_table(DatabaseName=database, Name=name)


def keep_artifacts(sound):
    """What a run of dbt leaves that succeeded."""
    for name in DBT_ARTIFACTS:
        _put(sound, RUN + name, json.dumps({"run_id": "aaaaaaaa", "succeeded": True, "reason": None}))


def _put(sound, key, text):
    boto3.client("s3").put_object(Bucket=sound.buckets["observability"], Key=key, Body=text.encode())


# Each breaks one thing while its block runs, and gives the deployment to look at.
BREAKS = {}


def breaks(*lines):
    """Names the lines that must see what the function breaks; it gives the deployment to look at."""

    def keep(function):
        BREAKS.update(dict.fromkeys(lines, contextmanager(function)))
        return function

    return keep


def _with(sound, **settings):
    return replace(sound, settings=sound.settings.model_copy(update=settings))


@breaks("buckets.exist")
def _no_bucket(sound):
    yield _with(sound, bucket_serve="no-such-bucket-here")


@breaks("buckets.versioned")
def _suspended(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    yield sound
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@breaks("buckets.closed")
def _opened(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block | {"BlockPublicPolicy": False})
    yield sound
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)


@breaks("buckets.encrypted")
def _with_s3s_key(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    before = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    plain = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=plain)
    yield sound
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=before)


@breaks("buckets.tls_only")
def _without_policy(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    yield sound
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)


@breaks("buckets.owned")
def _with_acls(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    before = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    yield sound
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=before)


@breaks("buckets.logged")
def _unlogged(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    before = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    yield sound
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": before})


@breaks("buckets.warehouse_kept")
def _expiring(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["serve"]
    before = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": "ware"}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [*before, rule]})
    yield sound
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": before})


@breaks("buckets.key_layout")
def _stray(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["landing"]
    version = s3.put_object(Bucket=bucket, Key="stray.csv", Body=b"")["VersionId"]
    yield sound
    s3.delete_object(Bucket=bucket, Key="stray.csv", VersionId=version)


@breaks("catalog.databases")
def _no_database(sound):
    yield _with(sound, db_gold="no_such_database")


@breaks("catalog.warehouses")
def _warehouse_elsewhere(sound):
    yield _with(sound, iceberg_warehouse_gold=sound.settings.iceberg_warehouse_silver)


@breaks("catalog.fact_table")
def _hive_table(sound):
    glue = boto3.client("glue")
    before = _table_input(glue, sound.settings.db_silver, FACT)
    glue.update_table(DatabaseName=sound.settings.db_silver, TableInput=before | {"Parameters": {}})
    yield sound
    glue.update_table(DatabaseName=sound.settings.db_silver, TableInput=before)


@breaks("catalog.locations")
def _two_in_one_place(sound):
    glue, database = boto3.client("glue"), sound.settings.db_silver
    _make_table(glue, database, "second", f"{sound.settings.iceberg_warehouse_silver}/silver/{FACT}/")
    yield sound
    glue.delete_table(DatabaseName=database, Name="second")


@breaks("catalog.views")
def _no_view(sound):
    yield from _without_table(sound.settings.db_observability, "latest_silver_runs", sound)


@breaks("catalog.gold")
def _no_gold(sound):
    yield from _without_table(sound.settings.db_gold, "fact_rounds", sound)


def _without_table(database, name, sound):
    glue = boto3.client("glue")
    before = _table_input(glue, database, name)
    glue.delete_table(DatabaseName=database, Name=name)
    yield sound
    glue.create_table(DatabaseName=database, TableInput=before)


def _table_input(glue, database, name):
    table = glue.get_table(DatabaseName=database, Name=name)["Table"]
    taken = boto3.client("glue").meta.service_model.shape_for("TableInput").members
    return {key: value for key, value in table.items() if key in taken}


@breaks("jobs.exist")
def _no_job(sound):
    yield _with(sound, glue_job_parity="no-such-job")


@breaks("jobs.iceberg")
def _without_iceberg(sound):
    arguments = _job(sound)["DefaultArguments"]
    yield from _changed_job(sound, DefaultArguments={**arguments, "--datalake-formats": "hudi"})


@breaks("jobs.limits")
def _one_at_a_time(sound):
    yield from _changed_job(sound, ExecutionProperty={"MaxConcurrentRuns": 1})


def _job(sound):
    return boto3.client("glue").get_job(JobName=sound.settings.glue_job_silver)["Job"]


def _changed_job(sound, **changes):
    glue, before = boto3.client("glue"), _job(sound)
    taken = glue.meta.service_model.shape_for("JobUpdate").members
    update = {
        key: value for key, value in before.items() if key in taken and key not in ("AllocatedCapacity", "MaxCapacity")
    }
    glue.update_job(JobName=before["Name"], JobUpdate=update | changes)
    yield sound
    glue.update_job(JobName=before["Name"], JobUpdate=update)


@breaks("jobs.packaging")
def _no_script(sound):
    s3, bucket = boto3.client("s3"), sound.buckets["source"]
    marker = s3.delete_object(Bucket=bucket, Key="jobs/spark/silver_etl.py")["VersionId"]
    yield sound
    s3.delete_object(Bucket=bucket, Key="jobs/spark/silver_etl.py", VersionId=marker)


@breaks("jobs.variables")
def _other_names(sound):
    yield replace(sound, environment={**sound.environment, "TM_DB_SILVER": "another"})


@breaks("athena.workgroup")
def _disabled(sound):
    yield from changed_group(sound, {"State": "DISABLED"}, {"State": "ENABLED"})


@breaks("athena.results")
def _results_elsewhere(sound):
    yield _with(sound, athena_results="s3://elsewhere/")


@breaks("athena.cutoff")
def _without_limit(sound):
    limit = boto3.client("athena").get_work_group(WorkGroup=sound.settings.athena_workgroup)["WorkGroup"]
    bytes_ = limit["Configuration"]["BytesScannedCutoffPerQuery"]
    yield from changed_group(
        sound,
        {"ConfigurationUpdates": {"RemoveBytesScannedCutoffPerQuery": True}},
        {"ConfigurationUpdates": {"BytesScannedCutoffPerQuery": bytes_}},
    )


@breaks("athena.engine")
def _any_engine(sound):
    def choose(version):
        return {"ConfigurationUpdates": {"EngineVersion": {"SelectedEngineVersion": version}}}

    yield from changed_group(sound, choose("AUTO"), choose("Athena engine version 3"))


def changed_group(sound, change, back):
    """The workgroup is changed while the block runs."""
    athena, name = boto3.client("athena"), sound.settings.athena_workgroup
    athena.update_work_group(WorkGroup=name, **change)
    yield sound
    athena.update_work_group(WorkGroup=name, **back)


@breaks("dbt.profile")
def _unset(sound):
    yield replace(sound, environment={k: v for k, v in sound.environment.items() if k != "TM_ATHENA_RESULTS"})


@breaks("dbt.version")
def _other_lock(sound):
    with _project(sound, "requirements/dbt.txt", "dbt-core==99.0.0 \\\n") as project:
        yield replace(sound, project=project)


@breaks("upkeep.versions")
def _no_lock(sound):
    with _project(sound, "terraform/lakehouse/.terraform.lock.hcl", "") as project:
        yield replace(sound, project=project)


@contextmanager
def _project(sound, file, text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.parent.mkdir(parents=True)
        path.write_text(text)
        yield Path(folder)


@breaks("dbt.artifacts")
def _no_page(sound):
    boto3.client("s3").delete_object(Bucket=sound.buckets["observability"], Key=f"{RUN}index.html")
    yield sound
    keep_artifacts(sound)


@breaks("dbt.last_run")
def _failed_run(sound):
    summary = {"run_id": "aaaaaaaa", "succeeded": False, "reason": "test unique_x failed"}
    _put(sound, f"{RUN}summary.json", json.dumps(summary))
    yield sound
    keep_artifacts(sound)


def _with_statement(sound, who, statement):
    iam, role = boto3.client("iam"), sound.role_name(who)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName="broken", PolicyDocument=document)
    yield sound
    iam.delete_role_policy(RoleName=role, PolicyName="broken")


for who, statement, lines in (
    ("glue-job", NOTHING, ("reads_landing", "writes_silver", "reports", "keys")),
    ("dbt", NOTHING, ("builds_gold",)),
    ("athena-reader", NOTHING, ("reads",)),
    ("glue-job", ANYTHING, ("bounds",)),
    ("dbt", ANYTHING, ("bounds",)),
    ("athena-reader", ANYTHING, ("bounds",)),
):
    names = (f"iam.{who.removesuffix('-job').removeprefix('athena-')}_{line}" for line in lines)
    breaks(*names)(partial(_with_statement, who=who, statement=statement))


@breaks("iam.narrow")
def _mighty_job(sound):
    yield from _with_statement(sound, "glue-job", ANYTHING)


@breaks("iam.trusts")
def _trusting(sound):
    iam, role = boto3.client("iam"), sound.role_name("glue-job")
    before = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    anyone = {key: value for key, value in before["Statement"][0].items() if key != "Condition"}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(before | {"Statement": [anyone]}))
    yield sound
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(before))


@breaks("iam.bounded")
def _unbounded(sound):
    iam, role = boto3.client("iam"), sound.role_name("dbt")
    boundary = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    iam.delete_role_permissions_boundary(RoleName=role)
    yield sound
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)


@breaks("upkeep.logs")
def _for_ever(sound):
    logs, name = boto3.client("logs"), "/aws-glue/jobs/error"
    days = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["retentionInDays"]
    logs.delete_retention_policy(logGroupName=name)
    yield sound
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)


@breaks("upkeep.alerts")
def _no_topic(sound):
    yield replace(sound, environment={**sound.environment, "TM_ALERT_TOPIC_ARN": ""})


@breaks("upkeep.optimizers")
def _without_optimizer(sound):
    glue = boto3.client("glue")
    named = {"CatalogId": sound.account_id, "DatabaseName": sound.settings.db_silver, "TableName": FACT}
    before = glue.get_table_optimizer(**named, Type="retention")["TableOptimizer"]["configuration"]
    glue.delete_table_optimizer(**named, Type="retention")
    yield sound
    glue.create_table_optimizer(**named, Type="retention", TableOptimizerConfiguration=before)
