"""What one query takes through Athena's API and in Trino itself, and what an engine's processes hold."""

import time
from dataclasses import dataclass

import psutil
import requests

FINAL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Holdings:
    """What the processes of one engine hold together."""

    memory_bytes: int
    files: int
    threads: int


class AthenaApi:
    """Queries of one workgroup and database, waited for as a client does."""

    def __init__(self, athena, workgroup: str, database: str) -> None:
        self._athena = athena
        self._workgroup = workgroup
        self._database = database

    def seconds(self, sql: str) -> float:
        """Run a query to the first page of its result."""
        began = time.monotonic()
        context = {"Database": self._database}
        started = self._athena.start_query_execution(
            QueryString=sql, WorkGroup=self._workgroup, QueryExecutionContext=context
        )
        query_id = started["QueryExecutionId"]
        while (status := self._status(query_id))["State"] not in FINAL_STATES:
            time.sleep(POLL_SECONDS)
        if status["State"] != "SUCCEEDED":
            raise RuntimeError(f"{sql}: {status}")
        self._athena.get_query_results(QueryExecutionId=query_id)
        return time.monotonic() - began

    def _status(self, query_id: str) -> dict:
        return self._athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]


class Trino:
    """The engine behind the API, asked by its own protocol."""

    def __init__(self, url: str, database: str) -> None:
        self._url = f"{url}/v1/statement"
        self._headers = {"X-Trino-User": "bench", "X-Trino-Catalog": "awsdatacatalog", "X-Trino-Schema": database}
        self._session = requests.Session()

    def seconds(self, sql: str) -> float:
        """Run a query to its last row."""
        began = time.monotonic()
        answer = self._session.post(self._url, data=sql.encode(), headers=self._headers).json()
        while "nextUri" in answer:
            answer = self._session.get(answer["nextUri"]).json()
        if "error" in answer:
            raise RuntimeError(f"{sql}: {answer['error']['message']}")
        return time.monotonic() - began


def holdings(pid: int) -> Holdings:
    """What a process and its children hold now."""
    parent = psutil.Process(pid)
    family = [parent, *parent.children(recursive=True)]
    return Holdings(
        memory_bytes=sum(process.memory_info().rss for process in family),
        files=sum(process.num_fds() for process in family),
        threads=sum(process.num_threads() for process in family),
    )
