"""The table contracts as a page to read."""

import sys
from collections.abc import Iterable

from tm_lakehouse.tables.contract import TableContract

HEADER = """# Tables of Silver

Written by `make docs` from the contracts in `python/tm_lakehouse/tables`. Gold's tables are described in dbt's own
documentation, which `tm-lakehouse gold` keeps at `dbt_artifacts/run_id=.../index.html` in the observability bucket.
"""


def dictionary(contracts: Iterable[TableContract]) -> str:
    """One section per table: its grain, key and layout, and the meaning of each column."""
    return "\n".join([HEADER, *(_section(contract) for contract in contracts)])


def _section(contract: TableContract) -> str:
    rows = "\n".join(f"| `{column.name}` | {column.type} | {column.meaning} |" for column in contract.columns)
    return (
        f"## `{contract.name}`\n{contract.grain}\n\n"
        f"Key: {_names(contract.key)}. Partitioned by: {_names(contract.partitioning)}. "
        f"Sorted by: {_names(contract.sort_order)}.\n\n"
        f"| column | type | meaning |\n|---|---|---|\n{rows}\n"
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def main() -> None:
    """Print the page about Silver's tables."""
    from tm_lakehouse.tables import (
        course_fix_density,
        dim_course_profile,
        dim_facility_topology,
        dim_section_geometry,
        fact_telemetry_event,
    )

    contracts = (
        fact_telemetry_event.TABLE,
        dim_facility_topology.TABLE,
        dim_course_profile.TABLE,
        dim_section_geometry.TABLE,
        course_fix_density.TABLE,
    )
    sys.stdout.write(dictionary(contracts))


if __name__ == "__main__":
    main()
