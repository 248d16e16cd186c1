"""Numbers as Athena reads them: one with a point is a DOUBLE, where Trino would make it a DECIMAL."""

import re

_PIECE = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | [A-Za-z_$@][\w$@]*
    | (?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)[eE][+-]?\d+
    | (?P<decimal>\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?![\w$.])
    """,
    re.VERBOSE | re.DOTALL,
)


def with_doubles(sql: str) -> str:
    """The statement for Trino: every number with a point gets an exponent; nothing else changes."""
    return _PIECE.sub(lambda match: match.group() + ("e0" if match.group("decimal") else ""), sql)
