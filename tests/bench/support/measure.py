"""What a piece of work costs: processor seconds and memory of all its processes, and how long it takes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tm_lakehouse.end_to_end.meter import Meter


@dataclass(frozen=True)
class Cost:
    """`cpu_seconds` and `peak_mib` are of the whole process tree; Spark's Python workers included."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


def cost_of(work: Callable[[], object], roots: Callable[[], Iterable[int]]) -> Cost:
    """Do some work, watching the processes below the roots."""
    began = time.monotonic()
    with Meter(roots) as meter:
        work()
    return Cost(round(time.monotonic() - began, 1), round(meter.cpu_seconds, 1), round(meter.peak_bytes / 2**20))


def cost_of_command(command: list[str], log: Path) -> Cost:
    """Run a program to its end.

    Raises:
        SystemExit: it failed; its log is named.
    """
    pids: list[int] = []

    def run() -> None:
        with log.open("a", encoding="utf-8") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
            pids.append(process.pid)
        if process.returncode:
            sys.exit(f"{command[1]} failed: read {log}")

    return cost_of(run, lambda: pids)


def glue_run_pids(port: str) -> list[int]:
    """The supervisors of the Glue runs that go on in the local AWS of this port, and no other's."""
    return [process.pid for process in psutil.process_iter(["cmdline", "environ"]) if _is_run_of(process.info, port)]


def _is_run_of(process: dict[str, Any], port: str) -> bool:
    is_supervisor = any(part.endswith("supervisor.py") for part in process["cmdline"] or [])
    return is_supervisor and (process["environ"] or {}).get("AWS_ENDPOINT_URL", "").endswith(f":{port}")
