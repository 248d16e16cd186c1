"""Statements through Athena, several at a time, and the answers kept for a while."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from tm_lakehouse.athena import QueryResult
from tm_lakehouse.cost.prices import scan_dollars
from tm_lakehouse.dashboard.frames import frame_of
from tm_lakehouse.dashboard.statement import Databases, Statement

KEPT_SECONDS = 900.0
MOST_KEPT = 500
AT_ONCE = 5


class Engine(Protocol):
    """What runs a statement to its end."""

    def query(self, sql: str) -> QueryResult: ...


@dataclass(frozen=True)
class Answer:
    """One statement's rows, and what they cost. `is_kept`: Athena was not asked anew, so nothing was billed."""

    name: str
    sql: str
    frame: pd.DataFrame
    bytes_scanned: int
    dollars: float
    engine_ms: int
    is_kept: bool = False


class Lake:
    """The lake under the caller's role. One for all sessions of a dashboard: they share what is kept."""

    def __init__(
        self,
        engine: Engine,
        databases: Databases,
        dollars_per_tib: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._databases = databases
        self._dollars_per_tib = dollars_per_tib
        self._clock = clock
        self._kept: dict[str, tuple[float, Answer]] = {}
        self._lock = threading.Lock()

    def read(self, *statements: Statement) -> list[Answer]:
        """The answers in the statements' order; those that aren't kept are asked for side by side.

        Raises:
            LakehouseError: Athena refused one.
        """
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return list(pool.map(self._answer, statements))

    def forget(self) -> None:
        """Ask anew from now on."""
        with self._lock:
            self._kept.clear()

    def _answer(self, statement: Statement) -> Answer:
        sql = statement.sql(self._databases)
        with self._lock:
            until, answer = self._kept.get(sql, (0.0, None))
        if answer is not None and self._clock() < until:
            return replace(answer, is_kept=True)
        return self._keep(self._ask(statement.name, sql))

    def _ask(self, name: str, sql: str) -> Answer:
        result = self._engine.query(sql)
        dollars = scan_dollars(result.bytes_billed, self._dollars_per_tib)
        return Answer(name, sql, frame_of(result), result.bytes_scanned, dollars, result.engine_ms)

    def _keep(self, answer: Answer) -> Answer:
        with self._lock:
            self._kept.pop(answer.sql, None)
            self._kept[answer.sql] = (self._clock() + KEPT_SECONDS, answer)
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return answer
