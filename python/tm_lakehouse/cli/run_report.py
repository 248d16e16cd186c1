"""`tm-lakehouse report`: a run, from landing to Gold, as one HTML file."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tm_lakehouse.run_report.report import Report
    from tm_lakehouse.settings import Settings

app = typer.Typer()


@app.command()
def report(
    run: Annotated[
        str | None, typer.Argument(help="A run of Gold or of the Silver job; the latest by default.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write; report-RUN.html by default.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the file in the browser.")] = False,
    no_upload: Annotated[bool, typer.Option("--no-upload", help="Write the file only.")] = False,
) -> None:
    """Tell what a run did: counts from landing to Gold, time, tests, data quality, quarantine and cost.

    The page needs no network. It is kept in the observability bucket too, where the pipeline keeps one of each run.
    With --json the data behind it are printed, and nothing is written or uploaded.

    Examples:

      tm-lakehouse report --open

      tm-lakehouse report 20250901T060000Z-1a2b3c4d --output run.html

      tm-lakehouse report --json
    """
    if document.is_wanted and (output or open_it):
        raise LakehouseError("--json writes no file.", "Leave --output and --open out, or --json.")
    target.activate()
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    with stage("report"):
        made = _made(settings, run)
    if document.is_wanted:
        from tm_lakehouse.run_report.make import values

        document.add(values(made))
        return
    path = _write(settings, made, output or Path(f"report-{made.run_id}.html"), is_kept=not no_upload)
    if open_it:
        typer.launch(path.resolve().as_uri())


@contextmanager
def reported(settings: Settings, run: str) -> Iterator[None]:
    """Keep the report of a run at the block's end, also where it failed."""
    try:
        yield
    except LakehouseError:
        _keep(settings, run)
        raise
    _keep(settings, run)


def _keep(settings: Settings, run: str) -> None:
    """That no report can be made is told, and fails nothing."""
    from botocore.exceptions import BotoCoreError, ClientError

    from tm_lakehouse.run_report.make import keep
    from tm_lakehouse.run_report.page import render

    try:
        with stage("report"):
            made = _made(settings, run)
            kept = keep(settings, made, render(made))
    except (LakehouseError, ClientError, BotoCoreError) as error:
        typer.echo(f"warning: no report of run {run} was made: {error}", err=True)
        return
    typer.echo(f"report: {kept}; `tm-lakehouse report {run} --open` shows it", err=True)


def _made(settings: Settings, run: str | None) -> Report:
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.run_report.make import choose_run, make_report, read_silver_part

    store = S3ObjectStore()
    chosen = choose_run(settings, run)
    return make_report(store, settings, chosen, read_silver_part(store, settings, chosen.silver), _airflow(settings))


def _airflow(settings: Settings) -> dict[str, str]:
    """Where the pipeline's runs are shown; nothing where no Airflow conducts, or none answers."""
    from tm_lakehouse.airflow_run import PIPELINE, AirflowEnvironment

    if not settings.airflow_environment:
        return {}
    try:
        return {"Airflow": f"{AirflowEnvironment(settings.airflow_environment).address()}/dags/{PIPELINE}"}
    except LakehouseError:
        return {}


def _write(settings: Settings, made: Report, path: Path, *, is_kept: bool) -> Path:
    from tm_lakehouse.files import write_whole
    from tm_lakehouse.run_report.make import keep
    from tm_lakehouse.run_report.page import render

    page = render(made)
    write_whole(path, page)
    typer.echo(f"{path}: run {made.run_id} {made.status}, {len(page.encode()) / 1e6:.1f} MB")
    for problem in made.problems:
        typer.echo(f"  {problem}")
    if is_kept:
        typer.echo(f"kept as {keep(settings, made, page)}", err=True)
    return path
