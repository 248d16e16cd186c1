"""What Athena's engine version 3 refuses before a statement runs."""

from itertools import pairwise

from tm_localstack.athena.translation.lexer import Kind, Token, statements, tokenize
from tm_localstack.athena.translation.statement import Statement, UnsupportedStatementError, classify

MAX_QUERY_BYTES = 262_144
# In the engine behind this emulator, and not in Athena's engine version 3.
NEWER_FUNCTIONS = frozenset({"cosine_distance", "dot_product", "euclidean_distance", "json_table", "t_cdf", "t_pdf"})
NEWER_PREFIXES = (("WITH", "FUNCTION"), ("WITH", "SESSION"))


class QueryRefusedError(Exception):
    """A text that Athena does not even start. `code` is its AthenaErrorCode."""

    def __init__(self, message: str, code: str = "MALFORMED_QUERY") -> None:
        super().__init__(message)
        self.code = code


def accept(text: str) -> Statement:
    """The one statement of a query text.

    Raises:
        QueryRefusedError: the text is too long, holds none or several statements, or one that Athena has not.
        SqlSyntaxError: no statement begins like that, or a CREATE TABLE that can't be read.
    """
    size = len(text.encode())
    if size > MAX_QUERY_BYTES:
        raise QueryRefusedError(f"The query has {size} bytes; at most {MAX_QUERY_BYTES} are allowed", "INVALID_INPUT")
    found = statements(text)
    if not found:
        raise QueryRefusedError("Query string is empty")
    if len(found) > 1:
        raise QueryRefusedError(f"Only one sql statement is allowed. Got: {text}")
    try:
        statement = classify(found[0])
    except UnsupportedStatementError as error:
        raise QueryRefusedError(str(error)) from error
    _refuse_newer_syntax(tokenize(statement.sql))
    return statement


def _refuse_newer_syntax(tokens: list[Token]) -> None:
    for words in NEWER_PREFIXES:
        if [token.text.upper() for token in tokens[: len(words)]] == list(words):
            raise QueryRefusedError(f"mismatched input '{words[-1]}'")
    for token, following in pairwise(tokens):
        is_call = token.kind is Kind.WORD and following.is_symbol("(")
        if is_call and token.text.lower() in NEWER_FUNCTIONS:
            raise QueryRefusedError(f"Function '{token.text.lower()}' not registered", "INVALID_INPUT")
