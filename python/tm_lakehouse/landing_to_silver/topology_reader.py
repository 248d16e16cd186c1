"""The topology table as it stands."""

from collections import defaultdict
from typing import Any

from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.topology import NineRange, Topology


def read_topology(spark: SparkSession, name: str) -> Topology:
    """All nines by course; none where the table doesn't exist yet or is empty."""
    if not spark.catalog.tableExists(name):
        return Topology({})
    jvm: Any = spark._jvm
    table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    table.refresh()
    snapshot = table.currentSnapshot()
    if snapshot is None:
        return Topology({})
    snapshot_id = int(snapshot.snapshotId())
    rows = spark.read.option("snapshot-id", snapshot_id).table(name)
    nines: dict[str, list[NineRange]] = defaultdict(list)
    for row in rows.select("facility_id", "nine_number", "section_start", "section_end").collect():
        nines[row.facility_id].append(NineRange(row.nine_number, row.section_start, row.section_end))
    return Topology({course: tuple(sorted(found)) for course, found in nines.items()}, snapshot_id)
