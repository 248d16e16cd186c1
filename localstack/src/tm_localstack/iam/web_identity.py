"""Tokens of identity providers, for those who assume a role by one: verified with their issuer's keys, as STS does."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from moto.iam.models import iam_backends

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.callers import PARTITION
from tm_localstack.iam.conditions import Context
from tm_localstack.iam.evaluation import Principal

ALGORITHMS = ["RS256", "RS384", "RS512", "ES256"]
SECONDS = 5
DISCOVERY = "/.well-known/openid-configuration"


class TokenRefusedError(Exception):
    """A token that proves nothing. `code` is that of STS's answer."""

    def __init__(self, message: str, code: str = "InvalidIdentityToken") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Issuers:
    """Where issuers are asked for their keys: at their own address, but for those that were told to be elsewhere."""

    _elsewhere: dict[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        return dict(self._elsewhere)

    def put(self, issuer: str, address: str) -> None:
        """Ask for an issuer's keys at another address."""
        self._elsewhere[issuer] = address

    def keys(self, issuer: str) -> KeySet:
        """
        Raises:
            TokenRefusedError: the issuer does not answer, or tells no keys.
        """
        address = self._elsewhere.get(issuer, issuer)
        try:
            told = requests.get(f"{address.rstrip('/')}{DISCOVERY}", timeout=SECONDS)
            told.raise_for_status()
            keys = requests.get(told.json()["jwks_uri"], timeout=SECONDS)
            keys.raise_for_status()
            return KeySet.import_key_set(keys.json())
        except (requests.RequestException, KeyError, ValueError, JoseError) as error:
            raise TokenRefusedError(f"{issuer} tells no keys: {error}", "IDPCommunicationError") from error


@dataclass(frozen=True)
class TokenHolder:
    """Whom a token speaks for, and its claims as context keys."""

    caller: Caller
    context: Context


def holder_of(token: str, account_id: str, issuers: Issuers) -> TokenHolder:
    """Whom a token speaks for.

    Raises:
        TokenRefusedError: no provider of the account knows its issuer or audience, it is over, or not its issuer's.
    """
    issuer = str(_unverified(token).get("iss", ""))
    provider = _provider(account_id, issuer)
    try:
        claims: dict[str, Any] = jwt.decode(token, issuers.keys(issuer), algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(exp={"essential": True}, sub={"essential": True}).validate(claims)
    except (JoseError, ValueError) as error:
        raise TokenRefusedError(f"The token is not genuine, or over: {error}") from error
    audiences = claims.get("aud", [])
    named = [audiences] if isinstance(audiences, str) else list(audiences)
    if not set(named) & set(provider.client_id_list):
        raise TokenRefusedError("Incorrect token audience")
    principal = Principal("Federated", provider.arn, "", provider.arn)
    return TokenHolder(Caller(principal), _context(provider.url, claims))


def _unverified(token: str) -> Mapping[str, Any]:
    """The claims, to learn whose keys verify them."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError) as error:
        raise TokenRefusedError("The token is no JSON Web Token.") from error
    return found if isinstance(found, dict) else {}


def _provider(account_id: str, issuer: str) -> Any:
    host = issuer.removeprefix("https://").rstrip("/")
    providers = iam_backends[account_id][PARTITION].open_id_providers.values()
    found = next((each for each in providers if each.url == host), None)
    if found is None:
        raise TokenRefusedError(f"No OpenIDConnect provider found in your account for {issuer}")
    return found


def _context(url: str, claims: Mapping[str, Any]) -> Context:
    texts = {key: (value,) for key, value in claims.items() if isinstance(value, str)}
    texts |= {key: tuple(value) for key, value in claims.items() if isinstance(value, list)}
    return {f"{url}:{key}".lower(): tuple(map(str, values)) for key, values in texts.items()}
