"""Starting, watching and stopping queries, and reading their results."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID

from tm_localstack.athena import saving
from tm_localstack.athena.announcements import announce, end_event
from tm_localstack.athena.descriptions import query_execution, runtime_statistics
from tm_localstack.athena.execution import CANCELLED_BY_USER, FINAL_STATES, Execution, Runner
from tm_localstack.athena.models import PreparedStatements, Store
from tm_localstack.athena.operations.query_requests import read_query_request
from tm_localstack.athena.operations.requests import (
    Operations,
    Request,
    glue_of,
    invalid_request,
    page,
    rights_of,
    s3_of,
    too_many_requests,
)
from tm_localstack.athena.quotas import TooManyQueriesError, check_active
from tm_localstack.athena.result_reuse import reusable
from tm_localstack.athena.results import Row, TableResult
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.steps.runner import carry_out
from tm_localstack.athena.trino_engine import TrinoEngine
from tm_localstack.config import local_config
from tm_localstack.launcher.settings import REGION

_PAGE = 50
_ROWS_OF_PAGE = 1000
# How long the answer about a query that runs waits for its end: who polls hears sooner, and polls less.
_ANSWER_SECONDS = 0.5


class QueryOperations(Operations):
    """Queries, run by Trino."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = Runner()
        self._engine = TrinoEngine(local_config().trino_url)
        self._spool = local_config().scratch / "athena"

    @handler("StartQueryExecution", expand=False)
    def start_query_execution(self, context: RequestContext, request: Request) -> dict[str, Any]:
        _check_home(context)
        store = self.store(context)
        token = request.get("ClientRequestToken") or ""
        if earlier := store.requests.get(token):
            if earlier.request.text != request["QueryString"]:
                raise invalid_request("Idempotent parameters do not match")
            return {"QueryExecutionId": earlier.id}
        workgroup = self.workgroup(context, request.get("WorkGroup"))
        prepared = PreparedStatements(store, workgroup.name)
        asked = read_query_request(request, workgroup, prepared, s3_of(context), self._engine.syntax_error)
        reused = reusable(list(store.executions.values()), asked, s3_of(context))
        execution = Execution(asked, reused=reused, on_end=_announcer(context.account_id, context.region))
        _admit(store, execution)
        if token:
            store.requests[token] = execution
        step_context = self._step_context(context, execution, prepared)
        self._runner.submit(execution, lambda _: _work(step_context))
        return {"QueryExecutionId": execution.id}

    @handler("GetQueryExecution", expand=False)
    def get_query_execution(self, context: RequestContext, request: Request) -> dict[str, Any]:
        execution = self._execution(context, request)
        execution.wait_while_running(_ANSWER_SECONDS)
        return {"QueryExecution": query_execution(execution)}

    @handler("BatchGetQueryExecution", expand=False)
    def batch_get_query_execution(self, context: RequestContext, request: Request) -> dict[str, Any]:
        known = self.store(context).executions
        ids = request["QueryExecutionIds"]
        missing = [
            {
                "QueryExecutionId": query_id,
                "ErrorCode": "INVALID_INPUT",
                "ErrorMessage": f"QueryExecution {query_id} was not found",
            }
            for query_id in ids
            if query_id not in known
        ]
        found = [query_execution(known[query_id]) for query_id in ids if query_id in known]
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    @handler("ListQueryExecutions", expand=False)
    def list_query_executions(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroup = self.workgroup(context, request.get("WorkGroup")).name
        executions = list(self.store(context).executions.values())
        ids = [execution.id for execution in reversed(executions) if execution.request.workgroup == workgroup]
        found, token = page(ids, request, _PAGE)
        return {"QueryExecutionIds": found, **token}

    @handler("StopQueryExecution", expand=False)
    def stop_query_execution(self, context: RequestContext, request: Request) -> dict[str, Any]:
        self._execution(context, request).cancel(CANCELLED_BY_USER)
        return {}

    @handler("GetQueryRuntimeStatistics", expand=False)
    def get_query_runtime_statistics(self, context: RequestContext, request: Request) -> dict[str, Any]:
        return {"QueryRuntimeStatistics": runtime_statistics(self._execution(context, request))}

    @handler("GetQueryResults", expand=False)
    def get_query_results(self, context: RequestContext, request: Request) -> dict[str, Any]:
        execution = self._execution(context, request)
        if execution.state in ("QUEUED", "RUNNING"):
            raise invalid_request(
                f"Query has not yet finished. Current state: {execution.state}", "INVALID_QUERY_EXECUTION_STATE"
            )
        if execution.state != "SUCCEEDED":
            raise invalid_request(
                f"Query did not finish successfully. Final query state: {execution.state}",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        start, count = _rows_asked(request)
        rows, next_start = execution.result.page(start, count)
        columns = [column.as_column_info() for column in execution.result.columns]
        result_set = {"Rows": [_row(row) for row in rows], "ResultSetMetadata": {"ColumnInfo": columns}}
        token = {"NextToken": str(next_start)} if next_start is not None else {}
        return {"UpdateCount": execution.update_count or 0, "ResultSet": result_set, **token}

    def _execution(self, context: RequestContext, request: Request) -> Execution:
        query_id = request["QueryExecutionId"]
        found = self.store(context).executions.get(query_id)
        if found is None:
            raise invalid_request(f"QueryExecution {query_id} was not found")
        return found

    def _step_context(self, context: RequestContext, execution: Execution, prepared: PreparedStatements) -> StepContext:
        gives_table = execution.request.statement.gives_table and not execution.reused
        return StepContext(
            execution=execution,
            engine=self._engine,
            glue=glue_of(context),
            s3=s3_of(context),
            prepared=prepared,
            table=TableResult(self._spool / f"{execution.id}.csv") if gives_table else None,
            rights=rights_of(context),
        )


def _announcer(account_id: str, region: str) -> Callable[[Execution, str], None]:
    """Tells EventBridge of a query's end."""

    def tell(execution: Execution, previous: str) -> None:
        asked, ended = execution.request, execution.completed or datetime.now(UTC)
        event = end_event(execution.id, asked.statement.type, asked.workgroup, execution.state, previous, ended)
        announce(event, account_id, region)

    return tell


def _work(context: StepContext) -> None:
    execution = context.execution
    if execution.reused:
        execution.result = execution.reused.result
        return
    carry_out(context)
    saving.save(execution, context.s3)


def _admit(store: Store, execution: Execution) -> None:
    """Count the query among those under way, or refuse it."""
    with store.lock:
        store.active = [each for each in store.active if each.state not in FINAL_STATES]
        kinds = [(each.request.statement.type, each.request.statement.subtype) for each in store.active]
        statement = execution.request.statement
        try:
            check_active(kinds, (statement.type, statement.subtype))
        except TooManyQueriesError as error:
            raise too_many_requests(str(error)) from error
        store.active.append(execution)
        store.executions[execution.id] = execution


def _check_home(context: RequestContext) -> None:
    # The engine reads the catalog of one account and region: elsewhere it would answer from the wrong one.
    if (context.account_id, context.region) != (DEFAULT_AWS_ACCOUNT_ID, REGION):
        raise invalid_request(f"Queries run in account {DEFAULT_AWS_ACCOUNT_ID} and region {REGION} only")


def _rows_asked(request: Request) -> tuple[int, int]:
    token, count = request.get("NextToken") or "0", request.get("MaxResults") or _ROWS_OF_PAGE
    if not token.isdigit():
        raise invalid_request(f"Invalid NextToken: {token}")
    if not 1 <= count <= _ROWS_OF_PAGE:
        raise invalid_request(f"MaxResults is more than maximum allowed length {_ROWS_OF_PAGE}.")
    return int(token), count


def _row(row: Row) -> dict[str, Any]:
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in row]}
