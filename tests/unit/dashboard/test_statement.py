"""Values in statements: what they may be, and that none ends its literal."""

from datetime import UTC, date, datetime

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from tm_lakehouse.dashboard.statement import Databases, Statement, quoted

DATABASES = Databases("silver", "gold_of_a_trial", "observability")


@given(st.text())
def test_any_text_is_one_literal_of_just_this_text(text):
    parsed = sqlglot.parse_one(f"SELECT {quoted(text)}", dialect="trino")

    assert [type(each) for each in parsed.expressions] == [exp.Literal]
    assert parsed.expressions[0].this == text


@pytest.mark.parametrize("text", ["x' OR '1'='1", "'; DROP TABLE fact_rounds --", "a:last", "{silver}", "\\'"])
def test_a_hostile_value_stays_a_value(text):
    statement = Statement(
        "s", "SELECT 1 FROM {gold}.t WHERE c = :course_id AND d = :last", {"course_id": text, "last": 5}
    )

    parsed = sqlglot.parse_one(statement.sql(DATABASES), dialect="trino")

    conditions = {each.this.name: each.expression for each in parsed.find_all(exp.EQ)}
    assert conditions.keys() == {"c", "d"}
    assert conditions["c"].this == text
    assert conditions["d"].this == "5"


def test_names_and_values_are_filled_in():
    statement = Statement(
        "rounds", "SELECT a FROM {gold}.t WHERE b = :day LIMIT :most", {"day": date(2024, 6, 1), "most": 9}
    )

    assert statement.sql(DATABASES) == (
        "-- dashboard: rounds\nSELECT a FROM \"gold_of_a_trial\".t WHERE b = DATE '2024-06-01' LIMIT 9"
    )


def test_a_parameter_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="course_id"):
        Statement("s", "SELECT :course_id").sql(DATABASES)


@pytest.mark.parametrize("value", [None, True, 1.5, datetime(2024, 6, 1, tzinfo=UTC), b"x", ["x"]])
def test_only_texts_numbers_and_days_are_parameters(value):
    with pytest.raises(TypeError, match="no parameter"):
        quoted(value)
