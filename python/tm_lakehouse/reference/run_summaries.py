"""What each run leaves about itself: the fields of the two summaries, from the classes that write them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from tm_lakehouse import run_summary
from tm_lakehouse.reference.page import joined, table
from tm_lakehouse.silver_to_gold import artifacts, freshness

HEADER = """# Run summary

Written by `make docs` from the classes that write the summaries. What else is kept about a run:
[where things lie](../data.md#where-things-lie).
"""
SILVER = """## Landing to Silver

`silver/course_id=.../ingest_date=.../run_id=.../summary.json` of the observability bucket: one object, on one line, for
each course and ingest date of a run. It is written after the commit, so that it says that its rows are in Silver. The
table `observability.silver_run_summaries` reads all of them, `observability.latest_silver_runs` the last of each course
and ingest date. A reader leaves out fields that it does not know, and takes the default for those that an older run did
not write.

Every run checks these accounts before it commits, and commits nothing where they don't hold:

```text
slots_read   = rows_written + empty_slots + duplicates + superseded + quarantined_slots
records_read = rounds_written + rounds_superseded + rounds_duplicate + records_quarantined
```
"""
GOLD = """## Silver to Gold

`dbt_artifacts/run_id=.../summary.json` of the observability bucket, also of a run that failed.
"""
JSON_TYPES: Mapping[Any, str] = {str: "text", int: "whole number", float: "number", bool: "boolean", NoneType: "null"}
OF_GOLD = (
    ("The run", artifacts.RunSummary),
    ("Each of `nodes`: a model or a test", artifacts.NodeResult),
    ("Each of `freshness`: a source", freshness.SourceFreshness),
)


def page(catalog: Path) -> str:
    """The whole page; `catalog` is the Terraform module that declares the table over Silver's summaries."""
    declared = json.loads((catalog / "silver_run_summaries.json").read_text(encoding="utf-8"))
    meanings = {column["name"]: column for column in declared}
    return joined([HEADER, SILVER, _silver(meanings), GOLD, *_gold()])


def _silver(meanings: dict[str, Any]) -> str:
    told = {field.name: field for field in fields(run_summary.RunSummary)}
    rows = (
        (f"`{name}`", f"`{kind}`", meanings[name].get("unit", ""), _default(told[name]), meanings[name]["meaning"])
        for name, kind in run_summary.athena_columns()
    )
    return table(("field", "Athena's type", "unit", "in older summaries", "meaning"), rows)


def _gold() -> Iterator[str]:
    for heading, written in OF_GOLD:
        hints = get_type_hints(written)
        yield f"### {heading}\n"
        yield " ".join((written.__doc__ or "").split()) + "\n"
        rows = ((f"`{field.name}`", _kind(hints[field.name])) for field in fields(written))
        yield table(("field", "type"), rows)


def _kind(hint: Any) -> str:
    """A type as JSON knows it, in words."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return " or ".join(_kind(each) for each in inside)
    if origin is tuple:
        return f"list of {_kind(inside[0])}"
    if origin is Mapping:
        return f"object of {_kind(inside[1])} by name"
    return JSON_TYPES.get(hint, "object")


def _default(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return "`{}`"
    return "" if field.default is MISSING else f"`{json.dumps(field.default)}`"
