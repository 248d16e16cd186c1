"""The life of one query: QUEUED, RUNNING, then SUCCEEDED, FAILED or CANCELLED."""

import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tm_localstack.athena.errors import INTERNAL_ERROR, SYSTEM, Failure, StatementFailedError
from tm_localstack.athena.results import Result, TextResult
from tm_localstack.athena.translation.plan import Context
from tm_localstack.athena.translation.statement import Statement
from tm_localstack.athena.trino_engine import EngineStatistics, TrinoRun

FINAL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
CANCELLED_BY_USER = "Query cancelled by user"
SCAN_LIMIT_EXCEEDED = "Query cancelled! : Bytes scanned limit was exceeded"
RUNNING_AT_ONCE = 16


def _tell_nobody(execution: "Execution", previous: str) -> None:
    """An `on_end` for whoever listens to no end."""


class QueryCancelledError(Exception):
    """The query was cancelled while it ran. The message is the reason."""


@dataclass(frozen=True)
class QueryRequest:
    """What StartQueryExecution asked for, after the workgroup's settings were applied.

    `reuse_minutes` is how old an earlier result may be that is given instead; None: the query runs in any case.
    """

    text: str
    statement: Statement
    workgroup: str
    database: str
    catalog: str
    output_prefix: str
    enforces_output: bool
    result_configuration: dict[str, Any]
    scan_limit: int | None = None
    parameters: tuple[str, ...] = ()
    reuse_minutes: int | None = None


@dataclass
class Execution:
    """One query and what became of it.

    `written_to` is where a CTAS or UNLOAD put its files, `reused` the execution whose result this one gives again.
    `on_end` is told the state before the last one; it must not wait.
    """

    request: QueryRequest
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    reason: str | None = None
    failure: Failure | None = None
    submitted: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: datetime | None = None
    completed: datetime | None = None
    statistics: EngineStatistics = field(default_factory=EngineStatistics)
    saving_ms: int = 0
    written_to: str | None = None
    manifest: str | None = None
    update_count: int | None = None
    result: Result = field(default_factory=TextResult)
    reused: "Execution | None" = None
    on_end: Callable[["Execution", str], None] = _tell_nobody
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _run: TrinoRun | None = None
    _cancel_reason: str | None = None

    @property
    def context(self) -> Context:
        request = self.request
        return Context(request.database, self.id, request.output_prefix, request.enforces_output)

    @property
    def output_location(self) -> str:
        """Where the result's object lies, named as Athena does for this kind of statement."""
        if self.reused:
            return self.reused.output_location
        prefix = self.request.output_prefix.rstrip("/")
        statement = self.request.statement
        if statement.gives_table:
            return f"{prefix}/{self.id}.csv"
        if statement.type == "DML" or statement.subtype == "CREATE_TABLE_AS_SELECT":
            return f"{prefix}/tables/{self.id}"
        return f"{prefix}/{self.id}.txt"

    def attach(self, run: TrinoRun) -> None:
        """Make the engine's run the one that a cancel ends.

        Raises:
            QueryCancelledError: the query was cancelled before.
        """
        with self._lock:
            self._run = run
        self.raise_if_cancelled()

    def detach(self, run: TrinoRun) -> None:
        """Count what a run used, when it is over."""
        with self._lock:
            self._run = None
            self.statistics = self.statistics + run.statistics

    def cancel(self, reason: str) -> None:
        """Cancel the query; without effect on one that is over."""
        with self._lock:
            if self.state in FINAL_STATES:
                return
            self._cancel_reason = self._cancel_reason or reason
            run = self._run
            if self.state == "QUEUED":
                self._finish("CANCELLED", reason)
        if run:
            run.cancel()

    def wait_while_running(self, seconds: float) -> None:
        """Return when the query is over, or after so many seconds; at once where it does not run."""
        if self.state == "RUNNING":
            self._over.wait(seconds)

    def raise_if_cancelled(self) -> None:
        """
        Raises:
            QueryCancelledError: somebody cancelled the query.
        """
        if self._cancel_reason:
            raise QueryCancelledError(self._cancel_reason)

    def run(self, work: Callable[["Execution"], None]) -> None:
        """Do the work, once, and note how it ended."""
        with self._lock:
            if self.state != "QUEUED":
                return
            self.state, self.started = "RUNNING", datetime.now(UTC)
        try:
            work(self)
            self._end("SUCCEEDED")
        except QueryCancelledError as cancelled:
            self._end("CANCELLED", str(cancelled))
        except StatementFailedError as error:
            self._fail(error.failure)
        except Exception as error:
            self._fail(Failure(f"{type(error).__name__}: {error}", SYSTEM, INTERNAL_ERROR, retryable=True))
            raise

    def _fail(self, failure: Failure) -> None:
        if self._cancel_reason:
            self._end("CANCELLED", self._cancel_reason)
            return
        self.failure = failure
        self._end("FAILED", failure.reason)

    def _end(self, state: str, reason: str | None = None) -> None:
        with self._lock:
            self._finish(state, reason)

    def _finish(self, state: str, reason: str | None) -> None:
        self.completed, self.reason = datetime.now(UTC), reason
        previous, self.state = self.state, state
        self._over.set()
        self.on_end(self, previous)


class Runner:
    """Runs executions in threads of their own, so many at once; the others wait QUEUED, first come first served."""

    def __init__(self, at_once: int = RUNNING_AT_ONCE) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._free = at_once
        self._lock = threading.Lock()

    def submit(self, execution: Execution, work: Callable[[Execution], None]) -> None:
        """Do the work of an execution as soon as there is a free slot."""
        with self._lock:
            self._waiting.append(lambda: execution.run(work))
        self._start_next()

    def _start_next(self) -> None:
        with self._lock:
            if not (self._free and self._waiting):
                return
            self._free -= 1
            job = self._waiting.popleft()
        threading.Thread(target=self._run, args=(job,), name="athena-query", daemon=True).start()

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            with self._lock:
                self._free += 1
            self._start_next()
