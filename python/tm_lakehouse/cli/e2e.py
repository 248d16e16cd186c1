"""`tm-lakehouse e2e`: the whole flow on the local AWS, measured and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.end_to_end.stages import StepResult
    from tm_lakehouse.validation.checks import Check
    from tm_localstack.launcher.local_aws import LocalAws

app = typer.Typer(add_completion=False)


class Orchestrator(StrEnum):
    """Who brings landed files to Gold."""

    MWAA = "mwaa"
    NONE = "none"


TRY_NEXT = """
The local AWS is still running. Try:
  export PATH="$PWD/.venv/bin:$PATH"
  tm-lakehouse query "SELECT course_id, rounds FROM gold.dim_course"
  tm-lakehouse query "SELECT * FROM observability.latest_silver_runs" --format json
  tm-lakehouse status
  tm-lakehouse airflow   # its pages, unless ORCHESTRATOR=none
  make down"""


@app.command()
def e2e(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the local AWS running and say what to try next.")] = False,
    orchestrator: Annotated[
        Orchestrator, typer.Option(help="Who conducts: an Airflow of MWAA's, or none: one command after the other.")
    ] = Orchestrator.MWAA,
) -> None:
    """Carry course files from landing to Gold on a new local AWS, and check the result; exit 1 unless all holds."""
    if target.selected() != "local":
        raise LakehouseError("The end-to-end run starts from an empty AWS.", "Run it without --env, or --env local.")
    aws = _new_local_aws()
    from tm_lakehouse.end_to_end.commands import Commands
    from tm_lakehouse.end_to_end.stages import run_steps
    from tm_lakehouse.end_to_end.story import Story

    state = target.state_directory("local")
    commands = Commands(state / "logs" / "e2e.log")
    typer.echo(f"the commands' output goes to {commands.log}", err=True)
    story = Story(commands, state / "e2e", orchestrator=orchestrator)
    try:
        results = run_steps(story.steps(), lambda: _pids(aws))
        _show(results, story.checks)
    finally:
        if not keep:
            _stop(aws)
    _fail_unless_all_hold(story.checks)
    if keep:
        tell(TRY_NEXT)


def _new_local_aws() -> LocalAws:
    from tm_lakehouse.cli.emulator import as_lakehouse_error, local_aws

    aws = local_aws()
    with as_lakehouse_error():
        health = aws.health()
    if health:
        raise LakehouseError("A local AWS is running, with its data.", "Stop it with `make down`, then run this again.")
    return aws


def _pids(aws: LocalAws) -> Iterable[int]:
    import os

    return [os.getpid(), *(record.pid for record in aws.records())]


def _show(results: Sequence[StepResult], checks: Sequence[Check]) -> None:
    if document.is_wanted:
        document.add({"checks": [asdict(each) for each in checks], "steps": [asdict(each) for each in results]})
        return
    from rich.console import Console

    from tm_lakehouse.end_to_end.stages import results_table

    console = Console(highlight=False)
    for check in checks:
        console.print(f"{'[green]holds[/] ' if check.passed else '[bold red]FAILS[/] '} {check.name}: {check.figures}")
    console.print(results_table(results))


def _stop(aws: LocalAws) -> None:
    aws.stop()
    for record in (target.EMULATOR_RECORD, target.LAKEHOUSE_RECORD):
        target.record_path("local", record).unlink(missing_ok=True)


def _fail_unless_all_hold(checks: Sequence[Check]) -> None:
    if failed := [check for check in checks if not check.passed]:
        raise LakehouseError(
            f"{len(failed)} of {len(checks)} checks fail, the first: {failed[0].name}: {failed[0].figures}.",
            "Run it with --keep (KEEP=1) and look at the tables with `tm-lakehouse query`.",
        )
    tell(f"all {len(checks)} checks hold")
