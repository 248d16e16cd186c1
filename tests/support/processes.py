"""Processes looked at while they may end: one that has ended has nothing, and is no error."""

import psutil


def command_of(process: psutil.Process) -> list[str]:
    """A process's command line; nothing when it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def environment_of(process: psutil.Process) -> dict[str, str]:
    """A process's environment; nothing when it has ended or is another user's."""
    try:
        return process.environ() if process.status() != psutil.STATUS_ZOMBIE else {}
    except psutil.Error:
        return {}
