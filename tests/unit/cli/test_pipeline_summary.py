"""What `run` tells of a run that succeeded."""

import json

import pytest

from tm_lakehouse.cli.pipeline_summary import found_in, sentences

SILVER = {
    "deliveries": 1, "records_read": 210, "rounds_written": 200, "rows_written": 9203, "duplicates": 248,
    "quarantined_slots": 81, "run_id": "jr_1", "state": "SUCCEEDED", "message": None,
}  # fmt: skip
GOLD = {"publication": "000002", "tables": 24, "rows": 29190, "tests": {"pass": 63, "warn": 1}, "dollars": 0.00481}
FRESH = "fresh: silver.fact_telemetry_event was last loaded less than a minute ago (2026-11-28 12:01 UTC)"
TOLD = {"silver": SILVER, "topology": {"courses": 1}, "gold": GOLD, "freshness": [FRESH], "parity": None}


def test_it_is_found_among_the_lines_of_the_log():
    assert found_in(["Filling up the DagBag", "7", json.dumps(TOLD), "Done. Returned value was: {'silver': 1}"]) == TOLD


@pytest.mark.parametrize("lines", [[], ["{broken"], ['{"ingest_date": "2025-09-01"}', "[1]"]])
def test_another_log_has_none(lines):
    assert found_in(lines) is None


def test_each_stage_is_a_line():
    assert sentences(TOLD) == [
        "Silver: 1 delivery, 210 records read, 200 rounds and 9,203 rows written, 81 slots quarantined",
        "Gold: publication 000002, 24 tables with 29,190 rows; tests: 63 pass, 1 warn; 0.0048 dollars",
        f"Source {FRESH}",
        "`tm-lakehouse report --open` shows all of it.",
    ]


def test_nothing_to_read_and_a_check_of_both_engines_are_told_too():
    told = sentences(TOLD | {"silver": None, "parity": {"check_id": "c", "tables": 30, "rows": 7}})

    assert told[0] == "Silver: it held all that is landed"
    assert "Spark and Athena read 30 tables alike" in told
