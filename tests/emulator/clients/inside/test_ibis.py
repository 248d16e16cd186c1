"""ibis: expressions that it compiles for Athena, and tables that it makes there."""

import ibis
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def connection(place):
    return ibis.athena.connect(
        s3_staging_dir=place.results, schema_name=place.database, work_group=place.workgroup, poll_interval=0.1
    )


@pytest.fixture(scope="module")
def table(connection, rounds):
    with connection.begin() as cursor:
        cursor.execute(f"create table ibis_rounds with (format = 'PARQUET') as {rounds}")
    return connection.table("ibis_rounds")


def test_the_schema_is_the_catalogs(connection, table):
    assert "ibis_rounds" in connection.list_tables()
    assert list(table.schema()) == ["round_id", "course_id", "pace", "played_on"]
    assert table.schema()["round_id"].is_int32()


def test_an_expression_runs_in_athena(table):
    paces = table.filter(table.pace.notnull()).order_by("round_id").select("course_id", pace=table.pace.cast("float64"))

    found = paces.execute()

    assert found.to_numpy().tolist() == [["erinhills", 62.4], ["pinehurst4", -256.2]]


def test_groups_are_counted(table):
    counts = table.group_by(has_course=table.course_id.notnull()).aggregate(rounds=table.count())

    found = counts.order_by("has_course").execute()

    assert found.to_numpy().tolist() == [[False, 1], [True, 2]]


def test_a_data_frame_becomes_a_table(connection):
    frame = pd.DataFrame({"course_id": ["erinhills", "americanfalls"], "holes": [18, 9]})

    made = connection.create_table("ibis_courses", frame)

    assert made.order_by("holes").execute().to_numpy().tolist() == [["americanfalls", 9], ["erinhills", 18]]
