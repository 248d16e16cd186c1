"""The Glue job that reads tables by Spark for a parity check: a request in, checksums out; no table is changed."""

import argparse
import logging
import sys
from collections.abc import Sequence

from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.parity.checksums import Table, checksum_sql
from tm_lakehouse.parity.comparison import Checksums, grouped
from tm_lakehouse.parity.records import Records
from tm_lakehouse.settings import Settings
from tm_lakehouse.spark_job import CATALOG, lakehouse_variables, log_to_output, session_builder

logger = logging.getLogger("table_parity")


def parse_arguments(arguments: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The check's id, and the `--TM_*` arguments by name."""
    parser = argparse.ArgumentParser(prog="table_parity", allow_abbrev=False)
    parser.add_argument("--check-id", required=True, help="Whose request is read from the observability bucket.")
    known, others = parser.parse_known_args(arguments)
    return str(known.check_id), lakehouse_variables(others)


def main(arguments: Sequence[str]) -> None:
    """Run the job; a failure is the exception that ends it."""
    log_to_output()
    check_id, variables = parse_arguments(arguments)
    settings = Settings.from_environment(variables)
    records = Records(S3ObjectStore(), settings.bucket_observability, check_id)
    spark = session_builder(settings, "table_parity").getOrCreate()
    try:
        records.put_answer({table.full_name: _checksums(spark, table) for table in records.request()})
    finally:
        spark.stop()


def _checksums(spark: SparkSession, table: Table) -> Checksums:
    rows = spark.sql(checksum_sql(table, "spark", CATALOG)).collect()
    logger.info("read: %s", table.full_name)
    return grouped(
        {name: None if value is None else str(value) for name, value in row.asDict().items()} for row in rows
    )


if __name__ == "__main__":
    main(sys.argv[1:])
