"""The Iceberg table as the driver sees it: made from its contract, opened, scanned and committed to."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.parquet_files import TableLayout, WrittenFile
from tm_lakehouse.tables.evolution import columns_to_add
from tm_lakehouse.tables.fact_telemetry_event import COURSE_BUCKETS, TABLE
from tm_lakehouse.tables.iceberg_evolution import evolve, types_of
from tm_lakehouse.tables.spark_sql import create_statement

_RUN_ID_PROPERTY = "tm.run-id"
_CONFLICTS = (
    "org.apache.iceberg.exceptions.ValidationException",
    "org.apache.iceberg.exceptions.CommitFailedException",
    "org.apache.iceberg.exceptions.CommitStateUnknownException",
)


class CommitConflictError(Exception):
    """Another writer has changed what this commit was planned on: plan again."""


@dataclass(frozen=True)
class PlannedFiles:
    """Data files of one snapshot (None: the table is empty), by path, as Iceberg's scan tasks."""

    snapshot_id: int | None
    tasks: dict[str, Any]

    def rows(self, path: str) -> int:
        """Rows that the file was written with, deleted ones included."""
        return int(self.tasks[path].file().recordCount())


class SilverTable:
    """`fact_telemetry_event` in the session's catalog."""

    def __init__(self, spark: SparkSession, name: str) -> None:
        self._spark = spark
        self._jvm: Any = spark._jvm
        self.name = name
        self._table = self._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
        self._table.refresh()

    @classmethod
    def open_or_create(cls, spark: SparkSession, name: str, location: str) -> "SilverTable":
        """Make the table from its contract if there is none; one of an earlier contract gets the columns it lacks.

        Raises:
            LakehouseError: the table that is there contradicts the contract.
        """
        if not spark.catalog.tableExists(name):
            spark.sql(create_statement(TABLE, name, location))
        table = cls(spark, name)
        evolve(table._jvm, table._table, TABLE, name)
        table._keep_sorted()
        return table

    @property
    def layout(self) -> TableLayout:
        """How writers lay out their files."""
        spec = self._table.spec()
        by_name = {field.name(): field.fieldId() for field in spec.fields()}
        field_ids = {field.name(): int(field.fieldId()) for field in self._table.schema().columns()}
        try:
            return TableLayout(
                location=str(self._table.location()).rstrip("/"),
                field_ids={column: field_ids[column] for column in TABLE.column_names},
                spec_id=int(spec.specId()),
                month_field_id=int(by_name["event_date_month"]),
                bucket_field_id=int(by_name[_bucket_field(spec)]),
                sort_order_id=int(self._table.sortOrder().orderId()),
            )
        except KeyError as error:
            raise LakehouseError(
                f"{self.name} has no {error.args[0]}: it isn't laid out as its contract says.",
                "Rebuild the table, or bring the contract and the table together.",
            ) from None

    def plan(self, terms: Any) -> PlannedFiles:
        """The files of the newest snapshot that may hold rows for which the expression holds.

        Raises:
            LakehouseError: the table has got columns since it was opened: rewriting its files would lose their values.
        """
        self._table.refresh()
        columns_to_add(TABLE, types_of(self._table), self.name)
        snapshot = self._table.currentSnapshot()
        if snapshot is None:
            return PlannedFiles(None, {})
        scan = self._table.newScan().useSnapshot(snapshot.snapshotId()).filter(terms)
        files = scan.planFiles()
        try:
            tasks = {str(task.file().location()): task for task in _iterate(files.iterator())}
        finally:
            files.close()
        return PlannedFiles(int(snapshot.snapshotId()), tasks)

    @contextmanager
    def reading(self, planned: PlannedFiles, paths: Iterable[str]) -> Iterator[DataFrame]:
        """These files' rows without deleted ones, while the block runs."""
        tasks = self._jvm.java.util.ArrayList()
        for path in paths:
            tasks.add(planned.tasks[path])
        name = uuid.uuid4().hex
        manager = self._jvm.org.apache.iceberg.spark.ScanTaskSetManager.get()
        manager.stageTasks(self._table, name, tasks)
        try:
            yield self._spark.read.format("iceberg").option("scan-task-set-id", name).load(self.name)
        finally:
            manager.removeTasks(self._table, name)

    def commit(
        self,
        planned: PlannedFiles,
        removed: Iterable[str],
        added: Iterable[WrittenFile],
        courses: Collection[str],
        run_id: str,
    ) -> int:
        """Replace files in one snapshot and return its id.

        Raises:
            CommitConflictError: rows of these courses, or files that go, have changed since the plan.
        """
        change = self._table.newOverwrite()
        if planned.snapshot_id is not None:
            change.validateFromSnapshot(planned.snapshot_id)
        change.conflictDetectionFilter(self.expressions.of_courses(courses))
        change.validateNoConflictingData().validateNoConflictingDeletes()
        for path in removed:
            change.deleteFile(planned.tasks[path].file())
        for file in added:
            change.addFile(self._data_file(file))
        try:
            change.set(_RUN_ID_PROPERTY, run_id).commit()
        except Py4JJavaError as error:
            if _class_name(error) not in _CONFLICTS:
                raise
            if (snapshot_id := self._snapshot_of(run_id)) is None:
                raise CommitConflictError(str(error.java_exception.getMessage())) from None
            return snapshot_id
        snapshot_id = self._snapshot_of(run_id)
        if snapshot_id is None:
            raise LakehouseError(f"The commit of run {run_id} is not in {self.name}.", "Run again; it is repeatable.")
        return snapshot_id

    @property
    def expressions(self) -> "Expressions":
        return Expressions(self._jvm)

    def _snapshot_of(self, run_id: str) -> int | None:
        self._table.refresh()
        for snapshot in self._table.snapshots():
            if snapshot.summary().get(_RUN_ID_PROPERTY) == run_id:
                return int(snapshot.snapshotId())
        return None

    def _data_file(self, file: WrittenFile) -> Any:
        node = self._jvm.org.apache.iceberg.util.JsonUtil.mapper().readTree(file.content_json)
        return self._jvm.org.apache.iceberg.ContentFileParser.fromJson(node, self._table.spec())

    def _keep_sorted(self) -> None:
        if not self._table.sortOrder().isUnsorted():
            return
        iceberg = self._jvm.org.apache.iceberg
        order = self._table.replaceSortOrder()
        for column in TABLE.sort_order:
            order = order.asc(iceberg.expressions.Expressions.ref(column), iceberg.NullOrder.NULLS_FIRST)
        order.commit()
        self._table.refresh()


