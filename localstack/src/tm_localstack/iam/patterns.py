"""How policies' patterns match: `*` any characters, `?` one; ARNs part by part."""

import re
from collections.abc import Mapping
from functools import lru_cache

ARN_PARTS = 6
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}


class UnknownVariableError(Exception):
    """A policy variable that the request has no value for, and the policy no default."""


def matches(pattern: str, value: str) -> bool:
    """Whether a pattern matches the whole of a value, with regard to case."""
    return _compiled(pattern).fullmatch(value) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether an ARN's pattern matches. A wildcard does not reach beyond its part; missing parts may be any."""
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", ARN_PARTS - 1), arn.split(":", ARN_PARTS - 1)
    if wanted[0] != "arn" or len(given) != ARN_PARTS:
        return matches(pattern, arn)
    return all(map(matches, wanted + ["*"] * (ARN_PARTS - len(wanted)), given))


def filled(pattern: str, context: Mapping[str, tuple[str, ...]]) -> str:
    """A pattern with its policy variables replaced; what they stand for holds no wildcards.

    Raises:
        UnknownVariableError: a variable has no value, or several.
    """
    return _VARIABLE.sub(lambda variable: _value(variable.group(1), context), pattern)


def _value(variable: str, context: Mapping[str, tuple[str, ...]]) -> str:
    if variable in _LITERALS:
        return _escaped(_LITERALS[variable])
    key, has_default, default = variable.partition(",")
    values = context.get(key.strip().lower(), ())
    if len(values) == 1:
        return _escaped(values[0])
    if not values and has_default:
        return _escaped(default.strip().strip("'"))
    raise UnknownVariableError(variable)


# Characters of Unicode's private area stand for those that a variable's value means as they are.
_ESCAPES = {"*": "\ue000", "?": "\ue001"}


def _escaped(text: str) -> str:
    for character, stand_in in _ESCAPES.items():
        text = text.replace(character, stand_in)
    return text


@lru_cache(8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": ".", **{stand_in: re.escape(character) for character, stand_in in _ESCAPES.items()}}
    return re.compile("".join(parts.get(character, re.escape(character)) for character in pattern), re.DOTALL)


def literal(text: str) -> str:
    """The text that a filled pattern stands for where wildcards mean nothing."""
    for character, stand_in in _ESCAPES.items():
        text = text.replace(stand_in, character)
    return text
