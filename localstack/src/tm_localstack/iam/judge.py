"""Judges a caller's accesses by all policies that bear on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.calls.call import Access
from tm_localstack.iam.conditions import Context
from tm_localstack.iam.documents import Document
from tm_localstack.iam.evaluation import Decision, Policies, Request, decide

# Their resources may carry a policy of their own.
_WITH_RESOURCE_POLICY = frozenset({"s3", "kms", "sqs", "sns", "secretsmanager"})
_ASSUMING = "sts:assumerole"


class ResourcePolicies(Protocol):
    """The policies of resources."""

    def policy_of(self, arn: str) -> Document:
        """The resource's own policy; empty where it has none."""


@dataclass(frozen=True)
class Verdict:
    """One access, and what became of it."""

    request: Request
    decision: Decision


def judge(caller: Caller, accesses: Iterable[Access], context: Context, resources: ResourcePolicies) -> list[Verdict]:
    """A verdict on each access, up to the first that is refused."""
    verdicts = []
    for access in accesses:
        request = Request(caller.principal, access.action, access.resource, {**context, **access.context})
        verdicts.append(Verdict(request, decide(request, _policies(caller, access, resources))))
        if not verdicts[-1].decision.is_allowed:
            break
    return verdicts


def _policies(caller: Caller, access: Access, resources: ResourcePolicies) -> Policies:
    service = access.action.partition(":")[0]
    is_assuming = access.action.lower().startswith(_ASSUMING)
    has_own = service in _WITH_RESOURCE_POLICY or is_assuming
    own = resources.policy_of(access.resource) if has_own else ()
    is_key = service == "kms" and ":key/" in access.resource
    is_needed = is_key or is_assuming
    return Policies(caller.identity, caller.boundary, caller.session, own, is_resource_policy_needed=is_needed)
