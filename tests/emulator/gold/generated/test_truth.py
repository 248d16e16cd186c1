"""Every number of Gold equals what its definition gives, computed by plain Python over the same Silver rows."""

import math
from datetime import date, datetime

import pytest
from gold_truth.tables import tables
from gold_truth.values import Rounded

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.dictionary.gold import read_models

MODELS = {model.name: model for model in read_models(project_root() / "python" / "dbt" / "models" / "gold")}
BOOKKEEPING = {"changed_inputs", "changed_rounds", "consumed_inputs"}


@pytest.fixture(scope="module")
def truth(silver, loaded, athena):
    """Each table's rows by definition; the dimensions are those of the lakehouse."""
    topology = athena.query("SELECT facility_id, nine_number, unit_name FROM dim_facility_topology").records()
    nines = [row | {"nine_number": int(row["nine_number"])} for row in topology]
    profiles = athena.query("SELECT * FROM dim_course_profile").records()
    return tables(silver, nines, [_profile(row) for row in profiles])


def test_every_column_of_gold_has_a_truth(truth):
    told = {(table, column) for table, rows in truth.items() for column in rows[0]}
    declared = {
        (name, column["name"]) for name, model in MODELS.items() for column in model.columns if name not in BOOKKEEPING
    }
    assert told == declared


def test_what_the_truth_is_made_of_has_all_that_matters(silver, truth, courses):
    assert len({row["ingest_date"] for row in silver}) == 2
    assert any(row["is_location_padding"] for row in silver)
    assert {row["round_length"] for row in truth["fact_rounds"]} >= {"9", "18", "27"}
    assert {row["course_id"] for row in truth["dim_course"]} == courses.keys()
    assert {row["topology_course_type"] for row in truth["dim_course"]} >= {None, "27-hole"}
    assert {row["health_flag"] for row in truth["device_health_errors"]} == {"battery_low", "battery_critical"}
    kinds = {type(value) for rows in truth.values() for row in rows for value in row.values()}
    assert {bool, int, float, str, date, datetime, Rounded, list, type(None)} <= kinds


@pytest.mark.parametrize("table", sorted(MODELS.keys() - BOOKKEEPING))
def test_numbers_are_those_of_the_definition(truth, built, athena, table):
    key = MODELS[table].key
    found = {_key(row, key): row for row in athena.query(f'SELECT * FROM "{built.database}"."{table}"').records()}
    expected = {_key(row, key): row for row in truth[table]}
    assert len(expected) == len(truth[table])
    assert found.keys() == expected.keys()
    wrong = [
        (row_key, column, value, found[row_key][column])
        for row_key, row in expected.items()
        for column, value in row.items()
        if not _is(found[row_key][column], value)
    ]
    assert wrong[:5] == [], f"{len(wrong)} values"


def _profile(row):
    months = ("peak_season_start_month", "peak_season_end_month")
    return row | {name: row[name] and int(row[name]) for name in months}


def _key(row, columns):
    """Keys of truth and of Athena's texts in one form."""
    return tuple(_text(row[column]) for column in columns)


def _text(value):
    return None if value is None else str(value)


def _is(text, value):
    """Whether Athena's text is a value."""
    if value is None or text is None:
        return value is None and text is None
    if isinstance(value, Rounded):
        return value.allows(text)
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, datetime):
        return datetime.fromisoformat(text) == value
    if isinstance(value, list):
        found = [None if each == "null" else each for each in text.strip("[]").split(", ")]
        return len(found) == len(value) and all(_is(*pair) for pair in zip(found, value, strict=True))
    if isinstance(value, int | float):
        return math.isclose(float(text), value, rel_tol=1e-9)
    return text == str(value)
