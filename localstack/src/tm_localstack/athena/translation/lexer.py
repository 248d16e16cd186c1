"""Tokens of Athena's SQL, both of its Hive and of its Trino dialect, each with its place in the text."""

import re
from dataclasses import dataclass
from enum import Enum

_BLANK = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_TOKEN = r"""
    (?P<blank>\s+ | --[^\n]* | /\*.*?\*/)
    | (?P<string>{string})
    | (?P<quoted>{quoted} | `(?:[^`]|``)*`)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$]))
    | (?P<word>[\w$@]+)
    | (?P<symbol>.)
"""
_TRINO = re.compile(_TOKEN.format(string=r"'(?:[^']|'')*'", quoted=r'"(?:[^"]|"")*"'), re.VERBOSE | re.DOTALL)
# In Hive's dialect a backslash escapes in texts. Its statements are those that hold no query.
_HIVE = re.compile(
    _TOKEN.format(string=r"'(?:\\.|[^'\\]|'')*'", quoted=r'"(?:\\.|[^"\\]|"")*"'), re.VERBOSE | re.DOTALL
)
_NAME = r"(?:[\w$@.]|`[^`]*`|\"[^\"]*\")+"
_HIVE_STATEMENT = re.compile(
    rf"{_BLANK}*(?:ALTER{_BLANK}+(?:TABLE|DATABASE|SCHEMA)\b|CREATE{_BLANK}+(?:DATABASE|SCHEMA)\b"
    rf"|CREATE{_BLANK}+(?:EXTERNAL{_BLANK}+)?TABLE{_BLANK}+(?:IF{_BLANK}+NOT{_BLANK}+EXISTS{_BLANK}+)?"
    rf"{_NAME}{_BLANK}*\()",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([0-3][0-7][0-7])|(.))", re.DOTALL)
_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


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
    has_escapes: bool = False

    @property
    def value(self) -> str:
        """The text without quotes and escapes; a word as it is written."""
        if self.kind in (Kind.STRING, Kind.QUOTED):
            quote = self.text[0]
            text = self.text[1:-1].replace(quote * 2, quote)
            return _ESCAPE.sub(_unescaped, text) if self.has_escapes and quote != "`" else text
        return self.text

    def is_word(self, word: str) -> bool:
        return self.kind is Kind.WORD and self.text.upper() == word

    def is_symbol(self, symbol: str) -> bool:
        return self.kind is Kind.SYMBOL and self.text == symbol


def tokenize(sql: str) -> list[Token]:
    """The tokens of a text, without blanks and comments. An unclosed quote or comment comes as single symbols."""
    is_hive = _HIVE_STATEMENT.match(sql) is not None
    return [
        Token(Kind(match.lastgroup), match.group(), match.start(), match.end(), is_hive)
        for match in (_HIVE if is_hive else _TRINO).finditer(sql)
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


def _unescaped(match: re.Match[str]) -> str:
    code, octal, character = match.groups()
    if code or octal:
        return chr(int(code, 16) if code else int(octal, 8))
    return _ESCAPED.get(character, character)


def position(sql: str, offset: int) -> tuple[int, int]:
    """Line and column, both counted from 1, of an offset."""
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
