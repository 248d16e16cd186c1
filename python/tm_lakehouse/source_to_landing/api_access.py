"""Where the source's API is, and the key to it, from the environment and Secrets Manager."""

import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from botocore.exceptions import ClientError

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from tm_lakehouse.settings import Settings

# What may stand in a header; also refuses a key that holds a line break or a blank.
_KEY = re.compile(r"[\x21-\x7e]+")
_DENIED = ("AccessDeniedException", "AccessDenied")


@dataclass(frozen=True)
class ApiAccess:
    """One API and the key to it. `secret` names the key's secret, for messages; the key itself is shown nowhere."""

    base_url: str
    key: str = field(repr=False)
    timeout_seconds: float
    secret: str


def api_access(settings: "Settings", secrets: "SecretsManagerClient") -> ApiAccess:
    """The API as the environment names it, with its key from Secrets Manager.

    Raises:
        LakehouseError: no API or secret is named, the address is unfit, or the secret can't be read or holds no key.
    """
    if not settings.api_base_url:
        raise LakehouseError("TM_API_BASE_URL is not set, so there is no API to ask.", "Set it, or land files instead.")
    if not settings.api_secret:
        raise LakehouseError("TM_API_SECRET is not set, so there is no key for the API.", "Name the key's secret.")
    check_base_url(settings.api_base_url)
    key = _key(secrets, settings.api_secret)
    return ApiAccess(settings.api_base_url.rstrip("/"), key, settings.api_timeout, settings.api_secret)


def check_base_url(base_url: str) -> None:
    """Refuse an address that would give the key away, or that no path can be added to.

    Raises:
        LakehouseError: it is no address, not https (but for this machine), or holds credentials or a query.
    """
    example = "Write it as https://host or https://host/path."
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise LakehouseError(f"TM_API_BASE_URL is no address: {error}.", example) from None
    if url.userinfo or url.query or url.fragment:
        raise LakehouseError("TM_API_BASE_URL holds more than host and path.", f"{example} The key is in the secret.")
    if url.scheme not in ("http", "https") or not url.host:
        raise LakehouseError(f"TM_API_BASE_URL={base_url!r} is no address of an API.", example)
    if url.scheme == "http" and not _is_this_machine(url.host):
        raise LakehouseError(f"TM_API_BASE_URL={base_url!r} would send the key unencrypted.", example)


def how_to_put(secret: str) -> str:
    """The next step where a secret has no value or a wrong one."""
    return (
        "Write the key into a file and put it into the secret: "
        f"aws secretsmanager put-secret-value --secret-id {secret} --secret-string file://key.txt"
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(secrets: "SecretsManagerClient", name: str) -> str:
    try:
        text = secrets.get_secret_value(SecretId=name).get("SecretString", "")
    except ClientError as error:
        raise _explained(error, name) from None
    key = _key_in(text)
    if key is None or not _KEY.fullmatch(key):
        raise LakehouseError(
            f"The secret {name} holds no key: neither the key alone nor a JSON object with an api_key.",
            how_to_put(name),
        )
    return key


def _explained(error: ClientError, name: str) -> Exception:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    # Secrets Manager has one code for a secret that is missing and for one that was never given a value.
    if code == "ResourceNotFoundException" and "staging label" in message:
        return LakehouseError(f"The secret {name} has no value yet.", how_to_put(name))
    if code == "ResourceNotFoundException":
        return LakehouseError(
            f"There is no secret {name} in this account and region.",
            "Apply the environment with `api` set, or name another secret by TM_API_SECRET.",
        )
    if code in _DENIED:
        return LakehouseError(
            f"These credentials may not read the secret {name}.",
            "Allow them secretsmanager:GetSecretValue on it, and kms:Decrypt on its key.",
        )
    if code == "InvalidRequestException":
        return LakehouseError(f"The secret {name} can't be read: {message}", "Restore it, or name another one.")
    return error


def _key_in(secret: str) -> str | None:
    """A secret is the key itself, or a JSON object with an `api_key`."""
    try:
        content: Any = json.loads(secret)
    except ValueError:
        return secret.strip()
    if not isinstance(content, dict):
        return secret.strip()
    key = content.get("api_key")
    return key.strip() if isinstance(key, str) else None
