"""Tokens of Athena's SQL, both of its Hive and of its Trino dialect, each with its place in the text."""

import re
from dataclasses import dataclass
from enum import Enum

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+ | --[^\n]* | /\*.*?\*/)
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*`)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$]))
    | (?P<word>[\w$@]+)
    | (?P<symbol>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    STRING = "string"
    QUOTED = "quoted"
    NUMBER = "number"
    WORD = "word"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `start` and `end` are offsets in the statement."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The text without quotes; a word as it is written."""
        if self.kind in (Kind.STRING, Kind.QUOTED):
            quote = self.text[0]
            return self.text[1:-1].replace(quote * 2, quote)
        return self.text

    def is_word(self, word: str) -> bool:
        return self.kind is Kind.WORD and self.text.upper() == word

    def is_symbol(self, symbol: str) -> bool:
        return self.kind is Kind.SYMBOL and self.text == symbol


def tokenize(sql: str) -> list[Token]:
    """The tokens of a text, without blanks and comments. An unclosed quote or comment comes as single symbols."""
    return [
        Token(Kind(match.lastgroup), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "blank"
    ]


def statements(sql: str) -> list[str]:
    """The statements of a text, each with its leading comments and without its semicolon."""
    found: list[str] = []
    start, last_end, is_empty = 0, 0, True
    for token in tokenize(sql):
        if token.is_symbol(";"):
            if not is_empty:
                found.append(sql[start:last_end])
            start, is_empty = token.end, True
        else:
            last_end, is_empty = token.end, False
    if not is_empty:
        found.append(sql[start:last_end])
    return found


def position(sql: str, offset: int) -> tuple[int, int]:
    """Line and column, both counted from 1, of an offset."""
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
