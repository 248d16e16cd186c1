"""The erasure itself: delete, let the old snapshots and files go, prove that they are gone, keep a record."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import boto3

from tm_lakehouse.athena import Athena, QueryFailedError
from tm_lakehouse.code_version import PACKAGE_VERSION
from tm_lakehouse.erasure.files import (
    all_snapshots,
    bucket_and_key,
    files_holding,
    left_behind,
    old_snapshots,
    remove_earlier_versions,
)
from tm_lakehouse.erasure.plan import ErasurePlan, TablePlan, Tell, count
from tm_lakehouse.erasure.quiet import caller_and_time, check_nothing_writes
from tm_lakehouse.erasure.record import FINISHED, STARTED, ErasureRecord, write_record
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import ERROR_LOG, GlueRun
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.withdraw import check_shows_what_is_built, withdraw_past
from tm_lakehouse.landing_to_silver.object_store import ObjectStore, S3ObjectStore
from tm_lakehouse.maintenance.reports import reports_of_run
from tm_lakehouse.settings import Settings

_DELETE_ATTEMPTS = 5
_UPKEEP_ATTEMPTS = 3
_CONFLICT = "ICEBERG_COMMIT_ERROR"


def carry_out(settings: Settings, plan: ErasurePlan, reason: str, tell: Tell) -> ErasureRecord:
    """Erase what the plan found. It can be repeated: what an interrupted erasure has done is not done again.

    Raises:
        LakehouseError: somebody writes to the tables, a step failed, or rows or files are still there.
    """
    athena, store = Athena(settings.athena_workgroup, settings.db_silver), S3ObjectStore()
    caller, began = caller_and_time()
    check_nothing_writes(settings, [each.table for each in plan.tables])
    if not plan.earlier:
        check_shows_what_is_built(Gold.of(settings), _gold_tables(settings, plan))
    record = _started(athena, plan, caller, began, reason)
    write_record(store, settings.bucket_observability, record)
    for each in plan.tables:
        tell(f"rows of {each.table.full_name}")
        _delete(athena, each)
    expired = _forget(settings, athena, store, plan, record, began, tell)
    tell("what S3 keeps of the removed files")
    finished = replace(
        record,
        state=FINISHED,
        finished_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        snapshots_expired=expired,
        object_versions_removed=_remove_versions(settings),
        landing_objects=[f"{each.uri}?versionId={each.version_id}" for each in plan.landing],
        quarantine_objects=[f"{each.uri}?versionId={each.version_id}" for each in plan.quarantine],
    )
    _check_rows_are_gone(athena, plan)
    write_record(store, settings.bucket_observability, finished)
    return finished


def _started(athena: Athena, plan: ErasurePlan, caller: str, began: dt.datetime, reason: str) -> ErasureRecord:
    held = {
        path
        for each in plan.tables
        if each.rows
        for condition in each.conditions
        for path in files_holding(athena, each.table, condition)
    }
    rows = {each.table.full_name: each.rows for each in plan.tables}
    earlier = plan.earlier
    return ErasureRecord(
        erasure_id=plan.erasure_id,
        state=STARTED,
        kind=plan.subject.kind,
        id=plan.subject.id,
        course_id=plan.subject.course_id,
        caller=caller,
        reason=reason or (earlier.reason if earlier else ""),
        started_at=earlier.started_at if earlier else began.isoformat(),
        code_version=PACKAGE_VERSION,
        rows={name: max(found, earlier.rows.get(name, 0) if earlier else 0) for name, found in rows.items()},
        rounds=[list(each) for each in plan.rounds],
        data_files=sorted(held.union(earlier.data_files if earlier else ())),
    )


def _delete(athena: Athena, planned: TablePlan) -> None:
    """Each statement is a commit; one that loses against another writer is sent again."""
    for condition in planned.conditions if planned.rows else ():
        for attempt in range(1, _DELETE_ATTEMPTS + 1):
            try:
                athena.query(f"DELETE FROM {planned.table.sql_name} WHERE {condition}")
            except QueryFailedError as error:
                if _CONFLICT not in error.reason or attempt == _DELETE_ATTEMPTS:
                    raise
                time.sleep(2.0**attempt / 2)
            else:
                break


def _forget(
    settings: Settings,
    athena: Athena,
    store: ObjectStore,
    plan: ErasurePlan,
    record: ErasureRecord,
    began: dt.datetime,
    tell: Tell,
) -> dict[str, int]:
    """Rewrite files that hold deleted rows, and drop the snapshots and files from before; snapshots dropped by table.

    Where a writer changes a file that is being rewritten, the writer wins, and the job runs again. Of tables that
    readers of Gold see it runs twice: publications keep snapshots until the rewritten tables are published.
    """
    old = {each.table: all_snapshots(athena, each.table) for each in plan.tables}
    remaining = [each.table for each in plan.tables]
    expired = dict.fromkeys((table.full_name for table in remaining), 0)
    for _ in range(_UPKEEP_ATTEMPTS):
        reports = _upkeep(settings, store, [table.full_name for table in remaining], began, tell)
        tell("what readers of Gold see")
        withdraw_past(Gold.of(settings), f"erasure-{plan.erasure_id}", _gold_tables(settings, plan))
        for report in reports:
            expired[report["table"]] += report["snapshots_expired"]
        left = {
            table: files
            for table in remaining
            if (files := left_behind(athena, store, table, record.data_files, began))
            or old[table] & old_snapshots(athena, table)
        }
        remaining = list(left)
        if not remaining:
            return expired
    table, files = next(iter(left.items()))
    raise LakehouseError(
        f"{table.full_name} still has files or snapshots from before: {files[0] if files else 'a tag or a branch'}.",
        "Drop the table's tags and branches, wait until nothing writes, and run the command again: it goes on here.",
    )


def _gold_tables(settings: Settings, plan: ErasurePlan) -> list[str]:
    return [each.table.name for each in plan.tables if each.table.database == settings.db_gold_build]


def _upkeep(
    settings: Settings, store: ObjectStore, tables: Sequence[str], began: dt.datetime, tell: Tell
) -> list[dict[str, Any]]:
    arguments = {"--tables": ",".join(tables), "--keep-snapshots-hours": "0"}
    run = GlueRun.start(
        settings.glue_job_maintenance, arguments | {"--remove-orphans-before": began.isoformat(timespec="seconds")}
    )
    tell(f"old snapshots and files, run {run.run_id}")
    finished = run.follow(lambda line: tell(f"old snapshots and files: {line}"))
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"Rows are deleted, but the run that removes their files ended as {finished.state}: "
            f"{finished.message or 'no message'}",
            f"Its log is {ERROR_LOG}, stream {run.run_id}. Run the command again: it goes on here.",
        )
    return reports_of_run(store, settings.bucket_observability, run.run_id)


def _remove_versions(settings: Settings) -> int:
    s3 = boto3.client("s3")
    warehouses = dict.fromkeys((settings.iceberg_warehouse_silver, settings.iceberg_warehouse_gold))
    places = [bucket_and_key(f"{each.rstrip('/')}/") for each in warehouses]
    return sum(remove_earlier_versions(s3, bucket, prefix) for bucket, prefix in places)


def _check_rows_are_gone(athena: Athena, plan: ErasurePlan) -> None:
    for each in plan.tables:
        if found := count(athena, each.table, each.conditions):
            raise LakehouseError(
                f"{found:,} rows of {plan.subject} are in {each.table.full_name} again: a run has brought them back.",
                "Replace the landed files that hold it first, then run the command again.",
            )
