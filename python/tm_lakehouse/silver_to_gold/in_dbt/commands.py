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
import threading
from types import FrameType
from typing import Any

import boto3.session
import botocore.session
from dbt.cli.main import dbtRunner

FAILED, NOT_HANDLED, INTERRUPTED = 1, 2, 130


class SharedSession(boto3.session.Session):
    """One that threads may share: boto3 says so of its clients, and not of what makes them."""

    _making = threading.RLock()

    def client(self, *asked: Any, **settings: Any) -> Any:
        """The client for these settings, made when it is first asked for."""
        with self._making:
            return self._client_once(*asked, **settings)

    @functools.cache  # noqa: B019 - sessions live as long as the process
    def _client_once(self, *asked: Any, **settings: Any) -> Any:
        return super().client(*asked, **settings)


def main() -> int:
    """Run commands until there are no more. Asked to end, dbt cancels its queries."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt_once)
    # dbt-athena opens a session for each model and test, and in it a client for each question. Each session would read
    # botocore's service models anew, half of dbt's own time, and each client connect anew, a fifth of the rest.
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    boto3.session.Session = functools.cache(SharedSession)  # type: ignore[assignment, misc]
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
