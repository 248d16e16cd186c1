"""The commands that start and stop the local AWS: they never collide silently and leave nothing behind.

These tests are about the laptop only; they start a local AWS of their own.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import boto3
import psutil
import pytest
from processes import command_of, environment_of

COMMAND = str(Path(sys.executable).parent / "tm-lakehouse")


@pytest.fixture
def own(tmp_path, free_port):
    """The environment of a local AWS that isn't the session's."""
    ports = {"TM_LOCAL_AWS_PORT": str(free_port()), "TM_LOCAL_TRINO_PORT": str(free_port())}
    return {**os.environ, **ports, "TM_LOCAL_STATE_DIR": str(tmp_path)}


def _run(environment, *arguments):
    return subprocess.run([COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=240)


def _s3_of(environment):
    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{environment['TM_LOCAL_AWS_PORT']}")


def _started_processes(environment):
    return [
        process
        for process in psutil.process_iter()
        if process.is_running() and _state_directory_of(process) == environment["TM_LOCAL_STATE_DIR"]
    ]


def _state_directory_of(process):
    command = " ".join(command_of(process))
    if scratch := environment_of(process).get("TM_LOCAL_SCRATCH"):
        return str(Path(scratch).parent)
    marker = "-Dnode.data-dir="
    return command.partition(marker)[2].partition("/trino/data")[0] if marker in command else None


def test_start_crash_restart_and_stop(own):
    started = _run(own, "up")
    assert started.returncode == 0, started.stderr
    assert own["TM_LOCAL_AWS_PORT"] in started.stdout

    again = _run(own, "up")
    assert again.returncode == 0
    assert "already running" in again.stdout

    _s3_of(own).create_bucket(Bucket="of-the-first-start")
    state = json.loads((Path(own["TM_LOCAL_STATE_DIR"]) / "state.json").read_text())
    localstack = next(record for record in state if record["name"] == "localstack")
    os.kill(localstack["pid"], signal.SIGKILL)
    broken = _run(own, "status")
    assert broken.returncode == 1
    assert "localstack" in broken.stdout
    assert "ended" in broken.stdout
    assert "next:" in broken.stderr

    assert _run(own, "up").returncode == 0
    healthy = _run(own, "status")
    assert healthy.returncode == 0, healthy.stdout + healthy.stderr
    assert _s3_of(own).list_buckets()["Buckets"] == []

    assert "stopped" in _run(own, "down").stdout
    assert _started_processes(own) == []
    assert _run(own, "status").returncode == 1


def test_an_interrupted_start_leaves_nothing(own, wait_until):
    starting = subprocess.Popen([COMMAND, "up"], env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(_started_processes(own)) >= 2, 60, "both engines are starting")

    starting.send_signal(signal.SIGTERM)
    _, errors = starting.communicate(timeout=60)

    assert starting.returncode == 130
    assert "Interrupted" in errors
    assert "Traceback" not in errors
    assert _started_processes(own) == []


def test_a_second_local_aws_on_the_same_port_is_refused_with_the_owner(own):
    taken = {**own, "TM_LOCAL_AWS_PORT": os.environ["TM_LOCAL_AWS_PORT"]}

    refused = _run(taken, "up")

    assert refused.returncode == 1
    assert f"Port {taken['TM_LOCAL_AWS_PORT']} is taken by process" in refused.stderr
    assert "TM_LOCAL_AWS_PORT" in refused.stderr


def test_it_listens_on_loopback_only():
    ports = {int(os.environ["TM_LOCAL_AWS_PORT"]), int(os.environ["TM_LOCAL_TRINO_PORT"])}
    listening = [
        connection.laddr
        for connection in psutil.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in ports
    ]

    assert {address.port for address in listening} == ports
    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}
