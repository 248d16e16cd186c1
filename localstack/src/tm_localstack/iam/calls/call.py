"""A call, and what it needs to be allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ContextValues = Mapping[str, tuple[str, ...]]


class Lookups(Protocol):
    """What of AWS's state tells which resource a call is about."""

    def workgroup_of_query(self, query_id: str) -> str | None:
        """The workgroup that a query ran in."""

    def workgroup_of_named_query(self, query_id: str) -> str | None:
        """The workgroup that a saved query belongs to."""

    def key_arn(self, key: str) -> str | None:
        """ARN of a key by its id, ARN or alias."""

    def key_tags(self, key_arn: str) -> Mapping[str, str]:
        """Tags of a key."""

    def role_boundary(self, role: str) -> str | None:
        """ARN of the policy that bounds a role."""

    def secret_arn(self, secret: str) -> str | None:
        """ARN of a secret by its name or ARN."""

    def bucket_key(self, bucket: str) -> str | None:
        """ARN of the key that a bucket encrypts new objects with."""

    def object_key(self, bucket: str, key: str) -> str | None:
        """ARN of the key that an object is encrypted with."""


@dataclass(frozen=True)
class Call:
    """One call, as its request was parsed."""

    service: str
    operation: str
    request: Mapping[str, Any]
    account_id: str
    region: str
    lookups: Lookups

    def arn(self, service: str, resource: str) -> str:
        """ARN of something in the call's account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


@dataclass(frozen=True)
class Access:
    """One thing that a call needs: all of them have to be allowed."""

    action: str
    resource: str
    context: ContextValues = field(default_factory=dict)


def passed_role(call: Call, role: object, to_service: str) -> list[Access]:
    """The right to hand a role to a service, where a call does so."""
    if not role:
        return []
    text = str(role)
    arn = text if text.startswith("arn:") else f"arn:aws:iam::{call.account_id}:role/{text}"
    return [Access("iam:PassRole", arn, {"iam:passedtoservice": (to_service,)})]


def tagged(tags: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Context of a call about a resource that has these tags."""
    return {f"aws:resourcetag/{name.lower()}": (value,) for name, value in tags.items()}
