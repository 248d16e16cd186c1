"""PyAthena's cursors: text, dictionaries, pandas, Arrow, several at once."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from pyathena import connect
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.error import OperationalError
from pyathena.pandas.cursor import PandasCursor

ROWS = [
    (1, "erinhills", Decimal("62.4"), date(2024, 6, 1)),
    (2, "pinehurst4", Decimal("-256.2"), date(2024, 6, 2)),
    (3, None, None, None),
]


@pytest.fixture(scope="module")
def connection(place):
    with connect(
        schema_name=place.database, work_group=place.workgroup, s3_staging_dir=place.results, poll_interval=0.1
    ) as connection:
        yield connection


def test_cursor_gives_python_values(connection, rounds):
    with connection.cursor() as cursor:
        assert cursor.execute(f"{rounds} order by 1").fetchall() == ROWS
        assert [(column[0], column[1]) for column in cursor.description] == [
            ("round_id", "integer"), ("course_id", "varchar"), ("pace", "decimal"), ("played_on", "date"),
        ]  # fmt: skip
        assert cursor.data_scanned_in_bytes == 0


def test_cursor_takes_parameters_in_both_styles(connection, rounds):
    with connection.cursor() as cursor:
        by_name = cursor.execute(f"select round_id from ({rounds}) where pace > %(pace)s", {"pace": 0}).fetchall()
        by_mark = cursor.execute(
            f"select round_id from ({rounds}) where course_id = ?", ["'pinehurst4'"], paramstyle="qmark"
        ).fetchall()
    assert (by_name, by_mark) == ([(1,)], [(2,)])


def test_cursor_reads_more_rows_than_a_page_holds(connection):
    with connection.cursor() as cursor:
        rows = cursor.execute("select x from unnest(sequence(1, 2500)) as t(x) order by x").fetchall()
    assert rows == [(number,) for number in range(1, 2501)]


def test_cursor_raises_what_athena_says(connection):
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor.execute("select * from no_such_table")


def test_cursor_reads_nested_values(connection):
    # PyAthena itself leaves what stands in maps and rows as text.
    sql = "select array[1, 2] a, map(array['k'], array[3]) m, cast(row(1, 'x') as row(p integer, q varchar)) r"
    with connection.cursor() as cursor:
        assert cursor.execute(sql).fetchone() == ([1, 2], {"k": "3"}, {"p": "1", "q": "x"})


def test_dict_cursor_names_the_values(connection, rounds):
    with connection.cursor(DictCursor) as cursor:
        row = cursor.execute(f"{rounds} order by 1").fetchone()
    assert row == {"round_id": 1, "course_id": "erinhills", "pace": Decimal("62.4"), "played_on": date(2024, 6, 1)}


@pytest.mark.parametrize("unload", [False, True])
def test_pandas_cursor(connection, rounds, unload):
    with connection.cursor(PandasCursor, unload=unload) as cursor:
        frame = cursor.execute(f"{rounds} order by 1").as_pandas()
        assert cursor.query.startswith("UNLOAD") == unload
    assert list(frame["round_id"]) == [1, 2, 3]
    assert list(frame["course_id"][:2]) == ["erinhills", "pinehurst4"]
    assert pd.isna(frame["course_id"][2])
    assert [Decimal(str(value)) for value in frame["pace"][:2]] == [Decimal("62.4"), Decimal("-256.2")]


@pytest.mark.parametrize("unload", [False, True])
def test_arrow_cursor(connection, rounds, unload):
    with connection.cursor(ArrowCursor, unload=unload) as cursor:
        table = cursor.execute(f"{rounds} order by 1").as_arrow()
    assert table.schema.field("round_id").type == pa.int32()
    assert table.column("round_id").to_pylist() == [1, 2, 3]
    assert table.column("course_id").to_pylist() == ["erinhills", "pinehurst4", None if unload else ""]


def test_async_cursor_runs_queries_at_once(connection):
    with connection.cursor(AsyncCursor, max_workers=3) as cursor:
        futures = [cursor.execute(f"select {number}")[1] for number in range(3)]
        assert [future.result().fetchone() for future in futures] == [(0,), (1,), (2,)]


def test_cursor_writes_an_iceberg_table(connection, place):
    location = f"{place.location}pyathena_rounds/"
    with connection.cursor() as cursor:
        cursor.execute(
            f"create table pyathena_rounds (id bigint, course string) location '{location}' "
            "tblproperties ('table_type' = 'ICEBERG')"
        )
        values = [{"id": number, "course": f"course {number}"} for number in range(3)]
        cursor.executemany("insert into pyathena_rounds values (%(id)d, %(course)s)", values)
        cursor.execute("delete from pyathena_rounds where id = 1")
        assert cursor.rowcount == 1
        rows = cursor.execute("select id, course from pyathena_rounds order by id").fetchall()
    assert rows == [(0, "course 0"), (2, "course 2")]
