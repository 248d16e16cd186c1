"""The Glue job that brings landed deliveries to Silver: arguments in, one commit out."""

import argparse
import logging
import os
import sys
import uuid
from collections.abc import Sequence

from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import requested_prefixes
from tm_lakehouse.landing_to_silver.run import run
from tm_lakehouse.settings import Settings
from tm_lakehouse.spark_job import lakehouse_variables, log_to_output, session_builder

# A run of minutes outlasts a bad moment of S3; boto3 reads these wherever a client is made.
S3_RETRIES = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "10"}

logger = logging.getLogger("silver_etl")


def parse_arguments(arguments: Sequence[str]) -> tuple[argparse.Namespace, dict[str, str]]:
    """The job's own arguments, and the `--TM_*` ones by name. Glue adds others, which are none of ours."""
    parser = argparse.ArgumentParser(prog="silver_etl", allow_abbrev=False)
    parser.add_argument("--course-id", "--course_id")
    parser.add_argument("--ingest-date", "--ingest_date")
    parser.add_argument("--bronze-prefix", "--bronze_prefix")
    parser.add_argument("--bronze-prefixes", "--bronze_prefixes")
    parser.add_argument("--JOB_RUN_ID", dest="run_id")
    known, others = parser.parse_known_args(arguments)
    return known, lakehouse_variables(others)


def spark_session(settings: Settings) -> SparkSession:
    """The deployment's session, for a driver that only commits and workers that parse by themselves."""
    return (
        session_builder(settings, "silver_etl")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
        # Polars's allocator and the C library's keep what was freed, which would be half of a worker's peak.
        .config("spark.executorEnv._RJEM_MALLOC_CONF", "dirty_decay_ms:100,muzzy_decay_ms:0")
        .config("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", str(4 << 20))
        .config("spark.executorEnv.AWS_RETRY_MODE", S3_RETRIES["AWS_RETRY_MODE"])
        .config("spark.executorEnv.AWS_MAX_ATTEMPTS", S3_RETRIES["AWS_MAX_ATTEMPTS"])
        .getOrCreate()
    )


def main(arguments: Sequence[str]) -> None:
    """Run the job; a failure is the exception that ends it."""
    log_to_output()
    os.environ.update(S3_RETRIES)
    known, variables = parse_arguments(arguments)
    settings = Settings.from_environment(variables)
    prefixes = requested_prefixes(known.course_id, known.ingest_date, known.bronze_prefix, known.bronze_prefixes)
    run_id = known.run_id or f"run-{uuid.uuid4().hex}"
    logger.info("run %s takes %d deliveries", run_id, len(prefixes))
    spark = spark_session(settings)
    try:
        report = run(spark, settings, prefixes, run_id, S3ObjectStore())
    finally:
        spark.stop()
    logger.info("done: %d rows in Silver", sum(summary.rows_written for summary in report.summaries))


if __name__ == "__main__":
    main(sys.argv[1:])
