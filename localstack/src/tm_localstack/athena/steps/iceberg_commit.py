"""The one change of an Iceberg table's metadata that Trino has no statement for: taking properties away."""

import gzip
import json
import re
import time
import uuid
from collections.abc import Iterable
from typing import Any

from tm_localstack.athena.glue_tables import Table
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation.cursor import Name
from tm_localstack.athena.translation.iceberg import obeyed_by_iceberg

_FILE = re.compile(r"(?P<folder>.*/)(?P<number>\d+)-[^/]*")


def remove_properties(context: StepContext, name: Name, keys: Iterable[str]) -> None:
    """Commit metadata without these properties; as any commit, it starts anew where another was faster."""
    removed = {key for each in keys for key in (each, *obeyed_by_iceberg({each: ""}))}

    def edit(table: Table) -> None:
        parameters = table["Parameters"]
        location = parameters["metadata_location"]
        metadata = _without(_read(context, location), removed, location)
        parameters["previous_metadata_location"] = location
        parameters["metadata_location"] = _next_location(location)
        context.s3.put(parameters["metadata_location"], json.dumps(metadata).encode(), "application/json")

    context.glue.change(name, edit)


def _read(context: StepContext, location: str) -> dict[str, Any]:
    body = context.s3.get(location)
    metadata: dict[str, Any] = json.loads(gzip.decompress(body) if ".gz." in location else body)
    return metadata


def _without(metadata: dict[str, Any], keys: set[str], location: str) -> dict[str, Any]:
    properties = {key: value for key, value in metadata.get("properties", {}).items() if key not in keys}
    entry = {"timestamp-ms": metadata["last-updated-ms"], "metadata-file": location}
    log = [*metadata.get("metadata-log", []), entry]
    return metadata | {"properties": properties, "metadata-log": log, "last-updated-ms": int(time.time() * 1000)}


def _next_location(location: str) -> str:
    match = _FILE.fullmatch(location)
    folder, number = (match["folder"], int(match["number"])) if match else (location.rpartition("/")[0] + "/", 0)
    return f"{folder}{number + 1:05d}-{uuid.uuid4()}.metadata.json"
