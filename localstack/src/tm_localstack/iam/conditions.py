"""Condition operators of policies, over the values of a request's context."""

import ipaddress
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tm_localstack.iam.documents import Condition
from tm_localstack.iam.patterns import UnknownVariableError, arn_matches, filled, literal, matches

Context = Mapping[str, tuple[str, ...]]
Test = Callable[[str, str], bool]
FOR_ALL, FOR_ANY, IF_EXISTS = "forallvalues:", "foranyvalue:", "ifexists"


class UnknownOperatorError(Exception):
    """A condition operator that AWS has not."""


def holds(condition: Condition, context: Context, *, has_variables: bool) -> bool:
    """Whether a condition holds for a request.

    Raises:
        UnknownOperatorError: there is no such operator.
    """
    quantifier, operator, if_exists = _parts(condition.operator)
    found = context.get(condition.key)
    if operator == "null":
        return (found is None) == (condition.values[:1] == ("true",))
    test, is_negated = _test(operator)
    if found is None or (quantifier and not found):
        return _holds_without_value(quantifier, is_negated=is_negated, if_exists=if_exists)
    wanted = _wanted(condition.values, context, has_variables)
    hits = [any(_hits(test, pattern, value) for pattern in wanted) != is_negated for value in found]
    return all(hits) if quantifier == FOR_ALL or (is_negated and not quantifier) else any(hits)


def _holds_without_value(quantifier: str, *, is_negated: bool, if_exists: bool) -> bool:
    if quantifier == FOR_ANY:
        return if_exists
    return if_exists or is_negated or quantifier == FOR_ALL


def _parts(operator: str) -> tuple[str, str, bool]:
    quantifier = next((each for each in (FOR_ALL, FOR_ANY) if operator.startswith(each)), "")
    name = operator.removeprefix(quantifier)
    return quantifier, name.removesuffix(IF_EXISTS), name.endswith(IF_EXISTS)


def _wanted(values: tuple[str, ...], context: Context, has_variables: bool) -> list[str]:
    if not has_variables:
        return list(values)
    wanted = []
    for value in values:
        try:
            wanted.append(filled(value, context))
        except UnknownVariableError:
            # Matches nothing, as AWS has it.
            continue
    return wanted


def _hits(test: Test, wanted: str, given: str) -> bool:
    try:
        return test(wanted, given)
    except ValueError:
        # A value that is no number, date or address matches none.
        return False


def _test(operator: str) -> tuple[Test, bool]:
    if operator in _TESTS:
        return _TESTS[operator], False
    if operator in _NEGATED:
        return _TESTS[_NEGATED[operator]], True
    raise UnknownOperatorError(operator)


def _compared(read: Callable[[str], float | datetime]) -> dict[str, Test]:
    def order(wanted: str, given: str) -> int:
        left, right = read(literal(given)), read(literal(wanted))
        return (left > right) - (left < right)  # type: ignore[operator]

    return {
        "equals": lambda wanted, given: order(wanted, given) == 0,
        "lessthan": lambda wanted, given: order(wanted, given) < 0,
        "lessthanequals": lambda wanted, given: order(wanted, given) <= 0,
        "greaterthan": lambda wanted, given: order(wanted, given) > 0,
        "greaterthanequals": lambda wanted, given: order(wanted, given) >= 0,
    }


def _date(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_network(wanted: str, given: str) -> bool:
    return ipaddress.ip_address(given) in ipaddress.ip_network(literal(wanted), strict=False)


_TESTS: dict[str, Test] = {
    "stringequals": lambda wanted, given: literal(wanted) == given,
    "stringequalsignorecase": lambda wanted, given: literal(wanted).casefold() == given.casefold(),
    "stringlike": matches,
    "arnequals": arn_matches,
    "arnlike": arn_matches,
    "bool": lambda wanted, given: literal(wanted).lower() == given.lower(),
    "binaryequals": lambda wanted, given: b64decode(literal(wanted)) == b64decode(given),
    "ipaddress": _in_network,
    **{f"numeric{name}": test for name, test in _compared(float).items()},
    **{f"date{name}": test for name, test in _compared(_date).items()},
}
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
