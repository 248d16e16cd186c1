"""Runs statements in Trino through its client protocol: pages of rows, statistics as they grow, cancel at any time."""

import re
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from trino.client import ClientSession, TrinoRequest, TrinoStatus
from trino.exceptions import Error as TrinoClientError
from trino.exceptions import TrinoConnectionError, TrinoQueryError

from tm_localstack.athena.errors import EngineError, EngineUnavailableError
from tm_localstack.athena.translation.cursor import literal
from tm_localstack.athena.translation.numbers import with_doubles

CATALOG = "awsdatacatalog"
USER = "athena"
# Short long-polls: the statistics that a scan limit is judged by are those of the last answer.
POLL = "250ms"
DEFAULT_SCHEMA = "default"
QUERY_TIMEOUT = "query_max_run_time"
# Athena's default quota; a larger one has to be asked for.
DML_MINUTES = 30
_BEFORE_PLAN = frozenset({"QUEUED", "WAITING_FOR_RESOURCES", "DISPATCHING", "PLANNING"})

# Told a run when its plan is made, before any of its rows are given. What it raises ends the run.
OnPlanned = Callable[["TrinoRun"], None]


def allow_any(_: "TrinoRun") -> None:
    """An `OnPlanned` that has nothing against any plan."""


@dataclass(frozen=True)
class EngineStatistics:
    """What one run used; times in milliseconds."""

    scanned_bytes: int = 0
    queued_ms: int = 0
    planning_ms: int = 0
    elapsed_ms: int = 0
    input_rows: int = 0
    output_rows: int = 0
    output_bytes: int = 0

    def __add__(self, other: "EngineStatistics") -> "EngineStatistics":
        return EngineStatistics(
            scanned_bytes=self.scanned_bytes + other.scanned_bytes,
            queued_ms=self.queued_ms + other.queued_ms,
            planning_ms=self.planning_ms + other.planning_ms,
            elapsed_ms=self.elapsed_ms + other.elapsed_ms,
            input_rows=self.input_rows + other.input_rows,
            output_rows=self.output_rows + other.output_rows,
            output_bytes=self.output_bytes + other.output_bytes,
        )


