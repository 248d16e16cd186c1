"""The curated nines changed by hand."""

import os

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.topology.curated import curated_nines
from tm_lakehouse.topology.edit import (
    difference,
    edited_nines,
    refresh_changes,
    seed_path,
    seed_text,
    why_not_writable,
    write_seed,
)
from tm_lakehouse.topology.inference import Nine

ROW = {"unit_id": 1, "unit_name": "Course", "nine_number": 1, "section_start": 1, "section_end": 26}
NINE = Nine("c", 1, "Course", 1, 1, 26, "curated")


def test_the_file_is_what_writing_its_nines_makes():
    assert seed_text(curated_nines()) == seed_path().read_text()


def test_one_facility_is_replaced_and_others_stay():
    edited = edited_nines(curated_nines(), "americanfalls", [ROW])

    assert [nine for nine in edited if nine.facility_id == "americanfalls"] == [
        NINE._replace(facility_id="americanfalls")
    ]
    assert [nine for nine in edited if nine.facility_id != "americanfalls"] == [
        nine for nine in curated_nines() if nine.facility_id != "americanfalls"
    ]


def test_no_row_takes_the_facility_out():
    assert "americanfalls" not in seed_text(edited_nines(curated_nines(), "americanfalls", []))


@pytest.mark.parametrize(
    ("rows", "objection"),
    [
        ([ROW | {"section_start": 27}], "no range"),
        ([ROW, ROW | {"nine_number": 2, "section_start": 26, "section_end": 52}], "share sections"),
        ([ROW, ROW | {"section_start": 27, "section_end": 52}], "listed twice"),
        ([ROW | {"unit_name": "  "}], "needs a name"),
        ([ROW | {"section_end": None}], "whole number"),
        ([ROW | {"section_end": float("nan")}], "whole number"),
        ([ROW | {"section_end": 2.5}], "whole number"),
        ([ROW | {"nine_number": 0}], "from 1 to"),
    ],
)
def test_contradictions_are_refused(rows, objection):
    with pytest.raises(ValueError, match=objection):
        edited_nines([], "c", rows)


def test_a_name_with_a_comma_stays_one_name():
    assert '"North, old"' in seed_text(edited_nines([], "c", [ROW | {"unit_name": "North, old"}]))


def test_the_difference_names_changed_lines_only():
    before = seed_text([NINE, NINE._replace(facility_id="d")])
    changed = difference(before, seed_text([NINE._replace(section_end=25), NINE._replace(facility_id="d")]))

    assert [line for line in changed.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        "-c,1,Course,1,1,26",
        "+c,1,Course,1,1,25",
    ]
    assert difference(before, before) == ""


def test_a_refresh_writes_what_differs_and_removes_what_is_gone():
    in_lake = [NINE, NINE._replace(nine_number=2, section_start=27, section_end=52)]
    wanted = NINE._replace(section_end=25)

    found = refresh_changes(in_lake, [wanted, NINE._replace(facility_id="d")], "c")

    assert found.upserts == [wanted]
    assert found.deletes == [in_lake[1]]
    assert not refresh_changes([NINE], [NINE], "c")


def test_writing_replaces_the_file(tmp_path):
    path = tmp_path / "seed.csv"
    path.write_text("before")

    write_seed(path, "before", "after")

    assert path.read_text() == "after"


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "seed.csv"
    path.write_text("somebody else's")

    with pytest.raises(LakehouseError, match="somebody else"):
        write_seed(path, "before", "after")

    assert path.read_text() == "somebody else's"


def test_only_a_file_that_may_be_written_is_writable(tmp_path, monkeypatch):
    path = tmp_path / "seed.csv"
    assert "archive" in why_not_writable(path)
    path.write_text("x")
    assert why_not_writable(path) is None
    for refused in (path, tmp_path):
        monkeypatch.setattr(os, "access", lambda asked, _, refused=refused: asked != refused)
        assert "can't be written" in why_not_writable(path)
