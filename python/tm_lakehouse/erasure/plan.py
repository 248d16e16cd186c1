"""What an erasure would do: found by reading only."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import boto3

from tm_lakehouse.athena import Athena
from tm_lakehouse.erasure.catalog_tables import IcebergTable, iceberg_tables
from tm_lakehouse.erasure.files import files_of_no_table
from tm_lakehouse.erasure.record import ErasureRecord, interrupted, read_records
from tm_lakehouse.erasure.subject import Round, Subject, conditions
from tm_lakehouse.erasure.traces import Trace, lines_in_quarantine, records_in_file, traces, versions
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import fact_telemetry_event

Tell = Callable[[str], None]


@dataclass(frozen=True)
class TablePlan:
    """A table that can hold the subject: the conditions of its rows, and how many there are."""

    table: IcebergTable
    conditions: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class ErasurePlan:
    """Everything that is known of the subject before anything is changed.

    `landing` and `quarantine` hold it and stay as they are. `strays` are data files that belong to no table and may
    hold it. `earlier` is the erasure that this one carries on.
    """

    subject: Subject
    erasure_id: str
    rounds: tuple[Round, ...]
    tables: tuple[TablePlan, ...]
    landing: tuple[Trace, ...]
    quarantine: tuple[Trace, ...]
    strays: tuple[str, ...]
    earlier: ErasureRecord | None
    others_interrupted: tuple[ErasureRecord, ...]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)


def find(settings: Settings, subject: Subject, tell: Tell) -> ErasurePlan:
    """Look for a round or a device in the tables, the landing and the quarantine.

    Raises:
        LakehouseError: nothing holds it, or the round's id is one of several courses.
    """
    athena, store = Athena(settings.athena_workgroup, settings.db_silver), S3ObjectStore()
    tell("tables")
    tables = iceberg_tables(boto3.client("glue"), dict.fromkeys((settings.db_gold_build, settings.db_silver)))
    records = read_records(store, settings.bucket_observability)
    keyed = [table for table in tables if table.is_keyed]
    earlier = interrupted(records, subject)
    rounds = _rounds(athena, keyed, subject)
    if earlier:
        rounds |= {Round(course, round_id) for course, round_id in earlier.rounds}
    subject = _of_one_course(subject, rounds)
    planned = _tables(athena, keyed, subject, rounds, tell)
    if not earlier and not any(each.rows for each in planned):
        raise _not_found(subject, records)
    landing, quarantine = _traces(settings, subject, rounds, tell)
    gold = f"{settings.iceberg_warehouse_gold.rstrip('/')}/{settings.db_gold_build}/"
    return ErasurePlan(
        subject=subject,
        erasure_id=earlier.erasure_id if earlier else _new_id(),
        rounds=tuple(sorted(rounds)),
        tables=tuple(planned),
        landing=tuple(landing),
        quarantine=tuple(quarantine),
        strays=tuple(files_of_no_table(store, gold, (table.location for table in tables))),
        earlier=earlier,
        others_interrupted=tuple(
            each for each in records if each.state == "started" and each.erasure_id != (earlier and earlier.erasure_id)
        ),
    )


def count(athena: Athena, table: IcebergTable, found: Iterable[str]) -> int:
    """The rows of a table for which any of the conditions, which exclude each other, holds."""
    counts = (athena.query(f"SELECT count(*) FROM {table.sql_name} WHERE {each}").rows[0][0] for each in found)
    return sum(int(str(each)) for each in counts)


def _rounds(athena: Athena, tables: Sequence[IcebergTable], subject: Subject) -> set[Round]:
    """The rounds concerned, of all tables that name them: an erasure that was cut off may have emptied some."""
    found: set[Round] = set()
    for table in tables:
        if {"course_id", "round_id", subject.key} <= table.columns:
            for condition in conditions(subject, table.columns, ()):
                rows = athena.query(f"SELECT DISTINCT course_id, round_id FROM {table.sql_name} WHERE {condition}").rows
                found |= {Round(str(course), str(round_id)) for course, round_id in rows}
    return found


def _of_one_course(subject: Subject, rounds: set[Round]) -> Subject:
    if subject.kind == "device" or subject.course_id:
        return subject
    courses = sorted({each.course_id for each in rounds})
    if len(courses) > 1:
        raise LakehouseError(
            f"Round {subject.id} is one of {', '.join(courses)}.", "Say which by --course-id; erase them one by one."
        )
    return replace(subject, course_id=courses[0]) if courses else subject


def _tables(
    athena: Athena, tables: Sequence[IcebergTable], subject: Subject, rounds: set[Round], tell: Tell
) -> list[TablePlan]:
    """Gold's tables before Silver's fixes, so that an erasure that is cut off still finds the device's rounds there."""
    planned = []
    for table in sorted(tables, key=lambda each: (each.name == fact_telemetry_event.TABLE.name, each.full_name)):
        tell(table.full_name)
        if found := conditions(subject, table.columns, rounds):
            planned.append(TablePlan(table, tuple(found), count(athena, table, found)))
    return planned


def _traces(settings: Settings, subject: Subject, rounds: set[Round], tell: Tell) -> tuple[list[Trace], list[Trace]]:
    """Of the courses concerned, every version of every landed file and of every quarantined part."""
    s3 = boto3.client("s3")
    landing: list[Trace] = []
    quarantine: list[Trace] = []
    for course in sorted({each.course_id for each in rounds}):
        tell(f"what was landed of {course}")
        landed = versions(s3, settings.bucket_landing, f"course_id={course}/")
        landing += traces(
            s3, settings.bucket_landing, landed, lambda key, content: records_in_file(key, content, subject)
        )
        parts = versions(s3, settings.bucket_quarantine, f"silver/course_id={course}/")
        quarantine += traces(
            s3, settings.bucket_quarantine, parts, lambda _, content: lines_in_quarantine(content, subject, rounds)
        )
    return landing, quarantine


def _new_id() -> str:
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"


def _not_found(subject: Subject, records: Iterable[ErasureRecord]) -> LakehouseError:
    done = [each for each in records if subject.covers(each.subject)]
    told = f"; erasure {done[-1].erasure_id} removed it at {done[-1].finished_at}" if done else ""
    return LakehouseError(
        f"No table holds {subject}{told}.",
        "Check the id. What the tables held before goes with their old snapshots: `tm-lakehouse maintain run`. "
        "Landed files are searched only for what a table holds.",
    )
