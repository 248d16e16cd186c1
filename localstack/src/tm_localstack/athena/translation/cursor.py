"""A cursor over the tokens of one statement, with which the translations read their clauses."""

from dataclasses import dataclass

from tm_localstack.athena.translation.lexer import Kind, Token, position, tokenize

_OPENING = {"(": ")", "<": ">", "[": "]"}
_CLOSING = set(_OPENING.values())


class SqlSyntaxError(Exception):
    """A statement that is not in Athena's grammar. `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}:{column}: {message}")


@dataclass(frozen=True)
class Name:
    """The name of a table, view or database, in lower case as the catalog keeps it."""

    table: str
    database: str | None = None
    catalog: str | None = None

    @property
    def sql(self) -> str:
        """The name quoted for Trino."""
        parts = (self.catalog, self.database, self.table)
        return ".".join(quoted(part) for part in parts if part is not None)

    def within(self, database: str) -> "Name":
        """The name with `database` where it has none."""
        return Name(self.table, self.database or database, self.catalog)


def quoted(identifier: str) -> str:
    """An identifier quoted for Trino."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class Cursor:
    """Reads one statement, or a part of it in parentheses, from left to right.

    In Hive's dialect (`is_hive`) names are quoted by backticks alone.
    """

    def __init__(self, sql: str, tokens: list[Token] | None = None, *, is_hive: bool = False) -> None:
        self.sql = sql
        self._is_hive = is_hive
        self._tokens = tokenize(sql) if tokens is None else tokens
        self._index = 0

    @property
    def at_end(self) -> bool:
        return self._index >= len(self._tokens)

    @property
    def token(self) -> Token:
        """The token to read next.

        Raises:
            SqlSyntaxError: there is none.
        """
        if self.at_end:
            end = self._tokens[-1].end if self._tokens else len(self.sql)
            raise SqlSyntaxError("mismatched input '<EOF>'", *position(self.sql, end))
        return self._tokens[self._index]

    def sees(self, *words: str) -> bool:
        """Whether these keywords come next."""
        ahead = self._tokens[self._index : self._index + len(words)]
        return len(ahead) == len(words) and all(token.is_word(word) for token, word in zip(ahead, words, strict=True))

    def sees_symbol(self, symbol: str) -> bool:
        return not self.at_end and self._tokens[self._index].is_symbol(symbol)

    def accept(self, *words: str) -> bool:
        """Read these keywords if they come next."""
        found = self.sees(*words)
        if found:
            self._index += len(words)
        return found

    def accept_symbol(self, symbol: str) -> bool:
        found = self.sees_symbol(symbol)
        if found:
            self._index += 1
        return found

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.error(expecting=" ".join(words))

    def expect_symbol(self, symbol: str) -> None:
        if not self.accept_symbol(symbol):
            raise self.error(expecting=f"'{symbol}'")

    def expect_end(self) -> None:
        if not self.at_end:
            raise self.error(expecting="<EOF>")

    def take(self) -> Token:
        """Read any one token."""
        token = self.token
        self._index += 1
        return token

    def identifier(self) -> str:
        """Read an identifier, in lower case."""
        is_text = self._is_hive and self.token.text.startswith('"')
        if self.token.kind not in (Kind.WORD, Kind.QUOTED) or is_text:
            raise self.error(expecting="an identifier")
        return self.take().value.lower()

    def string(self) -> str:
        """Read a text in single (in Hive's clauses also double) quotes."""
        is_text = self.token.kind is Kind.STRING or self.token.text.startswith('"')
        if not is_text:
            raise self.error(expecting="a string")
        return self.take().value

    def name(self) -> Name:
        """Read a name of one to three parts."""
        parts = [self.identifier()]
        while self.accept_symbol("."):
            parts.append(self.identifier())
        if len(parts) > 3:
            raise self.error(expecting="a name of at most three parts")
        return Name(*reversed(parts))

    def group(self) -> "Cursor":
        """Read a balanced part in parentheses; the cursor of what is inside."""
        self.expect_symbol("(")
        first, depth = self._index, 1
        while depth:
            token = self.take()
            depth += token.is_symbol("(") - token.is_symbol(")")
        return self._part(self._tokens[first : self._index - 1])

    def items(self) -> "list[Cursor]":
        """What is left, split at its outermost commas."""
        found: list[list[Token]] = [[]]
        depth = 0
        while not self.at_end:
            token = self.take()
            if token.kind is Kind.SYMBOL:
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if token.is_symbol(",") and depth == 0:
                found.append([])
            else:
                found[-1].append(token)
        return [self._part(tokens) for tokens in found]

    def without_last(self, words: int) -> "Cursor":
        """What is left, without so many of its last tokens."""
        return self._part(self._tokens[self._index : len(self._tokens) - words])

    def ends_with(self, *words: str) -> bool:
        """Whether these keywords are the last that is left."""
        tail = self._tokens[self._index :][-len(words) :]
        return [token.text.upper() for token in tail] == list(words)

    def source(self) -> str:
        """What is left, as it is written, without reading it."""
        if self.at_end:
            return ""
        return self.sql[self.token.start : self._tokens[-1].end]

    def _part(self, tokens: list[Token]) -> "Cursor":
        return Cursor(self.sql, tokens, is_hive=self._is_hive)

    def error(self, expecting: str) -> SqlSyntaxError:
        """The error that the next token is not what the grammar wants."""
        if self.at_end:
            end = self._tokens[-1].end if self._tokens else len(self.sql)
            text, offset = "<EOF>", end
        else:
            text, offset = self.token.text, self.token.start
        return SqlSyntaxError(f"mismatched input '{text}'. Expecting: {expecting}", *position(self.sql, offset))
