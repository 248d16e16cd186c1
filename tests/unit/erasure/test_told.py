"""The record of an erasure, and what is left for people to do."""

import json
from dataclasses import replace

import pytest

from tm_lakehouse.cli.erase import after_steps
from tm_lakehouse.erasure.catalog_tables import iceberg_tables
from tm_lakehouse.erasure.plan import ErasurePlan
from tm_lakehouse.erasure.record import ErasureRecord, interrupted
from tm_lakehouse.erasure.subject import Subject
from tm_lakehouse.erasure.traces import Trace
from tm_lakehouse.settings import Settings

STARTED = ErasureRecord(
    erasure_id="e1", state="started", kind="round", id="r1", course_id="erinhills", caller="arn:aws:iam::1:user/me",
    reason="asked", started_at="2024-01-01T00:00:00+00:00", code_version="0",
)  # fmt: skip
FINISHED = replace(STARTED, erasure_id="e0", state="finished")
PLAN = ErasurePlan(
    subject=Subject("round", "r1", "erinhills"), erasure_id="e2", rounds=(), tables=(), landing=(), quarantine=(),
    strays=(), earlier=None, others_interrupted=(),
)  # fmt: skip
FOLDER = "s3://landing/course_id=erinhills/ingest_date=2024-01-01"


@pytest.fixture
def settings() -> Settings:
    names = ("landing", "source", "serve", "quarantine", "observability")
    return Settings(
        **{f"bucket_{name}": name for name in names},
        iceberg_warehouse_silver="s3://source/warehouse",
        iceberg_warehouse_gold="s3://serve/warehouse",
        athena_workgroup="none",
        athena_results="none",
        glue_job_silver="none",
    )


def test_a_record_is_one_line_of_json():
    assert "\n" not in STARTED.to_json()
    assert ErasureRecord(**json.loads(STARTED.to_json())) == STARTED


@pytest.mark.parametrize(
    ("records", "subject", "found"),
    [
        ([FINISHED, STARTED], Subject("round", "r1", "erinhills"), STARTED),
        ([FINISHED, STARTED], Subject("round", "r1"), STARTED),
        ([FINISHED], Subject("round", "r1"), None),
        ([STARTED], Subject("round", "r1", "pinehurst4"), None),
        ([STARTED], Subject("device", "r1"), None),
        ([STARTED, replace(STARTED, erasure_id="e9")], Subject("round", "r1"), replace(STARTED, erasure_id="e9")),
    ],
)
def test_an_interrupted_erasure_of_the_same_subject_is_carried_on(records, subject, found):
    assert interrupted(records, subject) == found


def test_gold_is_to_be_built_again_whatever_was_found(settings):
    [step] = after_steps(settings, PLAN)

    assert "tm-lakehouse gold" in step


def test_a_landed_file_is_named_as_what_brings_it_back_with_how_to_replace_it(settings):
    landing = (Trace(f"{FOLDER}/a.csv", "v2", True, 1), Trace(f"{FOLDER}/a.csv", "v1", False, 1))

    text = "\n".join(after_steps(settings, replace(PLAN, landing=landing)))

    assert "1 file still hold it, and running 1 delivery again BRINGS IT BACK" in text
    assert "land FILE --course-id erinhills --ingest-date 2024-01-01 --replace" in text
    for version in ("v1", "v2"):
        assert f"--key 'course_id=erinhills/ingest_date=2024-01-01/a.csv' --version-id {version}" in text


def test_an_earlier_version_alone_brings_nothing_back(settings):
    text = "\n".join(after_steps(settings, replace(PLAN, landing=(Trace(f"{FOLDER}/a.csv", "v1", False, 1),))))

    assert "BRINGS IT BACK" not in text
    assert "--version-id v1" in text


def test_where_a_bucket_keeps_no_versions_no_deletion_by_version_is_proposed(settings):
    text = "\n".join(after_steps(settings, replace(PLAN, landing=(Trace(f"{FOLDER}/a.csv", "null", True, 1),))))

    assert "BRINGS IT BACK" in text
    assert "delete-object" not in text


def test_quarantine_stray_files_and_other_interrupted_erasures_are_told(settings):
    plan = replace(
        PLAN,
        quarantine=(Trace("s3://quarantine/silver/part-00000.json", "v1", True, 2),),
        strays=("s3://serve/warehouse/gold/x/a.parquet",),
        others_interrupted=(STARTED,),
    )

    text = "\n".join(after_steps(settings, plan))

    assert "QUARANTINE: 1 file still hold it" in text
    assert "s3://serve/warehouse/gold/x/a.parquet" in text
    assert "e1 of round r1 of erinhills was interrupted" in text


class Catalog:
    """Glue's answer to `get_tables`, in two pages."""

    def get_paginator(self, _: str) -> "Catalog":
        return self

    def paginate(self, **_: str) -> list[dict]:
        return [{"TableList": [_table("rounds", "round_id")]}, {"TableList": [_table("view", None), _table("c", "x")]}]


def _table(name: str, column: str | None) -> dict:
    old = {"Name": "device", "Parameters": {"iceberg.field.current": "false"}}
    now = {"Name": column, "Parameters": {"iceberg.field.current": "true"}}
    storage = {"Columns": [now, old], "Location": f"s3://serve/{name}/"}
    return {"Name": name, "StorageDescriptor": storage} | (
        {"Parameters": {"table_type": "ICEBERG"}} if column else {"TableType": "VIRTUAL_VIEW"}
    )


def test_tables_are_found_by_the_columns_that_they_have_now():
    found = iceberg_tables(Catalog(), ["gold"])

    assert [(each.full_name, each.location, each.is_keyed) for each in found] == [
        ("gold.rounds", "s3://serve/rounds", True),
        ("gold.c", "s3://serve/c", False),
    ]
