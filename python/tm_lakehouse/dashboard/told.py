"""Figures and failures in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from tm_lakehouse.dashboard.lake import Answer
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.sizes import size

_MISSING = ("TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND", "does not exist")


@dataclass(frozen=True)
class Failure:
    """One sentence of cause and one of remedy."""

    reason: str
    next_step: str


def cost(answers: Sequence[Answer]) -> str:
    """What some answers took: bytes that Athena read, dollars that it bills, seconds of its engine."""
    scanned = size(sum(answer.bytes_scanned for answer in answers))
    if all(answer.is_kept for answer in answers):
        return f"{scanned} scanned earlier, nothing billed now"
    fresh = [answer for answer in answers if not answer.is_kept]
    seconds = max(answer.engine_ms for answer in fresh) / 1000
    return f"{scanned} scanned, {sum(answer.dollars for answer in fresh):.5f} dollars, {seconds:.1f} s"


def minutes(value: float | None) -> str:
    """Minutes as hours and minutes."""
    if value is None:
        return "not known"
    sign = "-" if round(value) < 0 else ""
    hours, rest = divmod(abs(round(value)), 60)
    return f"{sign}{hours} h {rest:02} min" if hours else f"{sign}{rest} min"


def failure(error: LakehouseError | ClientError | BotoCoreError) -> Failure:
    """What went wrong, and what a reader of the page can do."""
    if isinstance(error, LakehouseError):
        if any(sign in error.reason for sign in _MISSING):
            return Failure(
                error.reason, "Publish Gold first: `tm-lakehouse gold` builds it, `tm-lakehouse publish` too."
            )
        return Failure(error.reason, error.next_step)
    if isinstance(error, NoCredentialsError):
        return Failure("AWS knows no caller: there are no credentials.", "Start the dashboard under a role or profile.")
    if isinstance(error, ClientError):
        return Failure(
            f"AWS refused: {error.response['Error'].get('Message') or error}",
            "The dashboard needs the rights of the role athena-reader; ask who keeps the account.",
        )
    return Failure(f"AWS does not answer: {error}", "Start the local AWS with `make up`, or check the network.")
