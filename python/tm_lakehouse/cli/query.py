"""`tm-lakehouse query`: one statement through Athena, as the project's readers run it."""

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.athena import QueryResult
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)


@app.command()
def query(
    sql: Annotated[str | None, typer.Argument(help="The statement; `-` reads it from standard input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the statement from a file.")] = None,
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="How to print the rows.")
    ] = "table",
    database: Annotated[
        str, typer.Option(help="What unqualified names mean: gold, silver, observability, or a database's own name.")
    ] = "gold",
) -> None:
    """Run a query through Athena. Rows go to standard output, time and bytes scanned to standard error."""
    statement = _statement(sql, file)
    target.activate()
    from tm_lakehouse.athena import Athena
    from tm_lakehouse.cost.prices import scan_dollars
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    result = Athena(settings.athena_workgroup, _database(settings, database)).query(statement)
    if document.is_wanted:
        _add_to_document(result)
    else:
        PRINTERS[output](result)
    typer.echo(
        f"{len(result.rows)} rows, {result.engine_ms / 1000:.2f} s, {result.bytes_scanned:,} bytes scanned, "
        f"{scan_dollars(result.bytes_billed, settings.price_athena_tib):.6f} dollars (query {result.query_id})",
        err=True,
    )


def _statement(sql: str | None, file: Path | None) -> str:
    if (sql is None) == (file is None):
        raise LakehouseError("Give the statement either as text or by --file.", 'Try `tm-lakehouse query "SELECT 1"`.')
    statement = _read(file) if file else sys.stdin.read() if sql == "-" else sql or ""
    statement = statement.strip().rstrip(";").strip()
    if not statement:
        raise LakehouseError("The statement is empty.", 'Try `tm-lakehouse query "SELECT 1"`.')
    return statement


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LakehouseError(f"{file} can't be read: {error}.", "Give a readable UTF-8 text file.") from None


def _database(settings: "Settings", name: str) -> str:
    known = {"gold": settings.db_gold, "silver": settings.db_silver, "observability": settings.db_observability}
    return known.get(name, name)


def _print_table(result: "QueryResult") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not result.columns:
        return
    table = Table()
    for name, kind in zip(result.columns, result.types, strict=True):
        table.add_column(name, justify="right" if kind in NUMERIC_TYPES else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*(Text("NULL", style="dim") if value is None else Text(value) for value in row))
    # A pipe has no width of its own, so nothing is cut there.
    Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def _print_csv(result: "QueryResult") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows(result.rows)


def _records(result: "QueryResult") -> list[dict[str, str | int | float | bool | None]]:
    return [
        {name: _json_value(value, kind) for name, value, kind in zip(result.columns, row, result.types, strict=True)}
        for row in result.rows
    ]


def _add_to_document(result: "QueryResult") -> None:
    told = {"query_id": result.query_id, "bytes_scanned": result.bytes_scanned, "engine_ms": result.engine_ms}
    document.add({"rows": _records(result), **told})


def _print_json(result: "QueryResult") -> None:
    records = _records(result)
    lines = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in records)
    typer.echo(f"[\n{lines}\n]" if records else "[]")


def _json_value(value: str | None, kind: str) -> str | int | float | bool | None:
    if value is None:
        return None
    if kind in INTEGER_TYPES:
        return int(value)
    if kind in FLOAT_TYPES and value.lstrip("-") not in ("NaN", "Infinity"):
        return float(value)
    return value == "true" if kind == "boolean" else value


PIPE_WIDTH = 100_000
INTEGER_TYPES = frozenset({"tinyint", "smallint", "integer", "bigint"})
FLOAT_TYPES = frozenset({"float", "real", "double"})
NUMERIC_TYPES = INTEGER_TYPES | FLOAT_TYPES | {"decimal"}
PRINTERS = {"table": _print_table, "csv": _print_csv, "json": _print_json}
