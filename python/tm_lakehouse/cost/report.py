"""Statements and job runs summed up: a line for each day, dbt run or node. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from tm_lakehouse.cost.job_runs import JobRun
from tm_lakehouse.cost.prices import scan_dollars
from tm_lakehouse.cost.statements import Statement

Grouping = Literal["day", "run", "node", "statement"]
NOT_DBT = "not dbt"
NO_NODE = "dbt itself"
SQL_LENGTH = 60

_KEYS: dict[Grouping, Callable[[Statement], str]] = {
    "day": lambda each: f"{each.submitted_at:%Y-%m-%d}",
    "run": lambda each: each.invocation_id or NOT_DBT,
    "node": lambda each: (each.node or NO_NODE) if each.invocation_id else NOT_DBT,
    "statement": lambda each: f"{each.query_id} {' '.join(each.sql.split())[:SQL_LENGTH]}",
}


@dataclass
class Line:
    """What the statements, or the runs of a job, of one group cost; a DPU-hour is Glue's, a byte Athena's."""

    service: Literal["athena", "glue"]
    group: str
    count: int = 0
    bytes_scanned: int = 0
    bytes_billed: int = 0
    dpu_hours: float = 0.0
    dollars: float = field(default=0.0)


def athena_lines(statements: Iterable[Statement], by: Grouping, dollars_per_tib: float) -> list[Line]:
    """A line for each group, the dearest first; days in their order."""
    lines: dict[str, Line] = {}
    for each in statements:
        line = lines.setdefault(_KEYS[by](each), Line("athena", _KEYS[by](each)))
        line.count += 1
        line.bytes_scanned += each.bytes_scanned
        line.bytes_billed += each.bytes_billed
        line.dollars = scan_dollars(line.bytes_billed, dollars_per_tib)
    if by == "day":
        return [lines[day] for day in sorted(lines)]
    return sorted(lines.values(), key=lambda line: (-line.bytes_billed, line.group))


def glue_lines(runs: Iterable[JobRun], by: Grouping, dollars_per_dpu_hour: float) -> list[Line]:
    """A line for each job, or for each job and day."""
    hours: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        hours[f"{run.started_at:%Y-%m-%d} {run.job}" if by == "day" else run.job].append(run.dpu_hours)
    return [
        Line("glue", group, len(every), dpu_hours=sum(every), dollars=sum(every) * dollars_per_dpu_hour)
        for group, every in sorted(hours.items())
    ]
