"""Who calls, by the access key of the call, and the policies that bear on them: out of moto's IAM and STS."""

import json
from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.documents import Document, parse
from tm_localstack.iam.evaluation import Principal

PARTITION = "aws"


def caller_of(access_key_id: str | None, account_id: str) -> Caller:
    """The caller that a key belongs to. A key that nobody made is the account's own: it needs no set-up locally."""
    iam = iam_backends[account_id][PARTITION]
    for session in sts_backends[account_id][PARTITION].assumed_roles:
        if session.access_key_id == access_key_id:
            return _session(session, iam)
    for user in iam.users.values():
        if any(key.access_key_id == access_key_id for key in user.access_keys):
            return _user(user, iam)
    root = f"arn:aws:iam::{account_id}:root"
    return Caller(Principal("Account", root, account_id, root))


def principal_of(arn: str, account_id: str) -> Caller | None:
    """A role, user or group by its ARN, as it would be judged; None where there is none."""
    iam = iam_backends[account_id][PARTITION]
    for role in iam.roles.values():
        if role.arn == arn:
            session = Principal("AssumedRole", f"{arn.replace(':iam:', ':sts:')}/simulation", account_id, arn)
            return Caller(session, tuple(_identity(role, role.policies.values())), _boundary(role, iam))
    for user in iam.users.values():
        if user.arn == arn:
            return _user(user, iam)
    for group in iam.groups.values():
        if group.arn == arn:
            return Caller(Principal("User", arn, account_id, arn), tuple(_identity(group, group.policies.values())))
    return None


def is_judged(access_key_id: str, account_id: str) -> bool:
    """Whether policies say what the key's owner may do; the account's own user may do all."""
    return caller_of(access_key_id, account_id).principal.is_judged_by_identity


def _session(session: Any, iam: Any) -> Caller:
    arn = session.arn
    principal = Principal("AssumedRole", arn, session.account_id, session.role_arn)
    role = next((role for role in iam.roles.values() if role.arn == session.role_arn), None)
    if role is None:
        # The role was removed: AWS lets its sessions do nothing any more.
        return Caller(principal)
    tags = tuple((tag["Key"], tag["Value"]) for tag in _tags(role.tags))
    given = (parse(session.policy),) if session.policy else None
    return Caller(
        principal, tuple(_identity(role, role.policies.values())), _boundary(role, iam), given, tags, user_name=None
    )


def _user(user: Any, iam: Any) -> Caller:
    documents = list(_identity(user, user.policies.values()))
    for group in iam.groups.values():
        if user in group.users:
            documents += _identity(group, group.policies.values())
    principal = Principal("User", user.arn, user.account_id, user.arn)
    return Caller(principal, tuple(documents), _boundary(user, iam), user_name=user.name)


def _identity(holder: Any, inline: Any) -> Iterator[Document]:
    for text in inline:
        yield _read(text)
    for policy in holder.managed_policies.values():
        yield _read(_current(policy))


def _boundary(holder: Any, iam: Any) -> Document | None:
    arn = getattr(holder, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = iam.managed_policies.get(arn)
    # A boundary that is gone lets nothing through.
    return _read(_current(policy)) if policy else ()


def _current(policy: Any) -> Any:
    return next(version.document for version in policy.versions if version.is_default)


_READ: dict[str, Document] = {}
_MOST_KEPT = 2048


def _read(text: Any) -> Document:
    key = text if isinstance(text, str) else json.dumps(text)
    if key not in _READ:
        if len(_READ) > _MOST_KEPT:
            _READ.clear()
        _READ[key] = parse(key)
    return _READ[key]


def _tags(tags: Any) -> list[dict[str, str]]:
    return list(tags.values()) if isinstance(tags, dict) else list(tags or [])
