"""Silver's tables, from their contracts."""

from collections.abc import Iterable

from tm_lakehouse.dictionary.page import Shown, names, section
from tm_lakehouse.tables import (
    course_fix_density,
    dim_course_profile,
    dim_facility_topology,
    dim_section_geometry,
    fact_telemetry_event,
)
from tm_lakehouse.tables.contract import TableContract

CONTRACTS = (
    fact_telemetry_event.TABLE,
    dim_facility_topology.TABLE,
    dim_course_profile.TABLE,
    dim_section_geometry.TABLE,
    course_fix_density.TABLE,
)


def sections(contracts: Iterable[TableContract] = CONTRACTS) -> list[str]:
    """One section per table: its grain, key and layout, and the meaning of each column."""
    return [_section(contract) for contract in contracts]


def _section(contract: TableContract) -> str:
    layout = (
        f"Key: {names(contract.key)}. Partitioned by: {names(contract.partitioning)}. "
        f"Sorted by: {names(contract.sort_order)}."
    )
    columns = [Shown(column.name, column.type, column.meaning) for column in contract.columns]
    return section(contract.name, contract.grain, columns, layout)
