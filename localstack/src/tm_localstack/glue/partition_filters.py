"""Filters of GetPartitions over text keys with a length, which moto takes for unknown types."""

import re
from typing import Any

from moto.glue import utils

_WITH_LENGTH = re.compile(r"(char|varchar)\(\d+\)")
_cast_of_moto = utils._cast


def cast(key_type: str, value: Any) -> Any:
    """A key's value as moto compares it."""
    match = _WITH_LENGTH.fullmatch(key_type)
    return _cast_of_moto(match[1] if match else key_type, value)


def understand_lengths() -> None:
    """Let moto's filters compare keys of type varchar(n) and char(n)."""
    utils._cast = cast
