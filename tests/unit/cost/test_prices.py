"""What Athena and Glue bill, by the rules of their price lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_lakehouse.cost.prices import MIB, TIB, billed_bytes, billed_dpu_hours, scan_dollars


@pytest.mark.parametrize(
    ("kind", "state", "scanned", "billed"),
    [
        ("DML", "SUCCEEDED", 0, 10 * MIB),
        ("DML", "SUCCEEDED", 1, 10 * MIB),
        ("DML", "SUCCEEDED", 10 * MIB, 10 * MIB),
        ("DML", "SUCCEEDED", 10 * MIB + 1, 11 * MIB),
        ("DML", "CANCELLED", 3 * TIB, 3 * TIB),
        ("DML", "CANCELLED", 0, 0),
        ("DML", "FAILED", 3 * TIB, 0),
        ("DDL", "SUCCEEDED", 0, 0),
        ("DDL", "SUCCEEDED", 50 * MIB, 50 * MIB),
        ("UTILITY", "SUCCEEDED", 0, 0),
    ],
)
def test_bytes_that_athena_bills(kind, state, scanned, billed):
    assert billed_bytes(kind, state, scanned) == billed


def test_a_reused_result_is_free():
    assert billed_bytes("DML", "SUCCEEDED", 50 * MIB, is_reused=True) == 0


@given(st.integers(0, 10**15))
def test_billed_are_whole_mebibytes_and_no_less_than_was_scanned(scanned):
    billed = billed_bytes("DML", "SUCCEEDED", scanned)
    assert billed % MIB == 0
    assert max(scanned, 10 * MIB) <= billed < max(scanned, 10 * MIB) + MIB


def test_a_tebibyte_costs_the_list_price():
    assert scan_dollars(TIB) == 5.0
    assert scan_dollars(TIB, 4.0) == 4.0


@pytest.mark.parametrize(("seconds", "dpu", "hours"), [(0, 2, 0), (1, 2, 2 / 60), (60, 2, 2 / 60), (90, 10, 0.25)])
def test_dpu_hours_that_glue_bills(seconds, dpu, hours):
    assert billed_dpu_hours(seconds, dpu) == pytest.approx(hours)
