"""Maintenance of a table that is written at the same time."""

import secrets
from datetime import date
from itertools import count, islice

import pytest

from tm_lakehouse.landing_to_silver.iceberg_transforms import bucket
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.tables.fact_telemetry_event import COURSE_BUCKETS


@pytest.fixture
def small_files(lake, undisturbed):
    """Six runs of a course each, all of one bucket: as many small files in each of its partitions."""
    unique = secrets.token_hex(3)
    names = (f"packed-{unique}-{number}" for number in count())
    courses = list(islice((name for name in names if bucket(name, COURSE_BUCKETS) == 0), 6))
    deliveries = [Prefix(course, date(2024, 7, 1)) for course in courses]
    for each in deliveries:
        lake.land(each)
        assert lake.run(each).state == "SUCCEEDED"
    return deliveries


def test_files_get_few_and_a_run_that_commits_meanwhile_loses_nothing(
    lake, undisturbed, small_files, injector, wait_until
):
    before, files_before = lake.rows_by_course(), len(lake.referenced_files())
    injector.add(
        name="gate", effect="hold", service="glue", operation="UpdateTable", resource=f"{lake.names.database}.",
        times=1, seconds=120,
    )  # fmt: skip

    # A client that waits longer than it likes sends its commit again, and goes on while the run still writes.
    maintenance = lake.start_maintenance(keep_orphans_hours=1)
    wait_until(lambda: injector.told("gate")["waiting"], 120, "the compaction comes to its commit")
    meanwhile = lake.run(small_files[0])
    injector.release("gate")
    finished = maintenance.follow(lambda _: None)

    assert (meanwhile.state, finished.state) == ("SUCCEEDED", "SUCCEEDED"), (meanwhile.message, finished.message)
    assert lake.rows_by_course() == before

    finished = lake.start_maintenance().follow(lambda _: None)

    assert finished.state == "SUCCEEDED", finished.message
    assert lake.rows_by_course() == before
    assert lake.rows(small_files[0].course_id) == undisturbed
    assert len(lake.referenced_files()) < files_before
    assert lake.data_files() == lake.referenced_files(), "orphans and files of forgotten snapshots are gone"
