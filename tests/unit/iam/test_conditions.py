"""Condition operators, by AWS's page "IAM JSON policy elements: Condition operators"."""

import pytest

from tm_localstack.iam.conditions import UnknownOperatorError, holds
from tm_localstack.iam.documents import Condition

KEY = "aws:x"


def held(operator, wanted, given, key=KEY):
    values = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    context = {} if given is None else {KEY: (given,) if isinstance(given, str) else tuple(given)}
    return holds(Condition(operator.lower(), key, values), context, has_variables=True)


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "is_held"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "a*c?", "abbcd", True),
        ("StringLike", "a?", "a", False),
        ("StringNotLike", "a*", "abc", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "9", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericEquals", "10", "ten", False),
        ("DateLessThan", "2026-06-30T00:00:00Z", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2026-06-30T00:00:00Z", "2026-01-01T00:00:00Z", False),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", True),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "1767225601", True),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThanEquals", "2026-01-02", "2026-01-01T00:00:00Z", False),
        ("Bool", "true", "true", True),
        ("Bool", "true", "false", False),
        ("Bool", "TRUE", "true", True),
        ("BinaryEquals", "QUJD", "QUJD", True),
        ("BinaryEquals", "QUJD", "QUJE", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", "203.0.113.0/24", "203.0.114.7", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("IpAddress", "203.0.113.0/24", "2001:db8::1", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.114.7", True),
        ("ArnEquals", "arn:aws:sns:us-east-1:1:t*", "arn:aws:sns:us-east-1:1:topic", True),
        ("ArnLike", "arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:1:topic", True),
        ("ArnLike", "arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:2:x:1:y", False),
        ("ArnNotLike", "arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:2:t", True),
        ("ArnNotEquals", "arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:1:t", False),
        ("Null", "true", None, True),
        ("Null", "true", "a", False),
        ("Null", "false", "a", True),
        ("Null", "false", None, False),
    ],
)
def test_one_value(operator, wanted, given, is_held):
    assert held(operator, wanted, given) is is_held


@pytest.mark.parametrize(
    ("operator", "is_held"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("NumericLessThan", False),
        ("NotIpAddress", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
    ],
)
def test_a_key_that_the_request_has_not(operator, is_held):
    assert held(operator, "1", None) is is_held


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "is_held"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b", "a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c"], False),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "a"], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["b", "a"], True),
        ("ForAnyValue:StringLike", ["a*"], ["b", "ab"], True),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAnyValue:StringEquals", ["a"], [], False),
    ],
)
def test_several_values(operator, wanted, given, is_held):
    assert held(operator, wanted, given) is is_held


def test_variables_in_values():
    condition = Condition("stringequals", KEY, ("${aws:username}",))
    assert holds(condition, {KEY: ("ann",), "aws:username": ("ann",)}, has_variables=True)
    assert not holds(condition, {KEY: ("ann",)}, has_variables=True)
    assert not holds(condition, {KEY: ("ann",), "aws:username": ("ann",)}, has_variables=False)


def test_an_operator_that_aws_has_not():
    with pytest.raises(UnknownOperatorError):
        held("StringIs", "a", "a")
