"""A view of the build database as readers get it: the same definition over what is published. Pure."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

# How Athena and Trino keep a view's definition in the catalog.
_TEXT = re.compile(r"/\* Presto View: (?P<definition>[A-Za-z0-9+/=]+) \*/")


def is_view(table_input: Mapping[str, Any]) -> bool:
    """Whether a Glue table is a view."""
    return bool(table_input.get("TableType") == "VIRTUAL_VIEW")


def published_view(table_input: Mapping[str, Any], build: str, gold: str) -> dict[str, Any]:
    """The Glue table of a view whose definition names `gold` where it named `build`."""
    found = _TEXT.fullmatch(table_input["ViewOriginalText"])
    if not found:
        return dict(table_input)
    definition = json.loads(base64.b64decode(found["definition"]))
    definition["originalSql"] = _renamed(definition["originalSql"], build, gold)
    if definition.get("schema") == build:
        definition["schema"] = gold
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    return {**table_input, "ViewOriginalText": f"/* Presto View: {text} */"}


def _renamed(sql: str, build: str, gold: str) -> str:
    name = re.escape(build)
    return re.sub(rf'"{name}"(?=\s*\.)|(?<![\w"]){name}(?=\s*\.)', f'"{gold}"', sql)
