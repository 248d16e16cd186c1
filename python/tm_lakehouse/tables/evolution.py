"""A table that an earlier contract made, against the contract as it is now. Pure."""

from collections.abc import Mapping

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.tables.contract import Column, TableContract

HOW_TO = 'docs/data.md, "Add a column to Silver"'


def columns_to_add(contract: TableContract, found: Mapping[str, str], name: str) -> list[Column]:
    """The contract's columns that the table lacks, in the contract's order.

    `found`: the table's columns, with their types as Athena's DDL names them. Only new columns are taken: whatever
    else differs would lose values, or give old rows another meaning.

    Raises:
        LakehouseError: the table has a column that the contract lacks, or one of another type.
    """
    for column, found_type in found.items():
        if column not in contract.column_names:
            raise LakehouseError(
                f"{name} has the column {column}, which its contract lacks: a run would lose its values.",
                "Run the code whose contract has it. To give the column up, drop it from the table on purpose first.",
            )
        expected = next(each.type for each in contract.columns if each.name == column)
        if found_type != expected:
            raise LakehouseError(
                f"{name} has {column} as {found_type}, its contract as {expected}: a type can't be changed in place.",
                f"Put the type back into the contract, or add a column of another name ({HOW_TO}).",
            )
    return [column for column in contract.columns if column.name not in found]
