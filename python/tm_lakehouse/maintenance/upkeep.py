"""Compaction, snapshot expiry and removal of orphan files, through Iceberg's own actions in a Spark session."""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

logger = logging.getLogger(__name__)

_HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Policy:
    """How long old things are kept. A run's files are orphans until it commits: keep orphans longer than runs take.

    `remove_orphans_before` says it by a moment instead: one at which no run was active.
    """

    keep_snapshots_hours: float
    keep_orphans_hours: float = 0
    remove_orphans_before: dt.datetime | None = None


@dataclass(frozen=True)
class TableState:
    """What a table consists of: files and bytes of its current data, and the snapshots that it remembers."""

    data_files: int
    data_bytes: int
    delete_files: int
    snapshots: int


@dataclass(frozen=True)
class TableUpkeep:
    """One row per run and table: what maintenance found, did, and left."""

    table: str
    before: TableState
    after: TableState
    files_rewritten: int
    rewrites_left_to_writers: int
    snapshots_expired: int
    orphan_files_removed: int
    seconds: float


def keep_up(spark: SparkSession, name: str, policy: Policy) -> TableUpkeep:
    """Compact a table, forget its old snapshots with the files that only they name, and remove orphan files.

    Each step is a commit of its own, or none. Where a writer changes files that are being compacted, the writer wins:
    that part of the compaction is left to the next run. Readers keep the snapshot they began with, as long as it is
    younger than the policy's age.
    """
    began = time.monotonic()
    table = _load(spark, name)
    before = _state(spark, name)
    actions = _actions(spark)
    rewritten = _rewrite(actions, table)
    table.refresh()
    now = int(time.time() * 1000)
    before_expiry = _state(spark, name).snapshots
    actions.expireSnapshots(table).expireOlderThan(now - round(policy.keep_snapshots_hours * _HOUR_MS)).execute()
    orphans = _remove_orphans(actions, table, _orphans_end(policy, now))
    after = _state(spark, name)
    upkeep = TableUpkeep(
        table=name.partition(".")[2],
        before=before,
        after=after,
        files_rewritten=int(rewritten.rewrittenDataFilesCount()),
        rewrites_left_to_writers=int(rewritten.failedDataFilesCount()),
        snapshots_expired=before_expiry - after.snapshots,
        orphan_files_removed=orphans,
        seconds=round(time.monotonic() - began, 1),
    )
    logger.info("%s: %d of %d files rewritten, %d snapshots expired, %d orphans removed", name,
                upkeep.files_rewritten, before.data_files, upkeep.snapshots_expired, orphans)  # fmt: skip
    return upkeep


def _rewrite(actions: Any, table: Any) -> Any:
    """Small files become large ones, sorted as the table is; delete files are worked in."""
    action = actions.rewriteDataFiles(table)
    action = action.binPack() if table.sortOrder().isUnsorted() else action.sort()
    # In parts, so that a writer who changes a file of one part costs only that part.
    return action.option("partial-progress.enabled", "true").option("delete-file-threshold", "1").execute()


def _orphans_end(policy: Policy, now: int) -> int:
    if policy.remove_orphans_before:
        return int(policy.remove_orphans_before.timestamp() * 1000)
    return now - round(policy.keep_orphans_hours * _HOUR_MS)


def _remove_orphans(actions: Any, table: Any, older_than_ms: int) -> int:
    action = actions.deleteOrphanFiles(table).usePrefixListing(True).olderThan(older_than_ms)
    removed = action.execute().orphanFileLocations().iterator()
    count = 0
    while removed.hasNext():
        logger.info("orphan removed: %s", removed.next())
        count += 1
    return count


def _state(spark: SparkSession, name: str) -> TableState:
    spark.sql(f"REFRESH TABLE {name}")
    files = spark.sql(
        "SELECT count_if(content = 0) AS data_files, count_if(content > 0) AS delete_files, "
        f"coalesce(sum(if(content = 0, file_size_in_bytes, 0)), 0) AS bytes FROM {name}.files"
    ).collect()[0]
    snapshots = spark.sql(f"SELECT count(*) AS snapshots FROM {name}.snapshots").collect()[0]
    return TableState(files.data_files, files.bytes, files.delete_files, snapshots.snapshots)


def _load(spark: SparkSession, name: str) -> Any:
    jvm: Any = spark._jvm
    table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    table.refresh()
    return table


def _actions(spark: SparkSession) -> Any:
    jvm: Any = spark._jvm
    return jvm.org.apache.iceberg.spark.actions.SparkActions.get(spark._jsparkSession)
