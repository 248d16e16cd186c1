"""Landing to Silver, the story: list, read and derive in tasks, plan against the table, commit once, tell."""

import datetime as dt
import logging
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.existing_rounds import Reach, existing_rounds, rewrite_without
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed import landed_objects
from tm_lakehouse.landing_to_silver.metrics import silver_metrics
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.parquet_files import WrittenFile
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.replacement import Delivered, Replacement, plan_replacement
from tm_lakehouse.landing_to_silver.run_records import write_failure, write_plan, write_summary
from tm_lakehouse.landing_to_silver.silver_table import CommitConflictError, PlannedFiles, SilverTable
from tm_lakehouse.landing_to_silver.summaries import committed, planned_change, summarise
from tm_lakehouse.landing_to_silver.tasks import GroupOutcome, Outcome, TaskContext, Work, grouped, run_group
from tm_lakehouse.landing_to_silver.topology import Topology
from tm_lakehouse.landing_to_silver.topology_reader import read_topology
from tm_lakehouse.metrics import publish
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.spark_job import CATALOG
from tm_lakehouse.tables.fact_telemetry_event import TABLE

_COMMIT_ATTEMPTS = 10
_LONGEST_PAUSE_SECONDS = 20.0
_FAILURES_TOLD = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunReport:
    """What a run did: the committed deliveries, and those that failed with their reason."""

    summaries: list[RunSummary]
    failures: dict[Prefix, str]


class IncompleteRunError(Exception):
    """Some deliveries of a run failed; what could be committed is committed."""

    def __init__(self, report: RunReport) -> None:
        total = len(report.summaries) + len(report.failures)
        state = "PARTIAL" if report.summaries else "FAILED"
        told = [f"{prefix.key} {reason}" for prefix, reason in sorted(report.failures.items())]
        others = f"; and {len(told) - _FAILURES_TOLD} more" if len(told) > _FAILURES_TOLD else ""
        listed = "; ".join(told[:_FAILURES_TOLD]) + others
        super().__init__(f"{state}: {len(report.failures)} of {total} deliveries failed: {listed}")


@dataclass
class _Run:
    spark: SparkSession
    table: SilverTable
    context: TaskContext
    topology: Topology
    started_at: dt.datetime
    observability_bucket: str
    groups: dict[int, GroupOutcome] = field(default_factory=dict)
    work: dict[int, list[Work]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome for group in self.groups.values() for outcome in group.outcomes]

    @property
    def files(self) -> list[WrittenFile]:
        return [file for group in self.groups.values() for file in group.files]


def run(
    spark: SparkSession, settings: Settings, prefixes: Sequence[Prefix], run_id: str, store: ObjectStore
) -> RunReport:
    """Bring deliveries to Silver in one commit.

    Raises:
        IncompleteRunError: a delivery failed; the others are committed.
    """
    started_at = dt.datetime.now(dt.UTC)
    location = f"{settings.iceberg_warehouse_silver.rstrip('/')}/silver/{TABLE.name}"
    database = f"{CATALOG}.{settings.db_silver}"
    table = SilverTable.open_or_create(spark, f"{database}.{TABLE.name}", location)
    topology = read_topology(spark, f"{database}.dim_facility_topology")
    context = TaskContext(
        run_id=run_id,
        rules=rules_of(settings),
        layout=table.layout,
        store=store,
        quarantine_root=f"s3://{settings.bucket_quarantine}/silver",
    )
    current = _Run(spark, table, context, topology, started_at, settings.bucket_observability)
    work, failures = _listed(current, settings.bucket_landing, prefixes)
    _make_rows(current, dict(enumerate(grouped(work))))
    failures |= {each.prefix: each.failure for each in current.outcomes if each.failure}
    summaries = _commit_with_retries(current)
    for summary in summaries:
        write_summary(store, settings.bucket_observability, summary)
        logger.info("course_id=%s ingest_date=%s: %s", summary.course_id, summary.ingest_date, _told(summary))
    for prefix, reason in sorted(failures.items()):
        write_failure(store, settings.bucket_observability, run_id, prefix, reason)
    publish(settings.metric_namespace, silver_metrics(summaries))
    report = RunReport(summaries, failures)
    if failures:
        raise IncompleteRunError(report)
    return report


def rules_of(settings: Settings) -> Rules:
    """What the deployment's settings say about a sound record."""
    return Rules(
        min_longitude=settings.coord_min_lon,
        max_longitude=settings.coord_max_lon,
        min_latitude=settings.coord_min_lat,
        max_latitude=settings.coord_max_lat,
        strict_course_match=settings.strict_course_match,
    )


def _listed(current: _Run, bucket: str, prefixes: Iterable[Prefix]) -> tuple[list[Work], dict[Prefix, str]]:
    work, failures = [], {}
    for prefix in prefixes:
        objects = landed_objects(current.context.store, bucket, prefix)
        if objects:
            work.append(Work(prefix, tuple(objects), current.topology.of(prefix.course_id)))
        else:
            failures[prefix] = "nothing is landed there"
    return work, failures


