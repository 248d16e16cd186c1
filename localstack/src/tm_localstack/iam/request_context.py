"""The context keys that every call has, whatever it asks for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.conditions import Context


def context_keys(
    caller: Caller, request: Mapping[str, Any], *, region: str, source_ip: str, is_secure: bool
) -> Context:
    """The global keys of a call, in lower case."""
    principal, now = caller.principal, datetime.now(UTC)
    found: dict[str, tuple[str, ...]] = {
        "aws:principalarn": (principal.issuer_arn,),
        "aws:principalaccount": (principal.account_id,),
        "aws:resourceaccount": (principal.account_id,),
        "aws:principaltype": (principal.kind,),
        "aws:securetransport": (str(is_secure).lower(),),
        "aws:sourceip": (source_ip,),
        "aws:requestedregion": (region,),
        "aws:currenttime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:epochtime": (str(int(now.timestamp())),),
    }
    if caller.user_name:
        found["aws:username"] = (caller.user_name,)
    found |= {f"aws:principaltag/{key.lower()}": (value,) for key, value in caller.tags}
    tags = _request_tags(request)
    if tags:
        found["aws:tagkeys"] = tuple(tags)
        found |= {f"aws:requesttag/{key.lower()}": (value,) for key, value in tags.items()}
    return found


def _request_tags(request: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a call would give; services write them in several ways."""
    given = next((request[name] for name in ("Tags", "tags", "TagsToAdd", "TagList") if request.get(name)), None)
    if isinstance(given, Mapping):
        return {str(key): str(value) for key, value in given.items()}
    if not isinstance(given, list):
        return {}
    pairs = [(each.get("Key") or each.get("TagKey"), each.get("Value") or each.get("TagValue") or "") for each in given]
    return {str(key): str(value) for key, value in pairs if key}
