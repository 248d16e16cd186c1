"""Artifacts of another dbt are refused by name."""

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_schemas import read_run_results, read_sources


@pytest.mark.parametrize("read", [read_run_results, read_sources])
@pytest.mark.parametrize(
    "content", [{}, {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/x/v9.json"}}]
)
def test_artifact_of_another_version_is_refused(read, content):
    with pytest.raises(
        LakehouseError, match=r"of version (None|.*x/v9\.json), not (run-results/v6|sources/v3)"
    ) as caught:
        read(content)
    assert "make setup" in caught.value.next_step
