"""What kind of file this is, and its content as a stream of bytes or text."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, TextIO, cast

FileFormat = Literal["csv", "json"]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP_MAGIC = b"\x1f\x8b"
_FORMATS: dict[str, FileFormat] = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json"}
_HEAD_BYTES = 4096


class RejectedFileError(Exception):
    """A file that may not be landed; the message is the reason."""


def is_gzip(path: Path) -> bool:
    """Whether the content is compressed, whatever the name says.

    Raises:
        RejectedFileError: the name ends with .gz, and the content is not.
    """
    with path.open("rb") as file:
        compressed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    if path.suffix.lower() == ".gz" and not compressed:
        raise RejectedFileError("its name says gzip, but its content is not")
    return compressed


def format_of(path: Path) -> FileFormat:
    """By extension, else by the first character: `[` or `{` begins JSON, anything else a CSV."""
    name = path.name.lower().removesuffix(".gz")
    known = _FORMATS.get(Path(name).suffix)
    if known:
        return known
    with content(path) as stream:
        head = stream.read(_HEAD_BYTES).removeprefix(BYTE_ORDER_MARK).lstrip()
    return "json" if head[:1] in (b"[", b"{") else "csv"


@contextmanager
def content(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, decompressed.

    Raises:
        RejectedFileError: the compressed data is broken or cut.
    """
    try:
        if is_gzip(path):
            with gzip.open(path) as stream:
                yield cast(BinaryIO, stream)
        else:
            with path.open("rb") as plain:
                yield plain
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RejectedFileError(f"its gzip data can't be read: {error}") from None


@contextmanager
def text(path: Path) -> Iterator[TextIO]:
    """The file's text without byte order mark, line ends untouched.

    Raises:
        RejectedFileError: it is not UTF-8, or its compressed data is broken.
    """
    with content(path) as stream:
        try:
            yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n")
        except UnicodeDecodeError as error:
            raise RejectedFileError(f"it is not UTF-8: {error.reason} at byte {error.start}") from None
