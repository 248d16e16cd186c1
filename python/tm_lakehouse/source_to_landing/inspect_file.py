"""What is in a course file: how many records, and whose."""

import csv
import hashlib
import mmap
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tm_lakehouse.landing_to_silver.csv_records import blocks
from tm_lakehouse.source_to_landing.file_format import (
    BYTE_ORDER_MARK,
    FileFormat,
    RejectedFileError,
    content,
    format_of,
    is_gzip,
    text,
)
from tm_lakehouse.source_to_landing.json_stream import json_records

REQUIRED = ("_id", "course")


@dataclass(frozen=True)
class Inspection:
    """A file that may be landed. `rows` counts all records, broken ones too; `course` is the first that is named."""

    format: FileFormat
    rows: int
    course: str | None
    size: int
    sha256: str


def inspect_file(path: Path) -> Inspection:
    """Read the file once through, without holding it in memory.

    Raises:
        RejectedFileError: there is no file, no row, no `_id` or `course`, or its content can't be read.
    """
    try:
        if not path.is_file():
            raise RejectedFileError("there is no such file")
        kind = format_of(path)
        rows, course = _inspect_csv(path) if kind == "csv" else _inspect_json(path)
        if not rows:
            raise RejectedFileError("it has no rows")
        return Inspection(kind, rows, course, path.stat().st_size, _sha256(path))
    except OSError as error:
        raise RejectedFileError(f"it can't be read: {error.strerror or error}") from None


def _inspect_csv(path: Path) -> tuple[int, str | None]:
    with text(path) as stream:
        reader = csv.reader(stream)
        header = _header(reader)
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise RejectedFileError(f"its header has no column {' or '.join(missing)}")
        course = _first_course(reader, header)
        for _ in iter(lambda: stream.read(1 << 20), ""):
            """Only to the end, so that bad encoding shows."""
    return _csv_rows(path, len(header)), course


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise RejectedFileError(f"its header can't be read: {error}") from None
    if header is None:
        raise RejectedFileError("it has no rows")
    return header


def _first_course(reader: Iterator[list[str]], header: list[str]) -> str | None:
    place = header.index("course")
    courses = (record[place].strip() for record in reader if len(record) == len(header))
    try:
        return next((course for course in courses if course), None)
    except csv.Error:
        # A quote that is never closed: its record goes to quarantine, the file may land.
        return None


def _csv_rows(path: Path, fields: int) -> int:
    """Counted as Silver reads them, so that landed records and read records can be reconciled."""
    with _mapped(path) as data:
        start = _header_end(data)
        return sum(len(block.positions) + len(block.broken) for block in blocks(data, start, fields))


def _header_end(data: bytes) -> int:
    start = len(BYTE_ORDER_MARK) if data[: len(BYTE_ORDER_MARK)] == BYTE_ORDER_MARK else 0
    end = start
    while (line_feed := data.find(b"\n", end)) >= 0:
        end = line_feed + 1
        if data[start:end].count(b'"') % 2 == 0:
            return end
    return len(data)


@contextmanager
def _mapped(path: Path) -> Iterator[bytes]:
    """The content as memory that the system pages in; a compressed file is unpacked to a temporary one."""
    with tempfile.TemporaryFile() as unpacked:
        if is_gzip(path):
            with content(path) as stream:
                shutil.copyfileobj(stream, unpacked)
            unpacked.flush()
            yield cast(bytes, mmap.mmap(unpacked.fileno(), 0, access=mmap.ACCESS_READ))
        else:
            with path.open("rb") as plain:
                yield cast(bytes, mmap.mmap(plain.fileno(), 0, access=mmap.ACCESS_READ))


def _inspect_json(path: Path) -> tuple[int, str | None]:
    rows, course, has_first = 0, None, False
    with text(path) as stream:
        for rows, record in enumerate(json_records(stream), start=1):  # noqa: B007
            if not has_first and record.is_json:
                _check_first(record.value)
                has_first = True
            course = course or _course_of(record.value)
    if rows and not has_first:
        raise RejectedFileError("none of its lines is JSON")
    return rows, course


def _check_first(value: object) -> None:
    if not isinstance(value, dict):
        raise RejectedFileError("its first record is no JSON object")
    missing = [name for name in REQUIRED if name not in value]
    if missing:
        raise RejectedFileError(f"its first record has no {' or '.join(missing)}")


def _course_of(value: object) -> str | None:
    course = value.get("course") if isinstance(value, dict) else None
    return course.strip() or None if isinstance(course, str) else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
