"""Lists in pages, with the position as token. Pure."""

from collections.abc import Sequence
from typing import Any

LARGEST_PAGE = 1000


class TokenError(ValueError):
    """The token is not one that a page gave."""


def page(items: Sequence[Any], request: dict[str, Any], result: str) -> dict[str, Any]:
    """The items that `request`'s MaxResults and NextToken ask for, under `result`, and the token of the next page.

    Raises:
        TokenError: NextToken is not one of ours.
    """
    token = request.get("NextToken") or "0"
    if not token.isdecimal():
        raise TokenError(f"NextToken {token!r} is not valid.")
    start = int(token)
    end = start + (request.get("MaxResults") or LARGEST_PAGE)
    response: dict[str, Any] = {result: list(items[start:end])}
    if end < len(items):
        response["NextToken"] = str(end)
    return response
