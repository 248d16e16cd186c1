"""Bring an Iceberg table up to its contract through Athena."""

import time
from collections import defaultdict
from collections.abc import Mapping

from tm_lakehouse.athena import Athena, QueryFailedError
from tm_lakehouse.tables.contract import TableContract
from tm_lakehouse.tables.evolution import columns_to_add

_TYPES = {"varchar": "string", "integer": "int"}
_ATTEMPTS = 3


def tables_of(athena: Athena, database: str) -> dict[str, dict[str, str]]:
    """The columns of each table of a database, with their types as Athena's DDL names them."""
    found = athena.query(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        f"WHERE table_schema = '{database}' ORDER BY table_name, ordinal_position"
    )
    tables: dict[str, dict[str, str]] = defaultdict(dict)
    for table, column, data_type in found.rows:
        tables[str(table)][str(column)] = _ddl_type(str(data_type))
    return dict(tables)


def evolve(athena: Athena, contract: TableContract, database: str, found: Mapping[str, str]) -> list[str]:
    """Add the contract's columns that the table, which has the columns `found`, lacks; their names.

    Raises:
        LakehouseError: the table and the contract contradict each other, or Athena refused.
    """
    name = f"{database}.{contract.name}"
    for attempt in range(1, _ATTEMPTS + 1):
        missing = columns_to_add(contract, found, name)
        if not missing:
            return []
        columns = ", ".join(f"`{column.name}` {column.type}" for column in missing)
        try:
            athena.query(f"ALTER TABLE `{database}`.`{contract.name}` ADD COLUMNS ({columns})")
        except QueryFailedError:
            # Another refresh may have been faster: what is still missing is decided anew.
            if attempt == _ATTEMPTS:
                raise
            time.sleep(attempt)
            found = tables_of(athena, database)[contract.name]
        else:
            return [column.name for column in missing]
    raise AssertionError("unreachable: the last attempt returns or raises")


def _ddl_type(data_type: str) -> str:
    if data_type.startswith("timestamp(") and data_type.endswith(")"):
        return "timestamp"
    return _TYPES.get(data_type, data_type)
