"""Run the project's own commands as a user would, their output in a log and the latest line in the progress."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tm_lakehouse.cli.progress import Stage
from tm_lakehouse.errors import LakehouseError

ERROR_PREFIX = "error:"


class Commands:
    """`tm-lakehouse`, as installed beside the running Python."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._program = Path(sys.executable).parent / "tm-lakehouse"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("", encoding="utf-8")

    def run(self, arguments: Sequence[str], progress: Stage) -> None:
        """Run one command to its end.

        Raises:
            LakehouseError: it failed; the reason is the command's own.
        """
        shown = f"tm-lakehouse {' '.join(arguments)}"
        lines = []
        with self.log.open("a", encoding="utf-8") as log, self._start(arguments) as process:
            log.write(f"$ {shown}\n")
            for line in process.stdout or ():
                log.write(line)
                log.flush()
                lines.append(line.strip())
                progress.update(lines[-1])
        if process.returncode != 0:
            reasons = [line for line in lines if line.startswith(ERROR_PREFIX)] or lines[-1:]
            raise LakehouseError(f"`{shown}` failed: {' '.join(reasons)}", f"Read {self.log}.")

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self._program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
