"""Which tables the lakehouse keeps itself, and when a file is old enough to be taken for an orphan."""

import boto3
import pytest
from botocore.stub import Stubber

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.maintenance.choice import check_orphans_outlive_runs, without_optimizers
from tm_lakehouse.maintenance.optimizers import KINDS
from tm_lakehouse.settings import Settings

SETTINGS = Settings(
    bucket_landing="landing",
    bucket_source="source",
    bucket_serve="serve",
    bucket_quarantine="quarantine",
    bucket_observability="observability",
    iceberg_warehouse_silver="s3://source/warehouse",
    iceberg_warehouse_gold="s3://serve/warehouse",
    athena_workgroup="lake",
    athena_results="s3://observability/athena-results/",
    glue_job_silver="silver",
)
TABLE = {"DatabaseName": "silver", "Name": "fact"}


@pytest.fixture
def glue():
    client = boto3.client("glue", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def _optimizers(stub, *enabled):
    """Glue tells the optimizers of one table; None: there is none."""
    for is_on in enabled:
        stub.add_response("get_table", {"Table": {"Name": "fact", "CatalogId": "000000000000"}})
        if is_on is None:
            stub.add_client_error("get_table_optimizer", "EntityNotFoundException")
            return
        stub.add_response("get_table_optimizer", {"TableOptimizer": {"configuration": {"enabled": is_on}}})
        if not is_on:
            return


def test_a_table_that_all_optimizers_keep_is_left_to_them(glue):
    client, stub = glue
    _optimizers(stub, *[True] * len(KINDS))

    assert without_optimizers(client, [("silver", "fact")]) == []


@pytest.mark.parametrize("last", [None, False])
def test_a_table_that_one_does_not_keep_is_ours(glue, last):
    client, stub = glue
    _optimizers(stub, True, last)

    assert without_optimizers(client, [("silver", "fact")]) == [("silver", "fact")]


def test_orphans_are_older_than_the_longest_run(glue):
    client, stub = glue
    for _ in range(2):
        stub.add_response("get_job", {"Job": {"Name": "silver", "Timeout": 240}})

    check_orphans_outlive_runs(client, SETTINGS, 5)
    with pytest.raises(LakehouseError, match="240 minutes old before their run commits; 4 h are too few"):
        check_orphans_outlive_runs(client, SETTINGS, 4)
