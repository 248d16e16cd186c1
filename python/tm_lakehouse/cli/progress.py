"""What a command is doing, on stderr: a live line on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status

# A log that is not a terminal gets a sign of life at most this often.
_PLAIN_UPDATE_SECONDS = 5.0


class Stage:
    """One step of a command: its title, how long it takes, and what it is at."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self.title = title
        self._console = console or Console(stderr=True, highlight=False)
        self._text = ""
        self._began = self._last_plain = time.monotonic()
        self._status = Status(self, console=self._console) if self._console.is_terminal else None

    @property
    def seconds(self) -> float:
        """Elapsed since the stage began."""
        return time.monotonic() - self._began

    def update(self, text: str) -> None:
        """Say what the stage is at, in a few words."""
        changed, self._text = text != self._text, text
        is_due = time.monotonic() - self._last_plain >= _PLAIN_UPDATE_SECONDS
        if self._status is None and changed and is_due:
            self._last_plain = time.monotonic()
            self._print(f"{escape(self.title)}: {escape(text)}")

    def __rich__(self) -> str:
        detail = f" [dim]{escape(self._text)}[/]" if self._text else ""
        return f"{escape(self.title)} [cyan]{self.seconds:.0f} s[/]{detail}"

    def __enter__(self) -> Self:
        if self._status is None:
            self._print(f"{escape(self.title)} ...")
        else:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
        outcome = "done in" if kind is None else "failed after"
        self._print(f"{escape(self.title)}: {outcome} {self.seconds:.1f} s")

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)


@contextmanager
def stage(title: str, console: Console | None = None) -> Iterator[Stage]:
    """Show `title` while the block runs, and how long it took at its end; `.update(text)` adds what it is at."""
    with Stage(title, console) as current:
        yield current
