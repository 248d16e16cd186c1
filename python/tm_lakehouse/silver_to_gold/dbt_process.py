"""dbt as a child process: one that takes command after command, because it takes seconds to start."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COMMANDS = Path(__file__).parent / "in_dbt" / "commands.py"
# dbt would call home for both; a closed network makes it wait for nothing.
QUIET_ENVIRONMENT = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_VERSION_CHECK": "false"}


class DbtProcess:
    """A running dbt that waits for a command."""

    def __init__(self, child: "subprocess.Popen[str]", asked: IO[str], said: IO[str]) -> None:
        self._child = child
        self._asked = asked
        self._said = said
        self.exit_code: int | None = None

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
        """Run a command: the lines of its log, as they come. Then `exit_code` is the command's."""
        command = {"arguments": list(arguments), "environment": dict(environment)}
        self.exit_code = None
        try:
            self._asked.write(json.dumps(command) + "\n")
            self._asked.flush()
        except BrokenPipeError:
            pass  # It has ended: what it said tells why.
        for line in self._said:
            self.exit_code = _exit_code(line)
            if self.exit_code is not None:
                return
            yield line
        self.exit_code = self._child.wait()


@contextmanager
def start_dbt(executable: Path) -> Iterator[DbtProcess]:
    """Start dbt in the environment that `executable` belongs to; at the end it has no more commands, and is waited for.

    An interrupt reaches it too: it cancels its queries, and ends.
    """
    child = subprocess.Popen(
        [str(python_of(executable)), str(COMMANDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | QUIET_ENVIRONMENT,
    )
    assert child.stdin
    assert child.stdout
    try:
        yield DbtProcess(child, child.stdin, child.stdout)
    except BaseException:
        child.terminate()
        raise
    finally:
        # Read to the end: what dbt says while it cancels its queries must not fail it.
        child.communicate()


def python_of(executable: Path) -> Path:
    """The Python of the environment that holds this dbt, which may be a link to it."""
    return executable.resolve().with_name("python")


def _exit_code(line: str) -> int | None:
    """The code in a line that ends a command; None in all others."""
    if not line.startswith('{"exit_code": '):
        return None
    code: int = json.loads(line)["exit_code"]
    return code
