"""Every number of Gold equals what its definition gives, computed by plain Python over the same Silver rows."""

from datetime import date, datetime

import pytest
from gold_truth.comparison import differences, told_models, truth_of
from gold_truth.values import Rounded

MODELS = told_models()


@pytest.fixture(scope="module")
def truth(silver, loaded, athena):
    """Each table's rows by definition; the dimensions are those of the lakehouse."""
    return truth_of(silver, athena)


def test_every_column_of_gold_has_a_truth(truth):
    told = {(table, column) for table, rows in truth.items() for column in rows[0]}
    assert told == {(name, column["name"]) for name, model in MODELS.items() for column in model.columns}


def test_what_the_truth_is_made_of_has_all_that_matters(silver, truth, courses):
    assert len({row["ingest_date"] for row in silver}) == 2
    assert any(row["is_location_padding"] for row in silver)
    assert {row["round_length"] for row in truth["fact_rounds"]} >= {"9", "18", "27"}
    assert {row["course_id"] for row in truth["dim_course"]} == courses.keys()
    assert {row["topology_course_type"] for row in truth["dim_course"]} >= {None, "27-hole"}
    assert {row["health_flag"] for row in truth["device_health_errors"]} == {"battery_low", "battery_critical"}
    kinds = {type(value) for rows in truth.values() for row in rows for value in row.values()}
    assert {bool, int, float, str, date, datetime, Rounded, list, type(None)} <= kinds


@pytest.mark.parametrize("table", sorted(MODELS))
def test_numbers_are_those_of_the_definition(truth, built, athena, table):
    found = athena.query(f'SELECT * FROM "{built.database}"."{table}"').records()
    wrong = differences(found, truth[table], MODELS[table].key)
    assert wrong[:5] == [], f"{len(wrong)} values"
