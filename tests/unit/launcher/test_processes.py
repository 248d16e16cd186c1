"""Background processes are found again, stopped whole, and never confused with another process of the same id."""

import dataclasses
import os
import sys
import time

import psutil
import pytest

from tm_localstack.launcher import processes
from tm_localstack.launcher.settings import LauncherError

CHILD_OF_ITS_OWN = (
    "import subprocess,sys,time; subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']); time.sleep(60)"
)


@pytest.fixture
def started(tmp_path):
    """A process that has started a child of its own."""
    record = processes.start(
        "sleeper", [sys.executable, "-c", CHILD_OF_ITS_OWN], os.environ, tmp_path / "sleeper.log", tmp_path
    )
    deadline = time.monotonic() + 10
    while not psutil.Process(record.pid).children() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield record
    processes.stop([record])


def test_stop_ends_the_process_and_its_children(started):
    family = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
    assert len(family) == 2

    processes.stop([started])

    assert not [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]


def test_a_record_survives_on_disk(started, tmp_path):
    processes.save([started], tmp_path / "state" / "state.json")

    (loaded,) = processes.load(tmp_path / "state" / "state.json")

    assert loaded == started
    assert processes.find(loaded) is not None


def test_a_process_is_found_when_the_machines_clock_was_set(started, monkeypatch):
    since = psutil.Process(started.pid).create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: since + 3600)

    assert processes.find(started) is not None


def test_records_of_another_version_are_refused_with_its_processes(tmp_path):
    (tmp_path / "state.json").write_text('[{"name": "trino", "pid": 1, "created": 1.5, "log": "trino.log"}]')

    with pytest.raises(LauncherError, match="another version") as refused:
        processes.load(tmp_path / "state.json")

    assert "`ps -p 1`" in refused.value.next_step


def test_a_reused_process_id_is_not_the_recorded_process(started):
    other = dataclasses.replace(started, mark="0" * 32)

    assert processes.find(other) is None
    processes.stop([other])
    assert processes.find(started) is not None


def test_a_free_port_has_no_listener_and_a_taken_one_names_its_process():
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert f"process {os.getpid()}" in processes.listener(server.getsockname()[1])
        port = server.getsockname()[1]
    assert processes.listener(port) is None


def test_engines_see_no_credentials_of_the_caller(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_PROFILE", "prod")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")

    inherited = processes.inherited_environment()

    assert not [name for name in inherited if name.startswith("AWS_") and name != "AWS_CA_BUNDLE"]
    assert "PYTHONPATH" not in inherited
    assert inherited["PATH"] == os.environ["PATH"]
