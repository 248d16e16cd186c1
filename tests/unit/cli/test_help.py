"""Every command tells what it does, quickly."""

import time

import pytest

from tm_lakehouse.cli.main import LazyGroup

AVAILABLE = LazyGroup().list_commands(None)


def test_commands_of_this_part_are_there():
    assert {"generate", "land"} <= set(AVAILABLE)


@pytest.mark.parametrize("name", AVAILABLE)
def test_help(command, name):
    began = time.monotonic()
    done = command(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
    assert time.monotonic() - began < 15


def test_help_without_a_command_lists_them(command):
    done = command("--help")
    assert all(name in done.stdout for name in AVAILABLE)


def test_an_unknown_command_is_refused(refused):
    assert "No such command" in refused("fly")


def test_an_unknown_environment_is_refused(refused):
    error = refused("--env", "moon", "land", "x.csv")
    assert "There is no environment 'moon'" in error
    assert "next:" in error
