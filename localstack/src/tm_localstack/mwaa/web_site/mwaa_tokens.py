"""Short-lived tokens for MWAA's own addresses: made by the API, checked by the web server. Pure."""

import hashlib
import hmac
import secrets

LIFE_SECONDS = 60


def make(purpose: str, secret: str, *, now_seconds: float) -> str:
    """A token for one purpose (cli or login) that holds for 60 seconds."""
    claim = f"{purpose}.{int(now_seconds) + LIFE_SECONDS}.{secrets.token_hex(16)}"
    return f"{claim}.{_signature(claim, secret)}"


def holds(token: str, purpose: str, secret: str, *, now_seconds: float) -> bool:
    """Whether a token was made here, for this purpose, and has not expired."""
    claim, _, signature = token.rpartition(".")
    parts = claim.split(".")
    is_ours = hmac.compare_digest(signature.encode(), _signature(claim, secret).encode())
    return is_ours and parts[0] == purpose and now_seconds <= int(parts[1])


def _signature(claim: str, secret: str) -> str:
    return hmac.new(secret.encode(), claim.encode(), hashlib.sha256).hexdigest()
