"""The engine behind the emulator, which AWS does not show."""

import os
import socket
import subprocess

import pytest
import requests

from tm_localstack.launcher.settings import runtime_python

ASK = """
from tm_localstack.athena.errors import StatementFailedError
from tm_localstack.athena.trino_engine import TrinoEngine
engine = TrinoEngine("http://127.0.0.1:{port}", dml_minutes={minutes})
try:
    list(engine.start({sql!r}, "default").pages())
except StatementFailedError as error:
    print(error.failure.category, error.failure.type, error.failure.retryable, error.failure.reason)
print(engine.syntax_error("selec 1"))
"""
# An engine that answers by what it is scripted to: a status, or an error.
REFUSED = """
from types import SimpleNamespace
from trino.exceptions import TrinoQueryError
from tm_localstack.athena.errors import StatementFailedError, refusal
from tm_localstack.athena.trino_engine import TrinoRun
ERROR = TrinoQueryError({{"errorName": "DIVISION_BY_ZERO", "errorType": "USER_ERROR", "message": "by zero"}}, "query")
def status(state, rows):
    stats = {{"state": state, "physicalInputBytes": 7}}
    return SimpleNamespace(id="query", next_uri=None, columns=[], update_count=None, rows=rows, stats=stats)
class Request:
    next_uri = None
    post = process = staticmethod(lambda *_: {answer})
def refuse(run):
    raise StatementFailedError(refusal("not for you"))
def fail():
    raise ERROR
run = TrinoRun(Request(), "select 1", refuse)
try:
    print(list(run.pages()))
except StatementFailedError as error:
    print(error.failure.reason, run.statistics.scanned_bytes)
"""
OVER = ("FINISHED", "FAILED")
SLOW = "select count(*) from unnest(sequence(1, 9000)) as a(x), unnest(sequence(1, 9000)) as b(y), "
SLOW += "unnest(sequence(1, 9000)) as c(z) where x * y = {mark}"


@pytest.fixture
def trino_port() -> str:
    return os.environ["TM_LOCAL_TRINO_PORT"]


def ask(port, sql, minutes):
    asked = [str(runtime_python("emulator")), "-c", ASK.format(port=port, sql=sql, minutes=minutes)]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()


def test_an_engine_that_does_not_answer_fails_the_query_with_its_name():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        failure, syntax = ask(probe.getsockname()[1], "select 1", 30)
    assert failure.startswith("1 200 True The query engine (Trino) does not answer: ")
    assert syntax == "None"


def test_a_query_that_takes_too_long_fails_as_timed_out(trino_port):
    failure, syntax = ask(trino_port, SLOW.format(mark=1), 0.01)
    assert failure == "1 206 False Query timeout"
    assert syntax.startswith("line 1:1: mismatched input 'selec'")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("fail()", "not for you 0"),
        ("status('RUNNING', [['secret']])", "not for you 0"),
        ("status('FINISHED', [['secret']])", "not for you 0"),
        ("status('PLANNING', [])", "[[]]"),
    ],
)
def test_a_plan_that_is_refused_gives_no_row_and_no_error_of_its_content(answer, told):
    asked = [str(runtime_python("emulator")), "-c", REFUSED.format(answer=answer)]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines() == [told]


@pytest.fixture
def running(trino_port):
    """The engine's queries of a mark that aren't over."""

    def listed(mark):
        answer = requests.get(
            f"http://127.0.0.1:{trino_port}/v1/query", headers={"X-Trino-User": "athena"}, timeout=30
        ).json()
        return [each for each in answer if f"x * y = {mark}" in each["query"] and each["state"] not in OVER]

    return listed


def test_a_stopped_query_ends_in_the_engine(query, running, wait_until):
    query_id = query.start(SLOW.format(mark=4711))
    wait_until(lambda: running(4711), 60, "the engine runs the query")
    query.athena.stop_query_execution(QueryExecutionId=query_id)
    wait_until(lambda: not running(4711), 30, "the engine has ended the query")
    # One that is stopped before the engine has answered for the first time.
    query.athena.stop_query_execution(QueryExecutionId=query.start(SLOW.format(mark=4712)))
    wait_until(lambda: not running(4712), 30, "the engine has ended the other")


def test_a_query_over_the_scan_limit_ends_in_the_engine(client, query, bucket, unique, iceberg, running, wait_until):
    table, group = iceberg("text string"), unique("group")
    query(f"insert into {table} select to_hex(sha512(to_utf8(cast(x * 1000 + y as varchar)))) "
          "from unnest(sequence(1, 200)) as a(x), unnest(sequence(1, 1000)) as b(y)")  # fmt: skip
    limits = {"BytesScannedCutoffPerQuery": 10_000_000}
    results = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/{group}/"}}
    client("athena").create_work_group(Name=group, Configuration=results | limits)
    # Hours of work, of which reading the table is the first moment.
    endless = f"{SLOW.format(mark=4713)} or x * y * z % 1000 < (select max(length(text)) from {table})"
    query_id = query.start(endless, WorkGroup=group)
    wait_until(lambda: running(4713), 60, "the engine runs the query")
    execution = query.wait(query_id)
    assert execution["Status"]["StateChangeReason"] == "Query cancelled! : Bytes scanned limit was exceeded"
    wait_until(lambda: not running(4713), 30, "the engine has ended the query")
    client("athena").delete_work_group(WorkGroup=group, RecursiveDeleteOption=True)
