"""`tm-lakehouse dashboard`, up to where Streamlit takes over."""

import os
import socket
import sys

import pytest

from tm_lakehouse.cli import dashboard as module


@pytest.fixture
def taken_over(monkeypatch):
    """What would replace this process."""
    seen = {}

    def take_over(program, command):
        seen.update(command=command, program=program, environment=dict(os.environ))

    monkeypatch.setattr(os, "execv", take_over)
    return seen


@pytest.fixture
def streamlit(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: object())


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_streamlit_is_started_for_this_machine_only_and_tells_nobody(
    command, taken_over, streamlit, port, lakehouse_variables
):
    done = command("--env", "dev", "dashboard", "--port", port, **lakehouse_variables)

    assert done.returncode == 0, done.stderr
    assert f"http://127.0.0.1:{port}" in done.stderr
    assert taken_over["command"][:4] == [sys.executable, "-m", "streamlit", "run"]
    assert {
        "--browser.gatherUsageStats=false", "--server.address=127.0.0.1", f"--server.port={port}",
        "--client.showErrorDetails=none",
    } <= set(taken_over["command"])  # fmt: skip


def test_without_its_environment_the_command_says_how_to_get_it(refused, monkeypatch, tmp_path, lakehouse_variables):
    monkeypatch.setattr(module.target, "project_root", lambda: tmp_path)

    error = refused("--env", "dev", "dashboard", **lakehouse_variables)

    assert "environment is missing" in error
    assert "make dashboard" in error


def test_a_taken_port_is_told(refused, streamlit, taken_over, lakehouse_variables):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        error = refused("--env", "dev", "dashboard", "--port", other.getsockname()[1], **lakehouse_variables)

    assert "can't listen" in error
    assert "--port" in error
    assert not taken_over


def test_a_deployment_that_is_not_known_is_told_before_anything_starts(refused, streamlit, taken_over):
    assert "apply" in refused("--env", "dev", "dashboard")
    assert not taken_over
