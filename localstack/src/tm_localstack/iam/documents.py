"""Policy documents, read once into statements."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Documents of the older version know no policy variables.
VERSION_WITH_VARIABLES = "2012-10-17"


class MalformedPolicyError(ValueError):
    """A text that is no policy. The message says why."""


@dataclass(frozen=True)
class Condition:
    """One operator with one context key: any of the values has to match (none of them, for a negated operator)."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Principals:
    """Whom a statement of a resource's policy is about, by kind (AWS, Service, Federated, CanonicalUser)."""

    named: Mapping[str, tuple[str, ...]]
    is_negated: bool = False


@dataclass(frozen=True)
class Statement:
    """One statement. Actions are in lower case. `resources` is None in a trust policy, which names none."""

    effect: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: Principals | None
    conditions: tuple[Condition, ...]
    has_variables: bool
    sid: str = ""


Document = tuple[Statement, ...]


def parse(text: str | Mapping[str, Any]) -> Document:
    """The statements of a policy.

    Raises:
        MalformedPolicyError: it is no JSON, or no policy.
    """
    try:
        document = json.loads(text) if isinstance(text, str) else text
        has_variables = document.get("Version") == VERSION_WITH_VARIABLES
        return tuple(_statement(each, has_variables) for each in _list(document["Statement"]))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise MalformedPolicyError(f"The policy can't be read: {type(error).__name__}: {error}") from error


def _statement(given: Mapping[str, Any], has_variables: bool) -> Statement:
    return Statement(
        effect=given["Effect"],
        actions=tuple(action.lower() for action in _texts(given.get("Action"))),
        not_actions=tuple(action.lower() for action in _texts(given.get("NotAction"))),
        resources=_texts(given["Resource"]) if "Resource" in given else None,
        not_resources=_texts(given["NotResource"]) if "NotResource" in given else None,
        principals=_principals(given),
        conditions=tuple(
            Condition(operator.lower(), key.lower(), _texts(values))
            for operator, keys in given.get("Condition", {}).items()
            for key, values in keys.items()
        ),
        has_variables=has_variables,
        sid=given.get("Sid", ""),
    )


def _principals(given: Mapping[str, Any]) -> Principals | None:
    for name, is_negated in (("Principal", False), ("NotPrincipal", True)):
        if name in given:
            principal = given[name]
            named = {"AWS": ("*",)} if principal == "*" else {kind: _texts(who) for kind, who in principal.items()}
            return Principals(named, is_negated)
    return None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in _list(value))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
