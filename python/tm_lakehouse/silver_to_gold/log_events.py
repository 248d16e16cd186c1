"""What dbt's JSON log lines say of a run in progress. Pure."""

import json
from dataclasses import dataclass
from typing import Any

RESULT_EVENTS = frozenset({"LogModelResult", "LogTestResult"})
FATAL_EVENT = "MainEncounteredError"


@dataclass(frozen=True)
class NodeDone:
    """One model or test that dbt has finished."""

    name: str
    status: str
    index: int
    total: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.index}/{self.total} {self.name}: {self.status}, {self.seconds:.1f} s"


@dataclass(frozen=True)
class LogLine:
    """One line of dbt's log: with time and level, its bare message, and what it says of a node or of dbt's failure."""

    text: str
    message: str
    node: NodeDone | None = None
    fatal: str | None = None


def read_line(line: str) -> LogLine:
    """Read one line; one that is no JSON (a crash's traceback) is kept as text."""
    try:
        event = json.loads(line)
        info, data = event["info"], event.get("data", {})
    except (ValueError, TypeError, KeyError):
        return LogLine(line.rstrip(), line.rstrip())
    message = str(info.get("msg", ""))
    text = f"{info.get('ts', '')} {info.get('level', '')}: {message}"
    if info.get("name") == FATAL_EVENT:
        return LogLine(text, message, fatal=str(data.get("exc") or message))
    return LogLine(text, message, node=_node(data) if info.get("name") in RESULT_EVENTS else None)


def _node(data: dict[str, Any]) -> NodeDone:
    return NodeDone(
        name=data["node_info"]["node_name"],
        status=data["status"],
        index=data["index"],
        total=data["num_models"] if "num_models" in data else data["total"],
        seconds=data["execution_time"],
    )
