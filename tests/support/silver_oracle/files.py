"""Bytes of landed files to records of texts."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SLOT_COLUMN = re.compile(r"locations\[(\d+)\]\.(.+)")


@dataclass(frozen=True)
class File:
    """One landed file."""

    name: str
    data: bytes
    landed_at: datetime


@dataclass
class Record:
    """One record: its texts by source name, its slots by position, and how many slots it has. `raw`: it is broken."""

    position: int
    texts: dict[str, str | None] = field(default_factory=dict)
    slots: dict[int, dict[str, str | None]] = field(default_factory=dict)
    slot_count: int = 0
    raw: str | None = None


def records_of(file: File) -> list[Record]:
    """A file's records in its order."""
    data, name = file.data, file.name
    if name.endswith(".gz"):
        data, name = gzip.decompress(data), name.removesuffix(".gz")
    text = data.decode("utf-8-sig")
    found = _csv(text) if name.endswith(".csv") else _json(text)
    return list(found)


def _csv(text: str) -> Iterator[Record]:
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows)
    slots = {int(match[1]) for name in header if (match := SLOT_COLUMN.fullmatch(name))}
    position = 0
    for row in rows:
        if not row:
            continue
        position += 1
        if len(row) != len(header):
            yield Record(position, raw=",".join(row))
            continue
        record = Record(position, slot_count=len(slots), slots={number: {} for number in slots})
        for name, value in zip(header, row, strict=True):
            match = SLOT_COLUMN.fullmatch(name)
            (record.slots[int(match[1])] if match else record.texts)[match[2] if match else name] = value
        yield record


def _json(text: str) -> Iterator[Record]:
    for position, (document, raw) in enumerate(_documents(text), start=1):
        if not isinstance(document, dict):
            yield Record(position, raw=raw)
            continue
        locations = document.get("locations") or []
        texts = {name: _text(value) for name, value in document.items() if name != "locations"}
        slots = {number: _slot(location) for number, location in enumerate(locations)}
        yield Record(position, texts, slots, len(locations))


def _documents(text: str) -> Iterator[tuple[Any, str]]:
    try:
        whole = _parsed(text)
    except ValueError:
        for line in text.splitlines():
            if line.strip():
                try:
                    yield _parsed(line), line
                except ValueError:
                    yield None, line
        return
    for document in whole if isinstance(whole, list) else [whole]:
        yield document, json.dumps(document)


def _parsed(text: str) -> Any:
    """Numbers stay the texts that they are written as."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _slot(location: dict[str, Any]) -> dict[str, str | None]:
    texts = {name: _text(value) for name, value in location.items() if name != "fixCoordinates"}
    for number, value in enumerate(location.get("fixCoordinates") or []):
        texts[f"fixCoordinates[{number}]"] = _text(value)
    return texts


def _text(value: Any) -> str | None:
    if isinstance(value, dict) and len(value) == 1:
        [(kind, inner)] = value.items()
        if kind == "$date" and isinstance(inner, dict):
            return _moment(int(inner["$numberLong"]))
        if kind in ("$oid", "$date", "$numberInt", "$numberLong", "$numberDouble"):
            return _text(inner)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def _moment(milliseconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).isoformat()
