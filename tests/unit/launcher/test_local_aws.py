"""Starting refuses a taken port and a second starter, and leaves nothing behind when it fails."""

import socket

import pytest

from tm_localstack.launcher import processes
from tm_localstack.launcher.local_aws import LocalAws
from tm_localstack.launcher.settings import LauncherError, LauncherSettings


@pytest.fixture
def settings(tmp_path):
    return LauncherSettings(aws_port=_free_port(), trino_port=_free_port(), state_directory=tmp_path, cache=tmp_path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _no_report(_: str) -> None:
    """Progress is not under test."""


def test_a_taken_port_is_named_with_its_owner_and_its_variable(settings):
    with socket.socket() as server:
        server.bind(("127.0.0.1", settings.aws_port))
        server.listen()
        with pytest.raises(LauncherError, match=f"Port {settings.aws_port} is taken by process") as caught:
            LocalAws(settings).start(_no_report)

    assert "TM_LOCAL_AWS_PORT" in caught.value.next_step


def test_a_missing_engine_says_to_run_the_set_up(settings):
    with pytest.raises(LauncherError, match="Trino is not installed") as caught:
        LocalAws(settings).start(_no_report)

    assert "make setup" in caught.value.next_step


def test_a_failed_start_leaves_no_process_and_no_record(settings, monkeypatch, tmp_path):
    started = []

    def launch_something(self):
        record = processes.start("trino", ["sleep", "60"], {"PATH": "/usr/bin:/bin"}, tmp_path / "log", tmp_path)
        started.append(record)
        return record

    def break_down(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalAws, "_launch_trino", launch_something)
    monkeypatch.setattr(LocalAws, "_launch_localstack", break_down)

    with pytest.raises(KeyboardInterrupt):
        LocalAws(settings).start(_no_report)

    assert [processes.find(record) for record in started] == [None]
    assert LocalAws(settings).health() == []


def test_two_starters_of_one_folder_do_not_meet(settings):
    first = LocalAws(settings)
    with first._alone(), pytest.raises(LauncherError, match="Another command"):
        LocalAws(settings).start(_no_report)


def test_an_engine_that_ends_while_starting_is_told_with_its_last_words(settings, monkeypatch, tmp_path):
    def launch_and_die(self):
        command = ["sh", "-c", "echo no space left on device; exit 3"]
        return processes.start("trino", command, {"PATH": "/usr/bin:/bin"}, tmp_path / "trino.log", tmp_path)

    monkeypatch.setattr(LocalAws, "_launch_trino", launch_and_die)
    monkeypatch.setattr(LocalAws, "_launch_localstack", launch_and_die)

    with pytest.raises(LauncherError, match="ended while starting: no space left on device"):
        LocalAws(settings).start(_no_report)
