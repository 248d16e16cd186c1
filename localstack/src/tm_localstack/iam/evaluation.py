"""AWS's policy evaluation for one call on one resource. Pure.

Follows "Policy evaluation logic" in AWS's IAM user guide. Organizations' policies are not part of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from tm_localstack.iam.conditions import Context, holds
from tm_localstack.iam.documents import Document, Principals, Statement
from tm_localstack.iam.patterns import UnknownVariableError, arn_matches, filled, matches

PolicyKind = Literal["identity-based policy", "permissions boundary", "session policy", "resource-based policy"]
IDENTITY, BOUNDARY, SESSION, RESOURCE = (
    "identity-based policy", "permissions boundary", "session policy", "resource-based policy",
)  # fmt: skip


@dataclass(frozen=True)
class Principal:
    """Who calls. Of a role's session `issuer_arn` is the role, of all others it is `arn` again."""

    kind: Literal["Account", "User", "AssumedRole", "Service", "Federated", "Anonymous"]
    arn: str
    account_id: str
    issuer_arn: str

    @property
    def is_judged_by_identity(self) -> bool:
        return self.kind in ("User", "AssumedRole")


@dataclass(frozen=True)
class Request:
    """One action on one resource. Context keys are in lower case, and have one value or several."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict)
    resource_account_id: str | None = None


@dataclass(frozen=True)
class Policies:
    """All that bears on a request. `boundary` and `session` None: there is none, which limits nothing.

    `is_resource_policy_needed`: nobody may do anything unless the resource's own policy says so (keys, roles' trust).
    """

    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: tuple[Document, ...] | None = None
    resource: Document = ()
    is_resource_policy_needed: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether the call may go on; where it may not, by which kind of policy, and whether that says so by a Deny."""

    is_allowed: bool
    kind: str = IDENTITY
    is_explicit: bool = False


class Grant(IntEnum):
    """How far a resource's policy lets a caller in."""

    NONE = 0
    # Leaves it to the account's own policies.
    DELEGATED = 1
    # Within what boundary and session policy leave.
    LIMITED = 2
    DIRECT = 3


ALLOWED = Decision(is_allowed=True)


def decide(request: Request, policies: Policies) -> Decision:
    """Whether AWS would let the call go on."""
    if denied := _explicit_deny(request, policies):
        return denied
    grant = max((_grant(request, each) for each in policies.resource), default=Grant.NONE)
    if policies.is_resource_policy_needed and grant is Grant.NONE:
        return Decision(is_allowed=False, kind=RESOURCE)
    if not request.principal.is_judged_by_identity:
        return _without_identity(request, grant)
    is_elsewhere = request.resource_account_id not in (None, request.principal.account_id)
    if is_elsewhere and grant is Grant.NONE:
        return Decision(is_allowed=False, kind=RESOURCE)
    if grant is Grant.DIRECT and not is_elsewhere:
        return ALLOWED
    is_granted = _is_allowed(request, policies.identity) or (grant is Grant.LIMITED and not is_elsewhere)
    if not is_granted:
        return Decision(is_allowed=False, kind=IDENTITY)
    return _within_limits(request, policies)


def _without_identity(request: Request, grant: Grant) -> Decision:
    """The account's own user may do all in it; services and strangers what the resource's policy says."""
    if request.principal.kind == "Account" and request.resource_account_id in (None, request.principal.account_id):
        return ALLOWED
    return ALLOWED if grant > Grant.DELEGATED else Decision(is_allowed=False, kind=RESOURCE)


def _within_limits(request: Request, policies: Policies) -> Decision:
    if policies.session is not None and not _is_allowed(request, policies.session):
        return Decision(is_allowed=False, kind=SESSION)
    if policies.boundary is not None and not _is_allowed(request, [policies.boundary]):
        return Decision(is_allowed=False, kind=BOUNDARY)
    return ALLOWED


def _explicit_deny(request: Request, policies: Policies) -> Decision | None:
    by_kind: Mapping[str, Iterable[Document]] = {
        IDENTITY: policies.identity,
        BOUNDARY: [policies.boundary or ()],
        SESSION: policies.session or (),
    }
    for kind, documents in by_kind.items():
        if any(is_about(request, each) for document in documents for each in document if each.effect == "Deny"):
            return Decision(is_allowed=False, kind=kind, is_explicit=True)
    denying = (each for each in policies.resource if each.effect == "Deny")
    if any(_names(each.principals, request.principal) and is_about(request, each) for each in denying):
        return Decision(is_allowed=False, kind=RESOURCE, is_explicit=True)
    return None


def _is_allowed(request: Request, documents: Iterable[Document]) -> bool:
    return any(is_about(request, each) for document in documents for each in document if each.effect == "Allow")


def _grant(request: Request, statement: Statement) -> Grant:
    if statement.effect != "Allow" or not is_about(request, statement):
        return Grant.NONE
    return _named_as(statement.principals, request.principal)


def _names(principals: Principals | None, caller: Principal) -> bool:
    return _named_as(principals, caller) is not Grant.NONE


def _named_as(principals: Principals | None, caller: Principal) -> Grant:
    if principals is None:
        return Grant.NONE
    found = max(
        (_as(kind, each, caller) for kind, named in principals.named.items() for each in named), default=Grant.NONE
    )
    if principals.is_negated:
        return Grant.LIMITED if found is Grant.NONE else Grant.NONE
    return found


def _as(kind: str, named: str, caller: Principal) -> Grant:
    """How one entry of a Principal element stands to the caller. ARNs there know no wildcards."""
    if kind in ("Service", "Federated"):
        return Grant.DIRECT if caller.kind == kind and named == caller.arn else Grant.NONE
    if kind != "AWS":
        return Grant.NONE
    if named == "*":
        return Grant.LIMITED if caller.is_judged_by_identity else Grant.DIRECT
    if caller.kind in ("Service", "Federated", "Anonymous"):
        return Grant.NONE
    if named in (caller.account_id, f"arn:aws:iam::{caller.account_id}:root"):
        # Of the account's own user this is the name itself.
        return Grant.DIRECT if caller.kind == "Account" else Grant.DELEGATED
    if named == caller.arn:
        return Grant.DIRECT
    return Grant.LIMITED if named == caller.issuer_arn else Grant.NONE


def is_about(request: Request, statement: Statement) -> bool:
    """Whether a statement is about a request, whoever makes it."""
    return (
        _is_about_action(request.action.lower(), statement)
        and _is_about_resource(request, statement)
        and all(holds(each, request.context, has_variables=statement.has_variables) for each in statement.conditions)
    )


def _is_about_action(action: str, statement: Statement) -> bool:
    if statement.not_actions:
        return not any(matches(pattern, action) for pattern in statement.not_actions)
    return any(matches(pattern, action) for pattern in statement.actions)


def _is_about_resource(request: Request, statement: Statement) -> bool:
    if statement.not_resources is not None:
        return not _any_resource(request, statement.not_resources, statement.has_variables)
    # A trust policy names no resource: it is about its role.
    return statement.resources is None or _any_resource(request, statement.resources, statement.has_variables)


def _any_resource(request: Request, patterns: Iterable[str], has_variables: bool) -> bool:
    for pattern in patterns:
        try:
            wanted = filled(pattern, request.context) if has_variables else pattern
        except UnknownVariableError:
            continue
        if arn_matches(wanted, request.resource):
            return True
    return False
