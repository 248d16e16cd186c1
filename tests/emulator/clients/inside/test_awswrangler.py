"""awswrangler: Parquet with its catalog entry, the three ways of reading, Iceberg tables written from pandas."""

import awswrangler
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def frame():
    return pd.DataFrame(
        {"round_id": [1, 2, 3], "course_id": ["erinhills", "erinhills", "pinehurst4"], "pace": [62.4, None, -256.2]}
    )


@pytest.fixture(scope="module")
def table(place, frame):
    """A Parquet table of the Glue catalog, partitioned by course."""
    name = "wrangler_rounds"
    awswrangler.s3.to_parquet(
        frame,
        path=f"{place.location}{name}/",
        dataset=True,
        database=place.database,
        table=name,
        partition_cols=["course_id"],
        mode="overwrite",
    )
    return name


@pytest.fixture(scope="module")
def read(place):
    def frame_of(sql: str, **approach) -> pd.DataFrame:
        return awswrangler.athena.read_sql_query(
            sql, place.database, workgroup=place.workgroup, athena_query_wait_polling_delay=0.1, **approach
        )

    return frame_of


@pytest.mark.parametrize(
    "approach",
    [
        {"ctas_approach": True},
        {"ctas_approach": False},
        {"ctas_approach": False, "unload_approach": True},
    ],
    ids=["ctas", "plain", "unload"],
)
def test_a_query_is_read_in_every_way(read, place, table, frame, approach):
    if "unload_approach" in approach:
        approach |= {"s3_output": f"{place.location}unloaded/"}

    # The order is pandas's: UNLOAD writes several files at once.
    found = read(f"select round_id, course_id, pace from {table}", **approach).sort_values("round_id")

    assert found["round_id"].tolist() == [1, 2, 3]
    assert found["course_id"].tolist() == frame["course_id"].tolist()
    assert found["pace"].fillna(0).tolist() == [62.4, 0, -256.2]


def test_partitions_reach_the_catalog(place, table):
    partitions = awswrangler.catalog.get_parquet_partitions(place.database, table)
    types = awswrangler.catalog.get_table_types(place.database, table)

    assert sorted(partitions.values()) == [["erinhills"], ["pinehurst4"]]
    assert types == {"round_id": "bigint", "pace": "double", "course_id": "string"}


def test_parameters_are_filled_in(read, table):
    found = read(
        f"select round_id from {table} where course_id = :course", ctas_approach=False, params={"course": "pinehurst4"}
    )

    assert found["round_id"].tolist() == [3]


def test_ctas_makes_a_table(read, place, table):
    made = awswrangler.athena.create_ctas_table(
        f"select course_id, count(*) as rounds from {table} group by course_id",
        database=place.database,
        ctas_table="wrangler_counts",
        s3_output=f"{place.location}wrangler_counts/",
        workgroup=place.workgroup,
        wait=True,
        athena_query_wait_polling_delay=0.1,
    )

    assert made["ctas_table"] == "wrangler_counts"
    counts = read("select course_id, rounds from wrangler_counts order by 1", ctas_approach=False)
    assert counts.to_numpy().tolist() == [["erinhills", 2], ["pinehurst4", 1]]


def test_iceberg_is_appended_to_overwritten_and_merged_into(read, place):
    def write(**rows_and_options) -> None:
        awswrangler.athena.to_iceberg(
            pd.DataFrame(rows_and_options.pop("rows"), columns=["id", "course"]),
            database=place.database,
            table="wrangler_iceberg",
            table_location=f"{place.location}wrangler_iceberg/",
            temp_path=f"{place.location}wrangler_temporary/",
            workgroup=place.workgroup,
            keep_files=False,
            **rows_and_options,
        )

    def rows() -> list[list]:
        found = read("select id, course from wrangler_iceberg order by id", ctas_approach=False)
        return found.to_numpy().tolist()

    write(rows=[(1, "a"), (2, "b")])
    write(rows=[(3, "c")], mode="append")
    assert rows() == [[1, "a"], [2, "b"], [3, "c"]]

    write(rows=[(2, "B"), (4, "d")], merge_cols=["id"])
    assert rows() == [[1, "a"], [2, "B"], [3, "c"], [4, "d"]]

    awswrangler.athena.delete_from_iceberg_table(
        pd.DataFrame({"id": [1]}),
        database=place.database,
        table="wrangler_iceberg",
        merge_cols=["id"],
        temp_path=f"{place.location}wrangler_temporary/",
        workgroup=place.workgroup,
        keep_files=False,
    )
    assert rows() == [[2, "B"], [3, "c"], [4, "d"]]

    write(rows=[(9, "z")], mode="overwrite")
    assert rows() == [[9, "z"]]
