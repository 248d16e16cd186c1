"""SIGKILL wherever a run touches the world; running again gives what an undisturbed run gives."""

from typing import NamedTuple

import pytest

from tm_lakehouse.landing_to_silver.prefixes import Prefix


class Point(NamedTuple):
    """A call at which a run is killed: before it is carried out, or after it and before its answer."""

    service: str
    operation: str
    place: str
    moment: str
    skip: int = 0

    @property
    def is_committed(self) -> bool:
        """Whether Silver holds the run's rows by then."""
        return self.place == "summary" or (self.operation == "UpdateTable" and self.moment == "after")


POINTS = [
    Point("s3", "ListObjectsV2", "landing", "before"),
    Point("s3", "GetObject", "landing", "after"),
    Point("s3", "PutObject", "quarantine", "before"),
    Point("s3", "PutObject", "quarantine", "after"),
    Point("s3", "PutObject", "data", "before"),
    Point("s3", "PutObject", "data", "after", skip=1),
    Point("s3", "PutObject", "metadata", "before"),
    Point("s3", "PutObject", "metadata", "after", skip=1),
    Point("glue", "UpdateTable", "table", "before"),
    Point("glue", "UpdateTable", "table", "after"),
    Point("s3", "PutObject", "summary", "before"),
    Point("s3", "PutObject", "summary", "after"),
]
KILLED: list[Prefix] = []


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.moment}-{point.operation}-{point.place}")
def test_a_killed_run_leaves_all_or_nothing(point, lake, undisturbed, injector, delivery, wait_until):
    prefix = delivery("killed")
    places = {
        "landing": f"{lake.names.buckets['landing']}/",
        "quarantine": f"{lake.names.buckets['quarantine']}/",
        "data": f"{lake.names.data}data/",
        "metadata": f"{lake.names.data}metadata/",
        "table": f"{lake.names.database}.",
        "summary": f"{lake.names.buckets['observability']}/silver/{prefix.key}",
    }
    injector.add(
        name="halt", effect="hold", service=point.service, operation=point.operation, resource=places[point.place],
        moment=point.moment, skip=point.skip,
    )  # fmt: skip

    run = lake.start(prefix)
    wait_until(lambda: injector.told("halt")["waiting"], 120, f"the run comes to {point}")
    lake.kill(run)
    injector.clear()
    finished = run.follow(lambda _: None)

    assert finished.state == "FAILED"
    assert lake.rows(prefix.course_id) == (undisturbed if point.is_committed else [])
    KILLED.append(prefix)


def test_running_again_gives_what_an_undisturbed_run_gives(lake, undisturbed):
    assert KILLED, "runs only after the tests that kill"

    finished = lake.run(*KILLED)

    assert finished.state == "SUCCEEDED", finished.message
    for prefix in KILLED:
        assert lake.rows(prefix.course_id) == undisturbed
        last = max(lake.summaries(prefix.course_id), key=lambda each: each.finished_at)
        assert (last.run_id, last.slots_read, last.rows_written, last.quarantined_slots) == (finished.run_id, 9, 6, 3)


def test_what_killed_runs_leave_is_invisible_and_can_be_told_from_the_table(lake):
    lying, referenced = lake.data_files(), lake.referenced_files()

    assert referenced <= lying
    assert lying - referenced, "a killed run leaves files that no snapshot names"
