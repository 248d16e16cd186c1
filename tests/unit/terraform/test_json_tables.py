"""The external tables over the job's JSON files have the columns that the job writes."""

import json
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.run_summary import athena_columns

CATALOG = Path(__file__).resolve().parents[3] / "terraform" / "modules" / "catalog"


def _columns(table: str) -> list[tuple[str, str]]:
    columns = json.loads((CATALOG / f"{table}.json").read_text(encoding="utf-8"))
    return [(column["name"], column["type"]) for column in columns]


def test_run_summaries_have_a_column_per_field():
    assert _columns("silver_run_summaries") == athena_columns()


def test_quarantined_records_have_a_column_per_field():
    hints = get_type_hints(QuarantinedRecord)
    whole = (int, int | None)
    expected = [(each.name, "bigint" if hints[each.name] in whole else "string") for each in fields(QuarantinedRecord)]
    assert _columns("quarantined_records") == expected
