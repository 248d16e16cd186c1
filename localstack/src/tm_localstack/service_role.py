"""Whether a service may assume a role, by the role's trust policy. Pure."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

_OPERATORS = frozenset({"StringEquals", "StringLike", "ArnEquals", "ArnLike"})


def trusts(policy: Mapping[str, Any], service: str, *, account_id: str, source_arn: str) -> bool:
    """True when some statement lets the service assume the role for this account and source, and none forbids it.

    Conditions on other keys than the source's account and ARN, or with other operators, are taken as not met.
    """
    context = {"aws:sourceaccount": account_id, "aws:sourcearn": source_arn}
    statements = [entry for entry in _as_list(policy.get("Statement", [])) if _is_about(service, entry, context)]
    effects = {statement.get("Effect") for statement in statements}
    return "Allow" in effects and "Deny" not in effects


def role_arn(role: str, account_id: str) -> str:
    """A role's ARN, whether its ARN or its name is given."""
    return role if role.startswith("arn:") else f"arn:aws:iam::{account_id}:role/{role}"


def _is_about(service: str, statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    principal = statement.get("Principal", {})
    services = ["*"] if principal == "*" else _as_list(principal.get("Service", []))
    actions = [action.lower() for action in _as_list(statement.get("Action", []))]
    return (
        any(trusted in (service, "*") for trusted in services)
        and any(fnmatchcase("sts:assumerole", action) for action in actions)
        and _conditions_hold(statement.get("Condition", {}), context)
    )


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        operator in _OPERATORS
        and any(fnmatchcase(context.get(key.lower(), ""), str(wanted)) for wanted in _as_list(values))
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
