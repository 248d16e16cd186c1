"""An older table against a newer contract."""

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.tables.contract import Column, TableContract
from tm_lakehouse.tables.evolution import columns_to_add

CONTRACT = TableContract(
    name="rounds",
    grain="One row per round.",
    columns=(
        Column("round_id", "string", "Id."),
        Column("weather", "string", "Sky."),
        Column("wind", "double", "m/s."),
    ),
    key=("round_id",),
)
COMPLETE = {"round_id": "string", "weather": "string", "wind": "double"}


def test_a_table_of_the_contract_needs_nothing():
    assert columns_to_add(CONTRACT, COMPLETE, "silver.rounds") == []


def test_what_the_table_lacks_is_added_in_the_contracts_order():
    assert [each.name for each in columns_to_add(CONTRACT, {"round_id": "string"}, "t")] == ["weather", "wind"]


def test_another_order_of_columns_is_no_difference():
    assert columns_to_add(CONTRACT, dict(reversed(COMPLETE.items())), "t") == []


@pytest.mark.parametrize(
    ("difference", "reason"),
    [
        ({"tempo": "int"}, "silver.rounds has the column tempo, which its contract lacks"),
        ({"wind": "int"}, "silver.rounds has wind as int, its contract as double"),
        ({"wind": "float"}, "silver.rounds has wind as float, its contract as double"),
    ],
)
def test_a_column_that_would_be_lost_or_change_its_meaning_is_refused_by_name(difference, reason):
    with pytest.raises(LakehouseError) as refused:
        columns_to_add(CONTRACT, COMPLETE | difference, "silver.rounds")

    assert reason in refused.value.reason
    assert refused.value.next_step
    assert str(refused.value) == f"{refused.value.reason} {refused.value.next_step}"
