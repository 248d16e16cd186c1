"""Bring an Iceberg table up to its contract through Iceberg's own API in a Spark session."""

import logging
import random
import time
from typing import Any

from py4j.protocol import Py4JJavaError

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.tables.contract import ColumnType, TableContract
from tm_lakehouse.tables.evolution import columns_to_add

_ICEBERG_TYPES: dict[ColumnType, str] = {"bigint": "long"}
_ATHENA_TYPES = {"long": "bigint"}
_LOST_RACES = (
    "org.apache.iceberg.exceptions.CommitFailedException",
    "org.apache.iceberg.exceptions.CommitStateUnknownException",
)
_ATTEMPTS = 10
_LONGEST_PAUSE_SECONDS = 5.0

logger = logging.getLogger(__name__)


def evolve(jvm: Any, table: Any, contract: TableContract, name: str) -> list[str]:
    """Add the contract's columns that the loaded table lacks; their names.

    One commit of metadata: the columns come last and may be NULL, which is what every row has that was written before.
    Where another run changes the table at the same moment, what is still missing is decided anew.

    Raises:
        LakehouseError: the table and the contract contradict each other, or the table is changed again and again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        table.refresh()
        missing = columns_to_add(contract, types_of(table), name)
        if not missing:
            return []
        change = table.updateSchema()
        for column in missing:
            iceberg_type = jvm.org.apache.iceberg.types.Types.fromPrimitiveString(
                _ICEBERG_TYPES.get(column.type, column.type)
            )
            change.addColumn(column.name, iceberg_type, column.meaning)
        try:
            change.commit()
        except Py4JJavaError as error:
            if str(error.java_exception.getClass().getName()) not in _LOST_RACES:
                raise
            logger.info("%s was changed meanwhile (%s); comparing again", name, error.java_exception.getMessage())
            time.sleep(random.uniform(0.5, 1.0) * min(2.0**attempt / 10, _LONGEST_PAUSE_SECONDS))
            continue
        table.refresh()
        added = [column.name for column in missing]
        logger.info("%s has new columns: %s", name, ", ".join(added))
        return added
    raise LakehouseError(f"{name} was changed by others again and again.", "Run it again; it is repeatable.")


def types_of(table: Any) -> dict[str, str]:
    """The loaded table's columns, with their types as Athena's DDL names them."""
    types = {str(field.name()): str(field.type().toString()) for field in table.schema().columns()}
    return {name: _ATHENA_TYPES.get(each, each) for name, each in types.items()}
