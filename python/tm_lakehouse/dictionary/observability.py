"""The tables over JSON objects, from Terraform's catalog module, which makes them."""

import json
from pathlib import Path

from tm_lakehouse.dictionary.page import Shown, section

TABLES = {
    "silver_run_summaries": (
        "One row per run, course and ingest date of landing to Silver. Objects under `silver/` of the observability "
        "bucket. `latest_silver_runs` holds the latest run of each course and ingest date only."
    ),
    "quarantined_records": (
        "One row per record or slot that landing to Silver set aside. Objects under `silver/` of the quarantine "
        "bucket. `latest_quarantined_records` holds those of the latest run of each course and ingest date only."
    ),
}


def sections(module: Path) -> list[str]:
    """One section per table; the views have the columns of the table that they choose rows from."""
    return [_section(name, grain, module / f"{name}.json") for name, grain in TABLES.items()]


def _section(name: str, grain: str, columns: Path) -> str:
    return section(name, grain, read_columns(columns))


def read_columns(declared: Path) -> list[Shown]:
    """The columns that a file of the module declares."""
    told = json.loads(declared.read_text(encoding="utf-8"))
    return [Shown(column["name"], column["type"], column["meaning"], column.get("unit", "")) for column in told]
