"""A landed file's bytes to records and slots, by its format."""

import gzip
import zlib
from collections.abc import Iterator
from enum import Enum

from tm_lakehouse.landing_to_silver.read_csv import read_csv
from tm_lakehouse.landing_to_silver.read_json import read_json
from tm_lakehouse.landing_to_silver.reading import Reading, UnreadableFileError

_GZIP_MAGIC = b"\x1f\x8b"
_JSON_STARTS = (b"[", b"{")


class Format(Enum):
    """What a landed file holds."""

    CSV = "csv"
    JSON = "json"


_FORMATS = {"csv": Format.CSV, "json": Format.JSON, "jsonl": Format.JSON, "ndjson": Format.JSON}


def read_file(name: str, data: bytes) -> Iterator[Reading]:
    """Read a landed file in batches.

    Raises:
        UnreadableFileError: it is empty, its compression or encoding is broken, or it isn't of its format.
    """
    content = decompressed(name, data)
    if not content or content.isspace():
        raise UnreadableFileError("it is empty")
    if format_of(name, content) is Format.CSV:
        return read_csv(content)
    return read_json(_text(content))


def format_of(name: str, content: bytes) -> Format:
    """By extension, else by the first character."""
    extension = name.lower().removesuffix(".gz").rpartition(".")[2]
    if extension in _FORMATS:
        return _FORMATS[extension]
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return Format.JSON if start.startswith(_JSON_STARTS) else Format.CSV


def decompressed(name: str, data: bytes) -> bytes:
    """Gzip undone where the name or the first bytes tell of it."""
    if not (name.lower().endswith(".gz") or data.startswith(_GZIP_MAGIC)):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableFileError(f"its gzip is broken: {error}") from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"not UTF-8 at byte {error.start}") from None
