"""dbt's artifacts in the versions that the pinned dbt writes. The parser's own front imports every version there ever
was, which takes seconds.
"""

from collections.abc import Mapping
from typing import Any

from dbt_artifacts_parser.parsers.run_results.run_results_v6 import RunResultsV6
from dbt_artifacts_parser.parsers.sources.sources_v3 import SourcesV3

from tm_lakehouse.errors import LakehouseError

SCHEMAS = "https://schemas.getdbt.com/dbt"
PINNED = "Use the dbt that `make setup` installs, or unset TM_DBT."


def read_run_results(content: Mapping[str, Any]) -> RunResultsV6:
    """What a run_results.json holds.

    Raises:
        LakehouseError: it is of another version.
    """
    _check_version(content, "run-results/v6")
    return RunResultsV6(**content)


def read_sources(content: Mapping[str, Any]) -> SourcesV3:
    """What a sources.json holds.

    Raises:
        LakehouseError: it is of another version.
    """
    _check_version(content, "sources/v3")
    return SourcesV3(**content)


def _check_version(content: Mapping[str, Any], wanted: str) -> None:
    found = content.get("metadata", {}).get("dbt_schema_version")
    if found != f"{SCHEMAS}/{wanted}.json":
        raise LakehouseError(f"dbt left an artifact of version {found}, not {wanted}.", PINNED)
