"""A course's rows are replaced whole, in one commit, and only where they have changed."""

import pytest
from pyspark.sql import SparkSession

from tm_lakehouse.silver_geometry.replacement import replace_courses
from tm_lakehouse.tables.contract import Column, TableContract

pytestmark = [
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
TABLE = TableContract(
    name="shapes",
    grain="One row per course and section.",
    columns=(
        Column("course_id", "string", "Course."),
        Column("section_number", "int", "Section."),
        Column("area_m2", "double", "Area."),
        Column("source_snapshot_id", "bigint", "Snapshot."),
        Column("updated_at", "timestamp", "Time."),
    ),
    key=("course_id", "section_number"),
    partitioning=("course_id",),
    sort_order=("section_number",),
)
NAME = "lakehouse.silver.shapes"
A, B = ("a", 1, 10.0), ("b", 1, 20.0)


@pytest.fixture
def replace(spark: SparkSession, warehouse):
    """Bring the table's courses to the given rows."""
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lakehouse.silver")

    def run(rows, courses=None, snapshot_id=1) -> list[str]:
        frame = spark.createDataFrame(rows, "course_id string, section_number int, area_m2 double")
        return replace_courses(spark, TABLE, NAME, f"{warehouse}/silver/shapes", frame, courses, snapshot_id)

    yield run
    spark.sql(f"DROP TABLE IF EXISTS {NAME} PURGE")


@pytest.fixture
def table(spark: SparkSession):
    """The table's rows with the snapshot that they come from, and the number of its commits."""

    def read() -> tuple[list[tuple], int]:
        rows = spark.table(NAME).drop("updated_at").orderBy("course_id", "section_number").collect()
        return [tuple(row) for row in rows], spark.table(f"{NAME}.snapshots").count()

    return read


def test_the_first_run_writes_every_course_in_one_commit(replace, table):
    assert replace([A, B]) == ["a", "b"]
    assert table() == ([(*A, 1), (*B, 1)], 1)


def test_the_same_rows_again_are_no_commit(replace, table):
    replace([A, B])

    assert replace([B, A], snapshot_id=2) == []
    assert table() == ([(*A, 1), (*B, 1)], 1)


def test_a_changed_course_is_replaced_and_the_others_keep_their_rows(replace, table):
    replace([A, ("a", 2, 11.0), B])

    assert replace([("a", 1, 12.0), B], snapshot_id=2) == ["a"]
    assert table() == ([("a", 1, 12.0, 2), (*B, 1)], 2)


def test_a_run_over_named_courses_leaves_the_others(replace, table):
    replace([A, B])

    assert replace([("a", 1, 12.0)], courses=["a"], snapshot_id=2) == ["a"]
    assert table()[0] == [("a", 1, 12.0, 2), (*B, 1)]


@pytest.mark.parametrize("courses", [None, ["b"]])
def test_a_course_without_rows_loses_those_it_had(replace, table, courses):
    replace([A, B])

    assert replace([A] if courses is None else [], courses=courses) == ["b"]
    assert table()[0] == [(*A, 1)]
