"""MongoDB's extended JSON, relaxed and canonical: every value as the text that stands for it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

_SCALARS = frozenset({"$oid", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decoder() -> json.JSONDecoder:
    """Numbers come as their literal text, so that they are read by the same rules as a CSV's."""
    return json.JSONDecoder(object_hook=_unwrap, parse_float=str, parse_int=str, parse_constant=str)


def _unwrap(value: dict[str, Any]) -> Any:
    if len(value) != 1:
        return value
    [(name, inner)] = value.items()
    if name in _SCALARS and not isinstance(inner, dict | list):
        return inner
    if name == "$date" and not isinstance(inner, dict | list):
        return _time_text(inner) if isinstance(inner, str) else inner
    return value


def _time_text(text: str) -> str:
    """Milliseconds since 1970 as ISO text; what is no whole number stays as it is."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return text
    try:
        return (_EPOCH + timedelta(milliseconds=int(text))).isoformat()
    except OverflowError:
        return text