def _make_rows(current: _Run, groups: Mapping[int, list[Work]]) -> None:
    """Run the groups as Spark tasks; what they wrote replaces what an earlier attempt wrote for them."""
    if not groups:
        return
    deliveries = sum(len(group) for group in groups.values())
    logger.info("reading %d deliveries in %d tasks", deliveries, len(groups))
    started = time.monotonic()
    context = current.context
    made = (
        current.spark.sparkContext.parallelize(list(groups.items()), len(groups))
        .map(lambda item: (item[0], run_group(item[1], context)))
        .collect()
    )
    current.work |= groups
    current.groups |= dict(made)
    current.seconds["tasks"] = round(current.seconds.get("tasks", 0.0) + time.monotonic() - started, 3)
    rows = sum(file.rows for _, group in made for file in group.files)
    logger.info("%d rows are in %d files", rows, sum(len(group.files) for _, group in made))


def _commit_with_retries(current: _Run) -> list[RunSummary]:
    for attempt in range(1, _COMMIT_ATTEMPTS + 1):
        try:
            return _commit(current)
        except CommitConflictError as conflict:
            if attempt == _COMMIT_ATTEMPTS:
                raise
            pause = random.uniform(0.5, 1.0) * min(2.0**attempt / 4, _LONGEST_PAUSE_SECONDS)
            logger.info("another writer was first (%s); planning again in %.1f s", conflict, pause)
            time.sleep(pause)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _commit(current: _Run) -> list[RunSummary]:
    """Plan against the newest snapshot, leave out what is superseded there, commit, and sum up."""
    started = time.monotonic()
    sound = [outcome for outcome in current.outcomes if not outcome.failure]
    if not sound:
        return []
    planned, replacement = _plan(current, sound)
    if _leave_out_superseded(current, replacement):
        planned, replacement = _plan(current, [each for each in current.outcomes if not each.failure])
    summaries = _summaries(current, replacement)
    for plan in filter(None, map(planned_change, summaries)):
        write_plan(current.context.store, current.observability_bucket, plan)
    snapshot_id = _write_snapshot(current, planned, replacement)
    current.seconds["commit"] = round(time.monotonic() - started, 3)
    return [committed(summary, snapshot_id, current.seconds) for summary in summaries]


def _plan(current: _Run, sound: Iterable[Outcome]) -> tuple[PlannedFiles, Replacement]:
    delivered = {
        each.prefix: Delivered(frozenset(each.writable_rounds), frozenset(each.unwritable_rounds)) for each in sound
    }
    reach = Reach(delivered)
    planned = current.table.plan(reach.expression(current.table))
    existing = existing_rounds(current.table, planned, reach)
    return planned, plan_replacement(delivered, existing)


def _leave_out_superseded(current: _Run, replacement: Replacement) -> bool:
    """Make groups again whose rows hold other rounds than they may; whether any had to be."""
    left_out = {outcome.prefix: outcome.superseded_rounds for outcome in current.outcomes if not outcome.failure}
    again = {
        number: [
            replace(work, superseded_rounds=replacement.superseded.get(work.prefix, frozenset())) for work in group
        ]
        for number, group in current.work.items()
        if any(
            replacement.superseded.get(work.prefix, frozenset()) != left_out.get(work.prefix, frozenset())
            for work in group
        )
    }
    _make_rows(current, again)
    return bool(again)


def _summaries(current: _Run, replacement: Replacement) -> list[RunSummary]:
    return [
        summarise(
            outcome,
            current.files,
            replacement,
            current.context.run_id,
            current.started_at,
            current.topology.snapshot_id,
        )
        for outcome in sorted(current.outcomes, key=lambda each: each.prefix)
        if not outcome.failure
    ]


def _write_snapshot(current: _Run, planned: PlannedFiles, replacement: Replacement) -> int | None:
    """One commit: replaced files go, what stays of them and the new files come."""
    touched = replacement.replaced_rows_of
    partly = [path for path, rows in touched.items() if rows < planned.rows(path)]
    kept = rewrite_without(
        current.table, planned, partly, replacement.replaced, current.context.layout, current.context.store
    )
    added = [*current.files, *kept]
    if not added and not touched:
        return planned.snapshot_id
    courses = {outcome.prefix.course_id for outcome in current.outcomes}
    courses |= {prefix.course_id for file in kept for prefix in file.rows_of}
    snapshot_id = current.table.commit(planned, touched, added, courses, current.context.run_id)
    logger.info(
        "committed snapshot %d: %d files added, %d replaced, %d of them in part",
        snapshot_id,
        len(added),
        len(touched),
        len(partly),
    )
    return snapshot_id


def _told(summary: RunSummary) -> str:
    return (
        f"{summary.rows_written} rows of {summary.rounds_written} rounds, {summary.empty_slots} empty slots, "
        f"{summary.duplicates} duplicates, {summary.superseded} superseded, {summary.quarantined_slots} quarantined"
    )
