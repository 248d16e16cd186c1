"""How often and how long a call that failed for the moment is tried again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

Answer = TypeVar("Answer")


class TemporaryError(Exception):
    """A failure that may be gone at the next try; `asked_seconds` is how long the other side asks to wait."""

    def __init__(self, reason: str, asked_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.asked_seconds = asked_seconds


@dataclass(frozen=True)
class Patience:
    """Tries grow apart, with jitter; none begins that would begin after the deadline. Times are seconds."""

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 120
    deadline: float = 900
    sleep: Callable[[float], None] = time.sleep

    def retry(self, action: Callable[[], Answer], tell: Callable[[str], None] = lambda _: None) -> Answer:
        """What `action` gives at last; `tell` hears of each wait.

        Raises:
            TemporaryError: the last of its failures, with the number of tries.
        """
        tries = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.deadline),
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=lambda state: tell(f"{_failure(state)}; next try in {state.upcoming_sleep:.0f} s"),
            reraise=True,
        )
        try:
            return tries(action)
        except TemporaryError as error:
            count = tries.statistics["attempt_number"]
            raise TemporaryError(f"{error} ({count} tries)" if count > 1 else str(error)) from None

    def _wait(self, state: RetryCallState) -> float:
        """What was asked for, but no longer than `longest_wait`, and at least what grows from try to try."""
        grown = wait_exponential_jitter(multiplier=self.first_wait, max=self.longest_wait, jitter=self.first_wait)(
            state
        )
        asked = getattr(_failure(state), "asked_seconds", None) or 0.0
        return min(max(asked, grown), self.longest_wait)


def asked_wait(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, be it a number or a date; None where it says neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _failure(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
