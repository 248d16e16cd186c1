"""Run steps one after the other and say what each took."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.table import Column, Table

from tm_lakehouse.cli.progress import Stage, stage
from tm_lakehouse.end_to_end.meter import Meter


@dataclass(frozen=True)
class Rows:
    """What went into a step and what came out; None where a step has none."""

    read: int | None = None
    written: int | None = None


@dataclass(frozen=True)
class Step:
    """A title and what to do; `work` tells its progress to the stage it is given."""

    title: str
    work: Callable[[Stage], Rows]


@dataclass(frozen=True)
class StepResult:
    """One finished step. `peak_bytes` is the resident memory of all processes, the local AWS included."""

    title: str
    seconds: float
    rows: Rows
    cpu_seconds: float
    peak_bytes: int


def run_steps(steps: Sequence[Step], roots: Callable[[], Iterable[int]]) -> list[StepResult]:
    """Run each step under a meter that watches the process trees of `roots`; the first error ends the run."""
    results = []
    for number, step in enumerate(steps, 1):
        began = time.monotonic()
        with Meter(roots) as meter, stage(f"[{number}/{len(steps)}] {step.title}") as progress:
            rows = step.work(progress)
        seconds = time.monotonic() - began
        results.append(StepResult(step.title, seconds, rows, meter.cpu_seconds, meter.peak_bytes))
    return results


def results_table(results: Sequence[StepResult]) -> Table:
    """The steps as a table, with the total time and the highest memory in the last row."""
    table = Table("step", *[_right(name) for name in ("seconds", "rows in", "rows out", "CPU s", "peak MiB")])
    for result in results:
        table.add_row(
            result.title,
            f"{result.seconds:.1f}",
            _count(result.rows.read),
            _count(result.rows.written),
            f"{result.cpu_seconds:.1f}",
            f"{result.peak_bytes / 2**20:.0f}",
        )
    table.add_section()
    table.add_row(
        "total",
        f"{sum(result.seconds for result in results):.1f}",
        "",
        "",
        f"{sum(result.cpu_seconds for result in results):.1f}",
        f"{max((result.peak_bytes for result in results), default=0) / 2**20:.0f}",
    )
    return table


def _right(name: str) -> Column:
    return Column(name, justify="right")


def _count(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"
