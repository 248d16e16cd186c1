"""Entries of views in the Glue catalog: held as Athena stores them, handed to Trino as Trino wants them.

Athena's definition names no owner and nobody whose rights apply: a view always runs with its caller's. Trino takes such
a definition for one of a view with an owner that is missing.
"""

import base64
import binascii
import json
from typing import Any

from tm_localstack.athena.translation.types import read_trino_type

Entry = dict[str, Any]
Definition = dict[str, Any]

_PREFIX, _SUFFIX = "/* Presto View: ", " */"
_ATHENAS_KEYS = ("originalSql", "catalog", "schema", "columns")
_ATHENAS_PARAMETERS = {"presto_view": "true", "comment": "Presto View"}


def definition_of(entry: Entry) -> Definition | None:
    """The definition in a view's entry; None where it is no view of Athena or Trino."""
    text = entry.get("ViewOriginalText") or ""
    if entry.get("TableType") != "VIRTUAL_VIEW" or not (text.startswith(_PREFIX) and text.endswith(_SUFFIX)):
        return None
    try:
        definition = json.loads(base64.b64decode(text[len(_PREFIX) : -len(_SUFFIX)], validate=True))
    except (binascii.Error, ValueError):
        return None
    return definition if isinstance(definition, dict) else None


def as_athena_stores(entry: Entry) -> Entry:
    """What Trino writes of a view, as Athena stores it; anything else as it is."""
    definition = definition_of(entry)
    if definition is None:
        return entry
    kept = {key: definition[key] for key in _ATHENAS_KEYS if key in definition}
    columns = [
        {"Name": column["name"], "Type": read_trino_type(column["type"]).hive} for column in definition["columns"]
    ]
    return {
        "Name": entry["Name"],
        "TableType": "VIRTUAL_VIEW",
        "Parameters": _ATHENAS_PARAMETERS,
        "StorageDescriptor": {"Columns": columns, "Location": "", "SerdeInfo": {}},
        "PartitionKeys": [],
        "ViewOriginalText": _text(kept),
        "ViewExpandedText": "/* Presto View */",
    }


def as_trino_reads(entry: Entry) -> Entry:
    """An entry as Trino reads it: a view of Athena says whose rights apply, anything else is as it is."""
    definition = definition_of(entry)
    if definition is None or "owner" in definition:
        return entry
    catalog = {"catalog": definition["catalog"].lower()} if definition.get("catalog") else {}
    return entry | {"ViewOriginalText": _text(definition | catalog | {"runAsInvoker": True})}


def _text(definition: Definition) -> str:
    encoded = base64.b64encode(json.dumps(definition, ensure_ascii=False).encode("utf-8"))
    return f"{_PREFIX}{encoded.decode('ascii')}{_SUFFIX}"
