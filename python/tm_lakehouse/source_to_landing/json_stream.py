"""JSON records one after the other, without holding the whole document."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TextIO

from tm_lakehouse.landing_to_silver.extended_json import decoder
from tm_lakehouse.source_to_landing.file_format import RejectedFileError

_BLANKS = " \t\r\n"
_CHUNK_CHARACTERS = 1 << 20
# A round has some hundred thousand. Without a bound, a broken document would be read into memory whole.
_MOST_ELEMENT_CHARACTERS = 1 << 26


class JsonRecord(NamedTuple):
    """One record as its text and its value."""

    text: str
    value: object
    is_json: bool = True


def json_records(stream: TextIO) -> Iterator[JsonRecord]:
    """The elements of an array, one object over several lines, or one object per line.

    Raises:
        RejectedFileError: an array breaks off, or something follows it.
    """
    first = _first_line(stream)
    if first.lstrip(_BLANKS).startswith("["):
        return array_elements(Source(stream.read, first.lstrip(_BLANKS)[1:]))
    return _lines(stream, first)


class Source:
    """A window on a text that is read as far as it is needed."""

    def __init__(self, read: Callable[[int], str], begun: str) -> None:
        self._read, self.buffer, self.position, self.is_at_end = read, begun, 0, False

    def more(self) -> None:
        # Twice as much each time, so that a long element isn't scanned over and over.
        chunk = self._read(max(_CHUNK_CHARACTERS, len(self.buffer)))
        self.is_at_end = not chunk
        self.buffer, self.position = self.buffer[self.position :] + chunk, 0

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self.position < len(self.buffer) and self.buffer[self.position] in _BLANKS:
                self.position += 1
            if self.position < len(self.buffer):
                return self.buffer[self.position]
            if self.is_at_end:
                return ""
            self.more()


def array_elements(source: Source, *, is_whole: bool = True) -> Iterator[JsonRecord]:
    """The elements that follow an opening bracket; `is_whole` says that nothing may follow the closing one."""
    scan = decoder().raw_decode
    if source.peek() != "]":
        yield element(source, scan)
        while source.peek() == ",":
            source.position += 1
            source.peek()
            yield element(source, scan)
    if source.peek() != "]":
        raise RejectedFileError("its JSON array breaks off")
    source.position += 1
    if is_whole and source.peek():
        raise RejectedFileError("text follows its JSON array")


def element(source: Source, scan: Callable[[str, int], tuple[object, int]]) -> JsonRecord:
    """The value that begins at the source's position, which is no blank."""
    while True:
        try:
            value, end = scan(source.buffer, source.position)
        except (ValueError, RecursionError) as error:
            if source.is_at_end or len(source.buffer) - source.position > _MOST_ELEMENT_CHARACTERS:
                raise RejectedFileError(f"its JSON can't be read: {error}") from None
        else:
            # A number that ends with the window may go on behind it.
            if end < len(source.buffer) or source.is_at_end:
                text = source.buffer[source.position : end]
                source.position = end
                return JsonRecord(text, value)
        source.more()


def _first_line(stream: TextIO) -> str:
    for line in stream:
        if line.strip(_BLANKS):
            return line
    return ""


def _lines(stream: TextIO, first: str) -> Iterator[JsonRecord]:
    lines: Iterable[str] = chain([first], stream)
    if first.lstrip(_BLANKS).startswith("{") and not _decoded(first).is_json:
        rest = stream.read()
        whole = _decoded(first + rest)
        if whole.is_json:
            yield whole
            return
        lines = chain([first], io.StringIO(rest, newline="\n"))
    for line in lines:
        stripped = line.strip(_BLANKS)
        if stripped:
            yield _decoded(stripped)


def _decoded(text: str) -> JsonRecord:
    try:
        return JsonRecord(text, decoder().decode(text))
    except (json.JSONDecodeError, RecursionError):
        return JsonRecord(text, None, is_json=False)
