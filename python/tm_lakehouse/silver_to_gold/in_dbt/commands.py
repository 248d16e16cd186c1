"""Runs in dbt's own environment, which holds dbt and not this package: dbt commands one after another in one process,
because dbt takes seconds to start.

A line of standard input is a command: {"arguments": [...], "environment": {...}}. Standard output is dbt's log, and
after each command a line {"exit_code": 0}, with the code that dbt's own command line would have ended with.
"""

import functools
import json
import os
import signal
import sys
from types import FrameType

import botocore.session
from dbt.cli.main import dbtRunner

FAILED, NOT_HANDLED, INTERRUPTED = 1, 2, 130


def main() -> int:
    """Run commands until there are no more. Asked to end, dbt cancels its queries."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt_once)
    # dbt-athena opens a session for each model and test, and each session would read botocore's service models anew:
    # half of dbt's own time.
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    try:
        for line in sys.stdin:
            command = json.loads(line)
            os.environ.update(command["environment"])
            sys.stdout.write(json.dumps({"exit_code": run(command["arguments"])}) + "\n")
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    done = dbtRunner().invoke(arguments)
    if isinstance(done.exception, KeyboardInterrupt):
        raise done.exception
    if done.success:
        return 0
    return NOT_HANDLED if done.exception else FAILED


def interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    """A terminal's interrupt comes twice, the second time from the parent: that must not stop the cancelling."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
