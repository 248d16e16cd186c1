"""Reads what StartQueryExecution asks for, with the workgroup's settings applied."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from tm_localstack.athena import guards
from tm_localstack.athena.execution import QueryRequest
from tm_localstack.athena.models import AWS_DATA_CATALOG, PreparedStatements, WorkGroup
from tm_localstack.athena.operations.data_catalogs import check_catalog
from tm_localstack.athena.operations.requests import Request, invalid_request
from tm_localstack.athena.s3_locations import S3Locations, split_location
from tm_localstack.athena.translation.cursor import SqlSyntaxError
from tm_localstack.athena.translation.lexer import tokenize
from tm_localstack.athena.translation.plan import (
    DEFAULT_DATABASE,
    Context,
    ExecuteStatement,
    NotCarriedOutError,
    RefusedError,
)
from tm_localstack.athena.translation.statement import Statement, engine_text

Read = TypeVar("Read")
AskSyntax = Callable[[str], str | None]
DEFAULT_REUSE_MINUTES = 60
MAX_REUSE_MINUTES = 10_080
NO_OUTPUT_LOCATION = (
    "No output location provided. An output location is required either through the Workgroup result configuration "
    "setting or as an API input."
)


def read_query_request(
    request: Request, workgroup: WorkGroup, prepared: PreparedStatements, s3: S3Locations, syntax_error: AskSyntax
) -> QueryRequest:
    """The query to run. `syntax_error` asks the engine's grammar.

    Raises:
        CommonServiceException: Athena would not start it.
    """
    if workgroup.state != "ENABLED":
        raise invalid_request(f"WorkGroup {workgroup.name} is disabled.")
    names = request.get("QueryExecutionContext") or {}
    check_catalog(names.get("Catalog"))
    results = _result_configuration(request.get("ResultConfiguration") or {}, workgroup)
    _check_output(results.get("OutputLocation"), s3)
    statement, parameters = _statement(request, prepared)
    _check_syntax(statement, syntax_error)
    return QueryRequest(
        text=request["QueryString"],
        statement=statement,
        workgroup=workgroup.name,
        database=(names.get("Database") or DEFAULT_DATABASE).lower(),
        catalog=names.get("Catalog") or AWS_DATA_CATALOG,
        output_prefix=results["OutputLocation"],
        enforces_output=workgroup.is_enforced,
        result_configuration=results,
        scan_limit=workgroup.scan_limit,
        parameters=parameters,
        reuse_minutes=_reuse_minutes(request),
    )


def _check_syntax(statement: Statement, syntax_error: AskSyntax) -> None:
    """Refuse what neither our grammar nor the engine's can read; Athena does so before it starts a query."""
    with suppress(RefusedError, NotCarriedOutError):
        _read(lambda: statement.translate(Context(DEFAULT_DATABASE, "", "s3://checked/")))
    text = engine_text(statement)
    if text and (error := syntax_error(text)):
        raise invalid_request(error, "MALFORMED_QUERY")


def _reuse_minutes(request: Request) -> int | None:
    by_age = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration") or {}
    if not by_age.get("Enabled"):
        return None
    minutes: int = by_age.get("MaxAgeInMinutes", DEFAULT_REUSE_MINUTES)
    if not 0 <= minutes <= MAX_REUSE_MINUTES:
        raise invalid_request(f"MaxAgeInMinutes must be between 0 and {MAX_REUSE_MINUTES}")
    return minutes


def _result_configuration(asked: dict[str, Any], workgroup: WorkGroup) -> dict[str, Any]:
    configured = workgroup.result_configuration
    return dict(configured) if workgroup.is_enforced else configured | asked


def _check_output(location: str | None, s3: S3Locations) -> None:
    if not location:
        raise invalid_request(NO_OUTPUT_LOCATION)
    if not location.startswith("s3://"):
        raise invalid_request("outputLocation is not a valid S3 path.")
    if not s3.has_bucket(location):
        raise invalid_request(f"Unable to verify/create output bucket {split_location(location)[0]}")


def _statement(request: Request, prepared: PreparedStatements) -> tuple[Statement, tuple[str, ...]]:
    statement = _accepted(request["QueryString"])
    parameters = tuple(request.get("ExecutionParameters") or ())
    if statement.subtype == "EXECUTE":
        statement, using = _prepared_statement(statement, prepared)
        parameters = using or parameters
    wanted = sum(token.is_symbol("?") for token in tokenize(statement.sql))
    if parameters and wanted != len(parameters):
        raise invalid_request(f"Incorrect number of parameters: expected {wanted} but found {len(parameters)}")
    return statement, parameters


def _prepared_statement(statement: Statement, prepared: PreparedStatements) -> tuple[Statement, tuple[str, ...]]:
    steps = _read(lambda: statement.translate(Context(DEFAULT_DATABASE, "", "")))
    step = next(step for step in steps if isinstance(step, ExecuteStatement))
    found = prepared.get(step.name)
    if found is None:
        raise invalid_request(f"PreparedStatement {step.name} was not found in workgroup {prepared.workgroup}")
    return _accepted(found.query), step.parameters


def _accepted(text: str) -> Statement:
    return _read(lambda: guards.accept(text))


def _read(read: Callable[[], Read]) -> Read:
    try:
        return read()
    except guards.QueryRefusedError as error:
        raise invalid_request(str(error), error.code) from error
    except SqlSyntaxError as error:
        raise invalid_request(str(error), "MALFORMED_QUERY") from error