class TrinoRun:
    """One statement in Trino. Iterate `pages` to run it; `cancel` works from any thread."""

    def __init__(self, request: TrinoRequest, sql: str, on_planned: OnPlanned = allow_any) -> None:
        self._request = request
        self._sql = sql
        self._on_planned = on_planned
        self._id: str | None = None
        self._cancelled = threading.Event()
        self.columns: list[dict[str, Any]] = []
        self.update_count: int | None = None
        self.statistics = EngineStatistics()
        self.is_over = False

    def pages(self) -> Generator[list[list[Any]], None, None]:
        """Run the statement and give its rows as they come; an empty page while it only works.

        Raises:
            EngineError: Trino's error, as it says it.
            EngineUnavailableError: Trino does not answer.
        """
        status = self._call(lambda: self._request.post(self._sql))
        try:
            while True:
                self._note(status)
                if status.stats["state"] not in _BEFORE_PLAN:
                    self._tell_planned()
                yield status.rows
                if status.next_uri is None or self._cancelled.is_set():
                    return
                uri = f"{status.next_uri}?maxWait={POLL}"
                status = self._call(lambda uri=uri: self._request.get(uri))
        finally:
            # Whoever stops reading (a cancel before the first answer, a full disk) leaves nothing running in Trino.
            if not self.is_over:
                self.cancel()

    def cancel(self) -> None:
        """End the statement in Trino."""
        self._cancelled.set()
        if uri := self._request.next_uri:
            self.is_over = True
            self._call_quietly(uri)

    def tables_read(self) -> list[tuple[str, str]]:
        """Schema and name of the tables that the plan reads, views seen through to theirs; none before there is a plan.

        Raises:
            EngineUnavailableError: Trino does not answer.
        """
        if self._id is None:
            return []
        told = self._get(f"/v1/query/{self._id}?pruned=true").get("inputs", [])
        return [(each["schema"], each["table"]) for each in told]

    def _tell_planned(self) -> None:
        """Once. A run that is refused counts as one that used nothing."""
        tell, self._on_planned = self._on_planned, allow_any
        try:
            tell(self)
        except Exception:
            self.statistics = EngineStatistics()
            raise

    def _get(self, path: str) -> dict[str, Any]:
        try:
            answer = self._request.get(self._request.get_url(path))
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise EngineUnavailableError(f"The query engine (Trino) does not answer: {error}") from error
        return found

    def _call(self, send: Any) -> TrinoStatus:
        try:
            return self._request.process(send())
        except TrinoQueryError as error:
            self.is_over = True
            self._id = error.query_id
            # Whoever may not read the tables isn't told what is wrong with their content.
            self._tell_planned()
            raise EngineError.of(error.error_name, error.error_type, error.message) from error
        except (TrinoConnectionError, TrinoClientError, requests.RequestException, ValueError) as error:
            raise EngineUnavailableError(f"The query engine (Trino) does not answer: {error}") from error

    def _call_quietly(self, uri: str) -> None:
        try:
            self._request.delete(uri)
        except requests.RequestException:
            # The engine is gone, and the statement with it.
            return

    def _note(self, status: TrinoStatus) -> None:
        self.is_over = status.next_uri is None
        self._id = status.id
        self.columns = status.columns or self.columns
        self.update_count = status.update_count if status.update_count is not None else self.update_count
        stats = status.stats
        self.statistics = EngineStatistics(
            scanned_bytes=stats.get("physicalInputBytes", 0),
            queued_ms=stats.get("queuedTimeMillis", 0),
            planning_ms=stats.get("planningTimeMillis", 0),
            elapsed_ms=stats.get("elapsedTimeMillis", 0),
            input_rows=stats.get("processedRows", 0),
            output_rows=self.statistics.output_rows + len(status.rows),
            output_bytes=stats.get("physicalWrittenBytes", 0),
        )


class TrinoEngine:
    """The Trino server of the local AWS. A statement that runs longer than `dml_minutes` fails."""

    def syntax_error(self, sql: str) -> str | None:
        """What Trino's grammar has against a text, with the place in it, or None. Nothing is resolved or run."""
        try:
            list(self.start(f"PREPARE checked FROM\n{sql}", DEFAULT_SCHEMA).pages())
        except EngineUnavailableError:
            return None
        except EngineError as error:
            return _one_line_up(error.failure.reason.removeprefix("SYNTAX_ERROR: "))
        return None

    def __init__(self, url: str, dml_minutes: float = DML_MINUTES) -> None:
        parts = urlsplit(url)
        self._dml_minutes = dml_minutes
        self._host, self._port = parts.hostname, parts.port

    def start(
        self,
        sql: str,
        database: str,
        parameters: tuple[str, ...] = (),
        session: tuple[tuple[str, str], ...] = (),
        on_planned: OnPlanned = allow_any,
    ) -> TrinoRun:
        """Prepare a run of one statement; `parameters` are the texts of expressions for its question marks."""
        sql = with_doubles(sql)
        if parameters:
            sql = f"EXECUTE IMMEDIATE {literal(sql)} USING {', '.join(map(with_doubles, parameters))}"
        session = ((QUERY_TIMEOUT, f"{self._dml_minutes}m"), *session)
        client = ClientSession(
            user=USER, catalog=CATALOG, schema=database, source="athena", timezone="UTC", properties=dict(session)
        )
        request = TrinoRequest(self._host, self._port, client, http_scheme="http", max_attempts=1)
        return TrinoRun(request, sql, on_planned)


def _one_line_up(message: str) -> str:
    return re.sub(r"^line (\d+):", lambda match: f"line {int(match.group(1)) - 1}:", message)
