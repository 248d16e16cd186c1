"""A Spark session with Iceberg on a folder."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from tm_lakehouse.settings import Settings

ICEBERG_JAR = "iceberg-spark-runtime-3.5_2.12-1.10.0.jar"


def spark_jars() -> Path:
    """The folder of Spark's jars that `make setup` fills."""
    cache = os.environ.get("TM_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return (Path(cache) if cache else home / "tm-lakehouse") / "spark-jars"


def local_session(warehouse: str) -> SparkSession:
    """A session whose catalog `lakehouse` keeps its tables below a folder.

    Raises:
        FileNotFoundError: Iceberg's jar is missing.
    """
    jar = spark_jars() / ICEBERG_JAR
    if not jar.is_file():
        raise FileNotFoundError(f"{jar} is missing: run `make setup`.")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    return (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", str(jar))
        .config("spark.sql.catalog.lakehouse", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.lakehouse.type", "hadoop")
        .config("spark.sql.catalog.lakehouse.warehouse", warehouse)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", 1)
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


def folder_settings(warehouse: str) -> Settings:
    """A deployment whose buckets are names only."""
    return Settings(
        bucket_landing="landing",
        bucket_source="source",
        bucket_serve="serve",
        bucket_quarantine="quarantine",
        bucket_observability="observability",
        iceberg_catalog_type="hadoop",
        iceberg_warehouse_silver=warehouse,
        iceberg_warehouse_gold=warehouse,
        athena_workgroup="none",
        athena_results="none",
        glue_job_silver="none",
    )
