"""The field of the Iceberg schema behind each column of the catalog, as Athena's engine and Iceberg's catalog note it.

Clients (awswrangler, dbt-athena) take for a column of the table only one with `iceberg.field.current`. Trino does not
write it, so it is read from the metadata that the table points to.
"""

import gzip
import json
import logging
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

LOG = logging.getLogger(__name__)

_ID, _OPTIONAL, _CURRENT = "iceberg.field.id", "iceberg.field.optional", "iceberg.field.current"


def note_fields(table: dict[str, Any], s3: Any) -> None:
    """Add each column's field to a stored Iceberg table whose writer left it out."""
    columns = (table.get("StorageDescriptor") or {}).get("Columns") or []
    parameters = table.get("Parameters") or {}
    location = parameters.get("metadata_location")
    is_noted = all(_CURRENT in (column.get("Parameters") or {}) for column in columns)
    if parameters.get("table_type", "").upper() != "ICEBERG" or not location or is_noted:
        return
    try:
        fields = _current_fields(_read(s3, location))
    except (ClientError, BotoCoreError, OSError, ValueError, KeyError, StopIteration) as error:
        LOG.warning("the columns of %s stay without their fields: %s", table.get("Name"), error)
        return
    for column in columns:
        if field := fields.get(column["Name"].lower()):
            noted = {_ID: str(field["id"]), _OPTIONAL: str(not field["required"]).lower(), _CURRENT: "true"}
            column["Parameters"] = (column.get("Parameters") or {}) | noted


def _read(s3: Any, location: str) -> dict[str, Any]:
    parts = urlsplit(location, allow_fragments=False)
    body = s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    text = gzip.decompress(body) if ".gz." in location or location.endswith(".gz") else body
    metadata: dict[str, Any] = json.loads(text)
    return metadata


def _current_fields(metadata: dict[str, Any]) -> dict[str, dict[str, Any]]:
    current = metadata["current-schema-id"]
    schema = next(schema for schema in metadata["schemas"] if schema["schema-id"] == current)
    return {field["name"].lower(): field for field in schema["fields"]}
