"""What Glue and others do otherwise on AWS, told in docs/laptop-and-aws.md. These tests fail against AWS."""

import pytest
from botocore.exceptions import ClientError

MASTER = """
import boto3, json
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
boto3.client("s3").put_object(Bucket="{bucket}", Key="{key}", Body=json.dumps(spark.sparkContext.master))
"""


def test_a_glue_run_is_one_process(make_job, run_job, bucket, unique, read_json):
    key = unique("master")
    run = run_job(make_job(MASTER.format(bucket=bucket, key=key), NumberOfWorkers=5))

    assert run["JobRunState"] == "SUCCEEDED"
    assert read_json(key).startswith("local[")
    assert run["DPUSeconds"] == 5 * run["ExecutionTime"]


def test_an_optimizer_is_kept_and_never_runs(client, unique, role):
    glue, database = client("glue"), unique("db").replace("-", "_")
    glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(DatabaseName=database, TableInput={"Name": "t", "Parameters": {"table_type": "ICEBERG"}})
    optimizer = {
        "CatalogId": client("sts").get_caller_identity()["Account"],
        "DatabaseName": database,
        "TableName": "t",
        "Type": "compaction",
    }
    glue.create_table_optimizer(**optimizer, TableOptimizerConfiguration={"roleArn": role, "enabled": True})
    kept = glue.get_table_optimizer(**optimizer)["TableOptimizer"]
    runs = glue.list_table_optimizer_runs(**optimizer)["TableOptimizerRuns"]
    glue.delete_database(Name=database)

    assert kept["configuration"]["enabled"] is True
    assert runs == []


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("budgets", "describe_budgets", {"AccountId": "000000000000"}),
        ("lakeformation", "get_effective_permissions_for_path", {"ResourceArn": "arn:aws:s3:::lake"}),
    ],
)
def test_a_service_that_nobody_carries_out_answers_an_error(client, service, operation, request_):
    with pytest.raises(ClientError) as caught:
        getattr(client(service), operation)(**request_)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] >= 400
