"""How deliveries are split into runs."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.silver_runs.plan import split_into_runs

SIZES = st.dictionaries(
    st.builds(Prefix, st.sampled_from("abc"), st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))),
    st.integers(0, 100),
)


@given(SIZES, st.integers(1, 200), st.integers(1, 10))
def test_every_delivery_is_in_one_run_within_both_limits(sizes, run_bytes, run_deliveries):
    runs = split_into_runs(sizes, run_bytes, run_deliveries)

    assert sorted(prefix for run in runs for prefix in run) == sorted(sizes)
    for run in runs:
        assert 1 <= len(run) <= run_deliveries
        assert len(run) == 1 or sum(sizes[prefix] for prefix in run) <= run_bytes


@given(SIZES, st.integers(1, 200), st.integers(1, 10))
def test_no_run_takes_a_date_that_lies_before_those_of_an_earlier_run(sizes, run_bytes, run_deliveries):
    dates = [prefix.ingest_date for run in split_into_runs(sizes, run_bytes, run_deliveries) for prefix in run]

    assert dates == sorted(dates)


@given(SIZES)
def test_neighbouring_runs_could_not_have_been_one(sizes):
    runs = split_into_runs(sizes, 150, 7)

    for run, following in pairwise(runs):
        assert len(run) == 7 or sum(sizes[each] for each in run) + sizes[following[0]] > 150
