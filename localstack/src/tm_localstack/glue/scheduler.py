"""Looks every second which scheduled triggers are due."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0


class Scheduler:
    """Calls `start_due(now)` every second, from the first `ensure_running` to `stop`."""

    def __init__(self, start_due: Callable[[datetime], None]) -> None:
        self._start_due = start_due
        self._stopped = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def ensure_running(self) -> None:
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="glue-scheduler", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _loop(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self._start_due(datetime.now(UTC))
            except Exception:
                LOG.exception("Starting due Glue triggers failed")
