"""A lakehouse of its own for each test module: buckets, a workgroup, and the catalog as Terraform makes it."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from gold_lakehouse import gold_lakehouse
from silver_rows import insert_fixes, put_summaries

from tm_lakehouse.athena import Athena
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings


@pytest.fixture(scope="module")
def lakehouse(aws, apply_catalog) -> Iterator[Settings]:
    """Empty databases; everything goes when the module is done."""
    with gold_lakehouse(apply_catalog) as settings:
        yield settings


@pytest.fixture(scope="module")
def athena(lakehouse) -> Athena:
    """The module's workgroup, with Silver as the database."""
    return Athena(lakehouse.athena_workgroup, lakehouse.db_silver)


@pytest.fixture(scope="module")
def add_fixes(lakehouse, athena) -> Callable[[list[dict]], None]:
    """Insert fixes into Silver, each given by the columns that are not NULL; makes the table when it isn't there."""
    return partial(insert_fixes, lakehouse, athena)


@pytest.fixture(scope="module")
def add_summaries(lakehouse) -> Callable[[list[RunSummary]], None]:
    """Put run summaries where the job puts them."""
    return partial(put_summaries, lakehouse)
