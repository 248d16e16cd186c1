"""What a reader sees while Gold is built, fails its tests, is killed, and is published."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import boto3
import psutil
import pytest
from gold_lakehouse import gold_lakehouse

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.move import resume

RUN = project_root() / "tests" / "support" / "gold_run.py"
SCENARIO = project_root() / "tests" / "scenarios" / "gold_publication"
PAUSE_SECONDS = 0.2
# Two courses: the sum over the rounds, what the totals say, and twice the latest fixes, a view.
IDENTITY = (
    "SELECT (SELECT sum(fixes) FROM rounds), (SELECT max(fixes) FROM totals), (SELECT 2 * max(fixes) FROM latest)"
)


class Reader:
    """Polls the identity in the published database, from a thread of its own, and remembers all it saw."""

    def __init__(self, gold: Gold) -> None:
        self._athena = Athena(gold.athena.workgroup, gold.database)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self.seen: list[tuple[int, ...]] = []
        self.errors: list[Exception] = []

    def once(self) -> tuple[int, ...]:
        return tuple(int(str(value)) for value in self._athena.query(IDENTITY).rows[0])

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _poll(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.seen.append(self.once())
            except Exception as error:
                self.errors.append(error)


@dataclass(frozen=True)
class Runs:
    """Runs of Gold in processes of their own."""

    gold: Gold
    folder: Path

    def start(self, name: str, version: int, defect: int = 0) -> "subprocess.Popen[str]":
        told = {"TM_TEST_VERSION": str(version), "TM_TEST_DEFECT": str(defect)}
        command = [sys.executable, RUN, name, self.folder]
        return subprocess.Popen(command, env=os.environ | told, text=True, stdout=subprocess.PIPE)

    def finish(self, run: "subprocess.Popen[str]") -> tuple[int, str]:
        said, _ = run.communicate()
        return run.returncode, said

    def kill(self, run: "subprocess.Popen[str]") -> None:
        """SIGKILL the run and its dbt at once; nothing can clean up."""
        for process in [*psutil.Process(run.pid).children(recursive=True), psutil.Process(run.pid)]:
            process.kill()
        run.communicate()


@pytest.fixture(scope="module")
def runs(aws, tmp_path_factory):
    """Version 1 is published."""
    folder = tmp_path_factory.mktemp("gold")
    shutil.copytree(SCENARIO, folder / "project")
    shutil.copy(project_root() / "python" / "dbt" / "profiles.yml", folder / "project")
    with gold_lakehouse() as settings:
        runs = Runs(Gold.of(settings), folder)
        code, said = runs.finish(runs.start("first", 1))
        assert code == 0, said
        yield runs


@pytest.fixture
def reader(runs) -> Reader:
    return Reader(runs.gold)


def query_states(workgroup: str) -> Counter[str]:
    """How many of the workgroup's latest queries are in which state."""
    athena = boto3.client("athena")
    ids = athena.list_query_executions(WorkGroup=workgroup, MaxResults=50)["QueryExecutionIds"]
    found = athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"]
    return Counter(query["Status"]["State"] for query in found)


def version(number: int) -> tuple[int, ...]:
    return (2 * number,) * 3


def test_a_good_build_is_seen_as_a_whole_when_it_is_done(runs, reader):
    before = reader.once()
    with reader:
        code, said = runs.finish(runs.start("good", 2))
    assert code == 0, said
    assert reader.errors == []
    assert len(reader.seen) > 5
    # A query that is planned while the pointers move may see some tables before and some after; none sees the build.
    assert {value for seen in reader.seen for value in seen} <= {before[0], version(2)[0]}
    assert len([seen for seen in reader.seen if len(set(seen)) > 1]) <= 1
    assert reader.once() == version(2)


def test_a_build_with_a_failing_test_is_never_seen(runs, reader):
    before = reader.once()
    with reader:
        code, said = runs.finish(runs.start("defect", 3, defect=1))
    assert code == 1
    assert "totals_add_up" in said
    assert reader.errors == []
    assert set(reader.seen) == {before}


def test_a_build_that_is_killed_midway_is_never_seen_and_the_next_one_is(runs, reader, injector, wait_until):
    before = reader.once()
    held = {"service": "glue", "operation": "UpdateTable", "resource": f"{runs.gold.build}.totals"}
    injector.add(name="midway", effect="hold", times=1, seconds=300, **held)
    with reader:
        run = runs.start("killed", 4)
        wait_until(lambda: injector.told("midway")["waiting"], 300, "the second table is being built")
        built = Athena(runs.gold.athena.workgroup, runs.gold.build).query("SELECT max(fixes) FROM rounds").rows
        assert built == [["4"]], "the first table is of the new version already"
        runs.kill(run)
        injector.clear()
    assert reader.errors == []
    assert set(reader.seen) == {before}

    code, said = runs.finish(runs.start("after-kill", 5))
    assert code == 0, said
    assert reader.once() == version(5)


def test_an_interrupted_build_cancels_its_queries(runs, reader, injector, wait_until):
    before = reader.once()
    held = {"service": "glue", "operation": "UpdateTable", "resource": f"{runs.gold.build}.totals"}
    injector.add(name="interrupted", effect="hold", times=1, seconds=300, **held)
    run = runs.start("interrupted", 7)
    wait_until(lambda: injector.told("interrupted")["waiting"], 300, "a table is being built")
    run.send_signal(signal.SIGINT)
    code, _ = runs.finish(run)
    states = query_states(runs.gold.athena.workgroup)
    injector.clear()
    assert code != 0
    assert states["CANCELLED"] == 1
    assert not states["RUNNING"] + states["QUEUED"]
    assert reader.once() == before


def test_a_publication_that_is_killed_between_two_pointers_is_finished_by_resume(runs, reader, injector, wait_until):
    before = reader.once()
    held = {"service": "glue", "operation": "UpdateTable", "resource": f"{runs.gold.database}.totals"}
    injector.add(name="between", effect="hold", times=1, seconds=300, **held)
    with reader:
        run = runs.start("between", 6)
        wait_until(lambda: injector.told("between")["waiting"], 300, "the second pointer is about to move")
        wait_until(lambda: reader.once()[0] == version(6)[0], 60, "the first pointer has moved")
        runs.kill(run)
        injector.clear()
        mixed = (version(6)[0], before[1], version(6)[2])
        assert reader.once() == mixed, "the view reads the first table, so both are new, until somebody resumes"
        resume(runs.gold)
    assert reader.errors == []
    assert reader.once() == version(6)
    assert {value for seen in reader.seen for value in seen} == {before[0], version(6)[0]}
