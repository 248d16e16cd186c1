"""What a principal's policies would say of calls that nobody makes: IAM's policy simulator. Pure.

Follows "SimulatePrincipalPolicy" in IAM's API reference: identity-based policies and the boundary; a resource's own
policy only where the caller gives it; a context key that is not given has no value, and is told as missing (in lower
case).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.conditions import Context
from tm_localstack.iam.documents import Document, parse
from tm_localstack.iam.evaluation import Decision, Policies, Request, decide, is_about

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9_:/.-]+)\}")


@dataclass(frozen=True)
class Simulation:
    """One question: which actions, on which resources, in which circumstances."""

    actions: Sequence[str]
    resources: Sequence[str]
    context: Context
    resource_policy: Document = ()


def read(request: Mapping[str, Any]) -> Simulation:
    """The question as the API takes it.

    Raises:
        MalformedPolicyError: a policy in it can't be read.
    """
    entries = request.get("ContextEntries") or ()
    context = {each["ContextKeyName"].lower(): tuple(each.get("ContextKeyValues") or ()) for each in entries}
    own = request.get("ResourcePolicy")
    resources = tuple(request.get("ResourceArns") or ("*",))
    return Simulation(tuple(request["ActionNames"]), resources, context, parse(own) if own else ())


def with_more(caller: Caller, request: Mapping[str, Any]) -> Caller:
    """The principal with the policies that the question adds; a boundary in it takes the place of its own."""
    added = tuple(parse(text) for text in request.get("PolicyInputList") or ())
    boundaries = tuple(parse(text) for text in request.get("PermissionsBoundaryPolicyInputList") or ())
    boundary = boundaries[0] if boundaries else caller.boundary
    return replace(caller, identity=(*caller.identity, *added), boundary=boundary)


def simulate(caller: Caller, simulation: Simulation) -> list[dict[str, Any]]:
    """A result for each action and resource, in the API's form; which statements matched is not told."""
    return [
        _result(caller, simulation, action, resource)
        for action in simulation.actions
        for resource in simulation.resources
    ]


def _result(caller: Caller, simulation: Simulation, action: str, resource: str) -> dict[str, Any]:
    request = Request(caller.principal, action, resource, simulation.context)
    policies = Policies(caller.identity, caller.boundary, resource=simulation.resource_policy)
    decision = decide(request, policies)
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": _word(decision),
        "MissingContextValues": sorted(set(_missing(request, policies))),
    }
    if caller.boundary is not None:
        alone = decide(request, Policies((caller.boundary,)))
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": alone.is_allowed}
    return result


def _word(decision: Decision) -> str:
    if decision.is_allowed:
        return "allowed"
    return "explicitDeny" if decision.is_explicit else "implicitDeny"


def _missing(request: Request, policies: Policies) -> Iterator[str]:
    """Keys that a statement about the action asks for, and that have no value here."""
    given = {key.lower() for key in request.context}
    for document in (*policies.identity, policies.boundary or (), policies.resource):
        for statement in document:
            plain = replace(statement, conditions=(), resources=None, not_resources=None)
            if is_about(request, plain):
                asked = (*(each.key for each in statement.conditions), *_variables(statement.resources or ()))
                yield from (key for key in asked if key.lower() not in given)


def _variables(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        yield from _VARIABLE.findall(pattern)
