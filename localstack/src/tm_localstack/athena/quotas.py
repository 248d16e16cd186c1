"""How many queries of one kind may be under way, as Athena's service quotas say for us-east-1."""

from collections.abc import Iterable

ACTIVE_DML = 200
ACTIVE_DDL = 20
REASON = "CONCURRENT_QUERY_LIMIT_EXCEEDED"
_ALSO_DML = "CREATE_TABLE_AS_SELECT"


class TooManyQueriesError(Exception):
    """The account's queries of one kind, running and queued, have reached their quota."""


def check_active(active: Iterable[tuple[str, str]], asked: tuple[str, str]) -> None:
    """Refuse one more query; each is given by its statement's type and subtype.

    Raises:
        TooManyQueriesError: names the quota.
    """
    kind = _kind(*asked)
    limit = ACTIVE_DML if kind == "DML" else ACTIVE_DDL
    if sum(_kind(*each) == kind for each in active) >= limit:
        raise TooManyQueriesError(
            f"You have exceeded the limit for the number of queries you can run concurrently: {limit} active {kind} "
            "queries. Please reduce the number of concurrent queries submitted by this account."
        )


def _kind(statement_type: str, subtype: str) -> str:
    return "DML" if statement_type == "DML" or subtype == _ALSO_DML else "DDL"
