"""The Glue job that keeps Iceberg tables in shape: arguments in, one report a table out."""

import argparse
import datetime as dt
import json
import logging
import sys
import uuid
from collections.abc import Sequence
from dataclasses import asdict

from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.maintenance.upkeep import Policy, keep_up
from tm_lakehouse.settings import Settings
from tm_lakehouse.spark_job import CATALOG, lakehouse_variables, log_to_output, session_builder

logger = logging.getLogger("table_maintenance")


def parse_arguments(arguments: Sequence[str]) -> tuple[argparse.Namespace, dict[str, str]]:
    """The job's own arguments, and the `--TM_*` ones by name."""
    parser = argparse.ArgumentParser(prog="table_maintenance", allow_abbrev=False)
    parser.add_argument("--tables", required=True, help="database.table, separated by commas.")
    parser.add_argument("--keep-snapshots-hours", type=float, required=True)
    orphans = parser.add_mutually_exclusive_group(required=True)
    orphans.add_argument("--keep-orphans-hours", type=float, default=0)
    orphans.add_argument("--remove-orphans-before", type=_moment, help="A moment at which no run was active.")
    parser.add_argument("--JOB_RUN_ID", dest="run_id")
    known, others = parser.parse_known_args(arguments)
    return known, lakehouse_variables(others)


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def main(arguments: Sequence[str]) -> None:
    """Run the job; a failure is the exception that ends it."""
    log_to_output()
    known, variables = parse_arguments(arguments)
    settings = Settings.from_environment(variables)
    policy = Policy(known.keep_snapshots_hours, known.keep_orphans_hours, known.remove_orphans_before)
    run_id = known.run_id or f"run-{uuid.uuid4().hex}"
    store = S3ObjectStore()
    spark = session_builder(settings, "table_maintenance").getOrCreate()
    try:
        for table in known.tables.split(","):
            upkeep = keep_up(spark, f"{CATALOG}.{table}", policy)
            text = json.dumps({"run_id": run_id} | asdict(upkeep)) + "\n"
            store.put(f"s3://{settings.bucket_observability}/maintenance/run_id={run_id}/{table}.json", text.encode())
    finally:
        spark.stop()
    logger.info("done: %s", known.tables)


if __name__ == "__main__":
    main(sys.argv[1:])
