"""What every Spark job of the lakehouse begins with: its arguments and its session."""

import logging
import sys
from collections.abc import Sequence

from pyspark.sql import SparkSession

from tm_lakehouse.settings import Settings

CATALOG = "lakehouse"


def lakehouse_variables(arguments: Sequence[str]) -> dict[str, str]:
    """The `--TM_*` arguments by variable name. Glue adds others, which are none of ours."""
    values: dict[str, str] = {}
    for position, argument in enumerate(arguments):
        name, has_value, value = argument.partition("=")
        if not name.startswith("--TM_"):
            continue
        following = arguments[position + 1] if position + 1 < len(arguments) else ""
        values[name.removeprefix("--")] = value if has_value else following
    return values


def session_builder(settings: Settings, name: str) -> SparkSession.Builder:
    """A session whose catalog is the deployment's; times are UTC whatever the machine's zone."""
    catalog = f"spark.sql.catalog.{CATALOG}"
    return (
        SparkSession.builder.appName(name)
        .config(catalog, "org.apache.iceberg.spark.SparkCatalog")
        .config(f"{catalog}.type", settings.iceberg_catalog_type)
        .config(f"{catalog}.warehouse", settings.iceberg_warehouse_silver)
        .config("spark.sql.session.timeZone", "UTC")
    )


def log_to_output() -> None:
    """Send the job's progress to its output log."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("py4j").setLevel(logging.WARNING)
