"""What a run of the pipeline did, as its task `report` told it in its log: the essence, for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def found_in(lines: Sequence[str]) -> dict[str, Any] | None:
    """What the task told, among the lines of its log; None where it is not there."""
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and "gold" in told:
            return told
    return None


def sentences(told: Mapping[str, Any]) -> list[str]:
    """A line for each stage."""
    return [
        f"Silver: {_silver(told['silver'])}",
        f"Gold: {_gold(told['gold'])}",
        *(f"Source {line}" for line in told["freshness"]),
        *([f"Spark and Athena read {told['parity']['tables']} tables alike"] if told["parity"] else []),
        "`tm-lakehouse report --open` shows all of it.",
    ]


def _silver(told: Mapping[str, Any] | None) -> str:
    if told is None:
        return "it held all that is landed"
    return (
        f"{_counted(told['deliveries'], 'delivery', 'deliveries')}, {told['records_read']:,} records read, "
        f"{told['rounds_written']:,} rounds and {told['rows_written']:,} rows written, "
        f"{told['quarantined_slots']:,} slots quarantined"
    )


def _gold(told: Mapping[str, Any]) -> str:
    tests = ", ".join(f"{count} {status}" for status, count in told["tests"].items())
    return (
        f"publication {told['publication']}, {told['tables']} tables with {told['rows']:,} rows; tests: {tests}; "
        f"{told['dollars']:.4f} dollars"
    )


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
