"""What a stage costs: CPU seconds and peak memory of every process that works for it."""

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

import psutil

SAMPLE_SECONDS = 0.25


class Meter:
    """Samples process trees while the block runs.

    `cpu_seconds` counts what each process used since the block began, up to its last sample; a process that lives
    shorter than a sample is missed. `peak_bytes` is the largest sum of resident memory at one sample.
    """

    def __init__(self, roots: Callable[[], Iterable[int]]) -> None:
        self._roots = roots
        self._first: dict[psutil.Process, float] = {}
        self._last: dict[psutil.Process, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="meter", daemon=True)
        self.peak_bytes = 0

    @property
    def cpu_seconds(self) -> float:
        return sum(self._last.values()) - sum(self._first.values())

    def __enter__(self) -> Self:
        self._sample(is_first=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._sample()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self._sample()

    def _sample(self, *, is_first: bool = False) -> None:
        resident = 0
        for process in self._family():
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    resident += process.memory_info().rss
            except psutil.Error:
                continue
            self._last[process] = times.user + times.system
            if is_first:
                self._first[process] = self._last[process]
        self.peak_bytes = max(self.peak_bytes, resident)

    def _family(self) -> set[psutil.Process]:
        members: set[psutil.Process] = set()
        for pid in self._roots():
            try:
                root = psutil.Process(pid)
                members |= {root, *root.children(recursive=True)}
            except psutil.Error:
                continue
        return members
