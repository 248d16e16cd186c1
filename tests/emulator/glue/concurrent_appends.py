"""Run by Glue: six writers append to one Iceberg table at the same moments; tells what they and the table say."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
from pyspark.sql import SparkSession

WRITERS = 6
ROUNDS = 3
ROWS = 100


def append(table: str, moment: threading.Barrier) -> int:
    """Append once, at the same moment as the others; the number of rows that Iceberg says it committed."""
    session = SparkSession.builder.getOrCreate().newSession()
    rows = session.range(ROWS)
    moment.wait()
    try:
        rows.writeTo(table).append()
    except Exception as error:
        if "CommitFailedException" not in str(error):
            raise
        return 0
    return ROWS


def main() -> None:
    arguments = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    table = f"lake.{arguments['--database']}.appends"
    spark = SparkSession.builder.getOrCreate()
    spark.sql(
        f"CREATE TABLE {table} (id bigint) USING iceberg LOCATION '{arguments['--location']}'"
        f" TBLPROPERTIES ('commit.retry.num-retries' = '{arguments['--retries']}')"
    )
    committed = 0
    for _ in range(ROUNDS):
        moment = threading.Barrier(WRITERS)
        with ThreadPoolExecutor(WRITERS) as pool:
            committed += sum(pool.map(append, [table] * WRITERS, [moment] * WRITERS))
    told = {"attempted": WRITERS * ROUNDS * ROWS, "committed": committed, "found": spark.table(table).count()}
    bucket, key = arguments["--result"].removeprefix("s3://").split("/", 1)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(told))


main()
