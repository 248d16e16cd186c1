"""Where the records of a CSV begin and end, and which of them are broken."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tm_lakehouse.landing_to_silver.reading import BrokenRecord

_COMMA, _QUOTE, _LINE_FEED, _RETURN = b',"\n\r'
_BLOCK_BYTES = 16 << 20
_RESTART_BYTES = 64 << 10

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


class Block(NamedTuple):
    """Some records of a file: the sound ones as bytes, each ending with a line feed, and the broken ones."""

    sound: bytes
    positions: Positions
    broken: list[BrokenRecord]


class _Records(NamedTuple):
    starts: Positions
    ends: Positions
    is_sound: npt.NDArray[np.bool_]
    is_blank: npt.NDArray[np.bool_]
    is_multiline: npt.NDArray[np.bool_]


def blocks(data: bytes, start: int, fields: int, block_bytes: int = _BLOCK_BYTES) -> Iterator[Block]:
    """Take a CSV's records from byte `start` on; each must have `fields` fields.

    A broken record is one line: reading goes on at the next line, so that a quote that is never closed costs its own
    line and not the rest of the file. Empty lines are no records.
    """
    array = np.frombuffer(data, dtype=np.uint8)
    position, window = 1, block_bytes
    while start < len(data):
        stop = min(start + window, len(data))
        records = _records(array[start:stop], fields, is_last=stop == len(data))
        cut = _first_runaway(records)
        usable = len(records.ends) if cut is None else cut
        if usable == 0 and cut is None:
            window *= 2
            continue
        block = _block(data, start, records, usable, position)
        position += len(block.positions) + len(block.broken)
        window = block_bytes if cut is None else _RESTART_BYTES
        start += int(records.ends[usable - 1]) if usable else 0
        if cut is not None:
            line_end = data.find(b"\n", start) + 1
            block.broken.append(BrokenRecord(position, _text(data[start:line_end])))
            start, position = line_end, position + 1
        window = min(max(window, _RESTART_BYTES), block_bytes)
        yield block


def _records(window: Bytes, fields: int, *, is_last: bool) -> _Records:
    """The records that end within the window; a last one without line feed ends with the file."""
    line_feeds = np.flatnonzero(window == _LINE_FEED)
    quotes = np.flatnonzero(window == _QUOTE)
    commas = window == _COMMA
    ends = line_feeds
    if len(quotes):
        ends = line_feeds[_is_outside(quotes, line_feeds)]
        commas = commas & _outside_mask(window, quotes)
    ends = ends + 1
    if is_last and len(window) and (not len(ends) or ends[-1] < len(window)):
        ends = np.append(ends, len(window))
    return _describe(window[: ends[-1]] if len(ends) else window[:0], ends, commas, quotes, line_feeds, fields)


def _describe(
    window: Bytes,
    ends: Positions,
    commas: npt.NDArray[np.bool_],
    quotes: Positions,
    line_feeds: Positions,
    fields: int,
) -> _Records:
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64) if len(ends) else ends
    if not len(ends):
        empty = np.zeros(0, dtype=bool)
        return _Records(starts, ends, empty, empty, empty)
    # One call a record: a thousand times fewer steps than numpy's sums over booleans take.
    counts = np.array([np.count_nonzero(commas[start:end]) for start, end in zip(starts, ends, strict=True)])
    is_sound = (counts == fields - 1) & ~_has_misplaced_quote(window, ends, quotes)
    lines = np.searchsorted(line_feeds, ends - 1, side="left") - np.searchsorted(line_feeds, starts, side="left")
    return _Records(starts, ends, is_sound, _is_blank(window, starts, ends), lines > 0)


def _is_outside(quotes: Positions, positions: Positions) -> npt.NDArray[np.bool_]:
    return np.asarray(np.searchsorted(quotes, positions) % 2 == 0)


def _outside_mask(window: Bytes, quotes: Positions) -> npt.NDArray[np.bool_]:
    lengths = np.diff(quotes, prepend=0, append=len(window))
    return np.repeat(np.arange(len(lengths)) % 2 == 0, lengths)


def _has_misplaced_quote(window: Bytes, ends: Positions, quotes: Positions) -> npt.NDArray[np.bool_]:
    """A quote may open a field, close it, or be doubled within it; and what is opened is closed."""
    misplaced = np.zeros(len(ends), dtype=bool)
    quotes = quotes[quotes < len(window)]
    if not len(quotes):
        return misplaced
    before = window[np.maximum(quotes - 1, 0)]
    after = window[np.minimum(quotes + 1, len(window) - 1)]
    opens = np.arange(len(quotes)) % 2 == 0
    may_open = (quotes == 0) | np.isin(before, (_COMMA, _LINE_FEED, _QUOTE))
    may_close = (quotes == len(window) - 1) | np.isin(after, (_COMMA, _LINE_FEED, _RETURN, _QUOTE))
    wrong = np.where(opens, ~may_open, ~may_close)
    if len(quotes) % 2:
        wrong[-1] = True
    misplaced[np.searchsorted(ends, quotes[wrong], side="right")] = True
    return misplaced


def _is_blank(window: Bytes, starts: Positions, ends: Positions) -> npt.NDArray[np.bool_]:
    lengths = ends - starts
    is_line_feed = (lengths == 1) & (window[starts] == _LINE_FEED)
    is_return = (lengths == 2) & (window[starts] == _RETURN) & (window[ends - 1] == _LINE_FEED)
    return np.asarray(is_line_feed | is_return)


def _first_runaway(records: _Records) -> int | None:
    """The first record that is broken over several lines: its quotes may have swallowed sound lines."""
    runaway = np.flatnonzero(~records.is_sound & ~records.is_blank & records.is_multiline)
    return int(runaway[0]) if len(runaway) else None


def _block(data: bytes, offset: int, records: _Records, usable: int, position: int) -> Block:
    starts, ends = records.starts[:usable] + offset, records.ends[:usable] + offset
    is_record = ~records.is_blank[:usable]
    is_sound = records.is_sound[:usable] & is_record
    positions = position + np.cumsum(is_record) - 1
    broken = [
        BrokenRecord(int(positions[each]), _text(data[starts[each] : ends[each]]))
        for each in np.flatnonzero(is_record & ~is_sound)
    ]
    return Block(_join(data, starts, ends, is_sound), positions[is_sound].astype(np.int64), broken)


def _join(data: bytes, starts: Positions, ends: Positions, is_sound: npt.NDArray[np.bool_]) -> bytes:
    kept = np.flatnonzero(is_sound)
    if not len(kept):
        return b""
    breaks = np.flatnonzero(np.diff(kept) > 1)
    firsts = np.concatenate(([kept[0]], kept[breaks + 1]))
    lasts = np.concatenate((kept[breaks], [kept[-1]]))
    pieces = [data[starts[first] : ends[last]] for first, last in zip(firsts, lasts, strict=True)]
    if not pieces[-1].endswith(b"\n"):
        pieces.append(b"\n")
    return b"".join(pieces)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace").rstrip("\r\n")
