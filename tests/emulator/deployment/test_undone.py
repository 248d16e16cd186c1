"""What is left when a lakehouse is destroyed: nothing. And whose account it is never made in."""

import re
from collections.abc import Callable

import boto3
import pytest
from trial_lakehouse import destroy, make_trial

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform import account, state_bucket


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


def test_destroy_leaves_nothing_even_of_what_terraform_did_not_make(trial):
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    made_by_a_writer = {"Name": "fact", "TableType": "EXTERNAL_TABLE", "Parameters": {"table_type": "ICEBERG"}}
    glue.create_table(DatabaseName=f"{trial.prefix}_silver".replace("-", "_"), TableInput=made_by_a_writer)
    for body in (b"first", b"second"):
        s3.put_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet", Body=body)
    s3.delete_object(Bucket=trial.bucket("source-store"), Key="warehouse/silver/fact/data.parquet")

    destroy(trial)

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
    trial = make_trial(tmp_path, account_id, ["999999999999"])
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
