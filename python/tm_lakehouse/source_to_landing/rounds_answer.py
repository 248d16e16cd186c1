"""One answer of the source's API: a list of rounds, or an object with them and perhaps the address of the next page."""

from collections.abc import Iterator
from typing import TextIO

from tm_lakehouse.landing_to_silver.extended_json import decoder
from tm_lakehouse.source_to_landing.file_format import RejectedFileError
from tm_lakehouse.source_to_landing.json_stream import JsonRecord, Source, array_elements, element

ROUNDS, NEXT = "rounds", "next"
_SHOWN_CHARACTERS = 40


class NoRoundsError(Exception):
    """An answer that is whole and yet not rounds: asking again would not help."""


class RoundsAnswer:
    """Reads the answer once, as far as it is needed; `next` is known when its rounds have been read."""

    def __init__(self, stream: TextIO) -> None:
        self._source = Source(stream.read, "")
        self._scan = decoder().raw_decode
        self.next: str | None = None

    def rounds(self) -> Iterator[str]:
        """Each round as one line of JSON, with the very texts of its values.

        Raises:
            NoRoundsError: it is something else than rounds.
            RejectedFileError: it is empty or cut, or isn't JSON throughout.
        """
        begin = self._source.peek()
        if not begin:
            raise RejectedFileError("it is empty")
        if begin not in "[{":
            raise NoRoundsError(f"it begins with {self._begin()!r}")
        self._source.position += 1
        records = array_elements(self._source) if begin == "[" else self._members()
        return (_one_line(record.text) for record in records)

    def _members(self) -> Iterator[JsonRecord]:
        """The rounds of an object, wherever among its members they stand."""
        has_rounds = False
        while self._source.peek() != "}":
            name = self._value().value
            self._skip(":")
            if name == ROUNDS:
                if has_rounds or self._source.peek() not in ("[", ""):
                    raise NoRoundsError(f"its {ROUNDS} are no list, or there twice")
                has_rounds = True
                self._skip("[")
                yield from array_elements(self._source, is_whole=False)
            elif name == NEXT:
                self.next = _address(self._value())
            else:
                self._value()
            if self._source.peek() != "}":
                self._skip(",")
        self._skip("}")
        if self._source.peek():
            raise RejectedFileError("text follows its JSON object")
        if not has_rounds:
            raise NoRoundsError(f"it has no {ROUNDS}")

    def _value(self) -> JsonRecord:
        self._source.peek()
        return element(self._source, self._scan)

    def _skip(self, character: str) -> None:
        if self._source.peek() != character:
            raise RejectedFileError("its JSON object breaks off")
        self._source.position += 1

    def _begin(self) -> str:
        return self._source.buffer[self._source.position :][:_SHOWN_CHARACTERS]


def _address(record: JsonRecord) -> str | None:
    if record.text == "null":
        return None
    if not record.text.startswith('"'):
        raise NoRoundsError(f"its {NEXT} is no address")
    return str(record.value) or None


def _one_line(record: str) -> str:
    # A JSON string holds no raw line break, so these are only blanks between values.
    return record.replace("\r", " ").replace("\n", " ")
