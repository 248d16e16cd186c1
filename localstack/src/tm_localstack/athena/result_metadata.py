"""The object beside a result that describes its columns: Athena's binary form, which JDBC drivers read.

It is a protocol buffer: the engine's id of the query, then one message for each column.
"""

from collections.abc import Iterable

from tm_localstack.athena.results import ResultColumn

_QUERY_ID, _COLUMN = 1, 4
_CATALOG, _NAME, _LABEL, _TYPE, _PRECISION, _SCALE, _NULLABLE, _CASE_SENSITIVE = 1, 4, 5, 6, 7, 8, 9, 10
_NULLABLE_UNKNOWN = 3
_VARINT, _BYTES = 0, 2


def metadata(query_id: str, columns: Iterable[ResultColumn]) -> bytes:
    """The object's content."""
    return _text(_QUERY_ID, query_id) + b"".join(_bytes(_COLUMN, _column(column)) for column in columns)


def _column(column: ResultColumn) -> bytes:
    texts = ((_CATALOG, "hive"), (_NAME, column.name), (_LABEL, column.name), (_TYPE, column.type))
    numbers = (
        (_PRECISION, column.precision),
        (_SCALE, column.scale),
        (_NULLABLE, _NULLABLE_UNKNOWN),
        (_CASE_SENSITIVE, int(column.case_sensitive)),
    )
    written = [_text(field, value) for field, value in texts]
    return b"".join(written + [_number(field, value) for field, value in numbers if value])


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _varint(number: int) -> bytes:
    """Seven bits to a byte, the lowest first; the highest bit says that more follow."""
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*digits, number])
