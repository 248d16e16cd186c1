"""A startup script as MWAA runs it: sourced, within its time, its exports taken over."""

import sys
import time

import psutil
import pytest
from processes import command_of

from tm_localstack.mwaa import startup_script
from tm_localstack.mwaa.startup_script import StartupScriptError

SUPERVISOR = [sys.executable, str(startup_script.__file__).replace("startup_script.py", "process/supervisor.py")]


@pytest.fixture
def run(tmp_path):
    def run(text, *, is_wanted=lambda: True, seconds=20):
        script = tmp_path / "startup.sh"
        script.write_text(text)
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "AWS_REGION": "eu-west-1"}
        return startup_script.run(
            script,
            environment,
            supervisor=SUPERVISOR,
            work=tmp_path,
            log=tmp_path / "log",
            is_wanted=is_wanted,
            time_limit_seconds=seconds,
        )

    return run


def test_exports_are_taken_over_as_they_are(run):
    assert run("export TM_X='two\nlines'\nTM_Y=kept_inside\nexport AWS_REGION=nowhere\n") == {"TM_X": "two\nlines"}


def test_a_failing_script_tells_its_code_and_its_last_lines(run):
    with pytest.raises(StartupScriptError, match="ended with code 3: no such mirror"):
        run("echo no such mirror >&2\nexit 3\n")


def test_a_script_that_exits_well_exports_nothing(run):
    assert run("export TM_X=1\nexit 0\n") == {}


@pytest.mark.parametrize("command", ["sleep 31.4159", "setsid sleep 31.4159 & wait"])
def test_a_script_out_of_time_ends_with_all_it_started(run, command):
    began = time.monotonic()
    with pytest.raises(StartupScriptError, match="did not end within 1 s"):
        run(command, seconds=1)

    assert time.monotonic() - began < 15
    assert not [process for process in psutil.process_iter() if "31.4159" in command_of(process)]


def test_a_script_nobody_waits_for_is_ended(run):
    with pytest.raises(StartupScriptError, match="no longer wanted"):
        run("sleep 31.4159", is_wanted=lambda: False)
