"""Numbers with a point on their way to Trino."""

import pytest

from tm_localstack.athena.translation.numbers import with_doubles


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 0.1, -1.5, .5, 2. from t", "select 0.1e0, -1.5e0, .5e0, 2.e0 from t"),
        ("select round(x*100.0/y,2)", "select round(x*100.0e0/y,2)"),
    ],
)
def test_a_number_with_a_point_becomes_a_double(sql, expected):
    assert with_doubles(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "select 1, 10, 1.5e3, 1E5, 1.e-2",
        "select decimal '0.12', '1.5', 'it''s 2.5'",
        'select "a 1.5", t1.c2, a[1].b, x.y from db1.t2 -- 1.5',
        "select cast(x as decimal(10,2)) /* 1.5 */",
        "select timestamp '2024-01-15 10:16:40.5'",
    ],
)
def test_nothing_else_changes(sql):
    assert with_doubles(sql) == sql