class Expressions:
    """Iceberg's filter expressions, from Python."""

    def __init__(self, jvm: Any) -> None:
        self._jvm = jvm
        self._java = jvm.org.apache.iceberg.expressions.Expressions

    def of_courses(self, courses: Collection[str]) -> Any:
        """Rows of any of the courses."""
        return self.any_of("course_id", sorted(courses))

    def any_of(self, column: str, values: Iterable[Any]) -> Any:
        """The column has one of the values."""
        listed = self._jvm.java.util.ArrayList()
        for value in values:
            listed.add(value)
        return getattr(self._java, "in")(column, listed)

    def between(self, column: str, first: str, last: str) -> Any:
        """The column lies between the values, both inclusive."""
        return self.both(self._java.greaterThanOrEqual(column, first), self._java.lessThanOrEqual(column, last))

    def both(self, one: Any, other: Any) -> Any:
        """And."""
        return getattr(self._java, "and")(one, other)

    def either(self, expressions: Iterable[Any]) -> Any:
        """Or, over any number of expressions."""
        result = self._java.alwaysFalse()
        for expression in expressions:
            result = getattr(self._java, "or")(result, expression)
        return result


def _bucket_field(spec: Any) -> str:
    for field in spec.fields():
        if str(field.transform()) == f"bucket[{COURSE_BUCKETS}]":
            return str(field.name())
    raise KeyError(f"partition field bucket[{COURSE_BUCKETS}]")


def _class_name(error: Py4JJavaError) -> str:
    return str(error.java_exception.getClass().getName())


def _iterate(iterator: Any) -> Iterator[Any]:
    while iterator.hasNext():
        yield iterator.next()
