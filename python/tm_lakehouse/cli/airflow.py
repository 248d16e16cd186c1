"""`tm-lakehouse run` and `airflow`: the pipeline as Airflow conducts it, and Airflow's own pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.cli.pipeline_summary import found_in, sentences
from tm_lakehouse.cli.progress import Stage, stage
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.airflow_run import AirflowEnvironment, TaskState

app = typer.Typer(add_completion=False)
Answer = TypeVar("Answer")
POLL_SECONDS = 2.0
# How long Airflow may say nothing though nobody changes its environment.
SILENCE_SECONDS = 120.0
CHANGING = "UPDATING"
INTERRUPTED = 130


@app.command()
def run(
    ingest_date: Annotated[
        str | None,
        typer.Option(help="YYYY-MM-DD: everything that was landed of this date. None: what Silver does not hold yet."),
    ] = None,
    course_id: Annotated[
        list[str] | None, typer.Option(help="Only this course; may be repeated. None: all that are landed.")
    ] = None,
) -> None:
    """Let Airflow bring landed files to readers: Silver, checks, Gold, publication. Exit 1 unless all succeeded.

    Runs wait for each other: landed files may have started one of their own.

    Examples:

      tm-lakehouse run

      tm-lakehouse run --ingest-date 2025-09-01 --course-id erinhills
    """
    from tm_lakehouse.airflow_run import new_run_id
    from tm_lakehouse.landing_to_silver.prefixes import parse_date

    day = parse_date(ingest_date).isoformat() if ingest_date else None
    environment = _environment()
    run_id = new_run_id(day)
    environment.start({"ingest_date": day, "course_ids": course_id or None}, run_id)
    typer.echo(f"run {run_id} of {environment.name}", err=True)
    with stage("course_pipeline") as progress:
        state = _follow(environment, run_id, progress)
    _tell_end(environment, run_id, state)


@app.command()
def airflow() -> None:
    """Print where Airflow's pages are, and an address that signs in for a minute."""
    environment = _environment()
    address, login = environment.address(), environment.login_address()
    tell(f"pages  {address}\nlogin  {login}", pages=address, login=login)


def _environment() -> AirflowEnvironment:
    target.activate()
    from tm_lakehouse.airflow_run import AirflowEnvironment
    from tm_lakehouse.settings import Settings

    name = Settings.from_environment().airflow_environment
    if not name:
        raise LakehouseError(
            f"No Airflow conducts {target.selected()}.",
            'Set orchestrator = "mwaa" in its terraform.tfvars and apply, or use `tm-lakehouse silver` and `gold`.',
        )
    return AirflowEnvironment(name)


def _follow(environment: AirflowEnvironment, run_id: str, progress: Stage) -> str:
    """Wait for a run's end, telling each task's; the state it ended in."""
    from tm_lakehouse.airflow_run import FINAL_STATES

    told: set[str] = set()
    try:
        while True:
            state, tasks = _answered(
                lambda: (environment.state(run_id), environment.tasks(run_id)), environment, progress
            )
            _tell(tasks, told)
            progress.update(", ".join(f"{task.name} {task.state}" for task in tasks if _is_under_way(task)) or state)
            if state in FINAL_STATES:
                return state
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        raise LakehouseError(
            f"Not following any more; run {run_id} goes on.",
            "See it, or stop it, in Airflow: `tm-lakehouse airflow`.",
            exit_code=INTERRUPTED,
        ) from None


def _answered(ask: Callable[[], Answer], environment: AirflowEnvironment, progress: Stage) -> Answer:
    """What Airflow answers, once it does: the run goes on while its environment is updated or its server is busy."""
    from tm_lakehouse.airflow_run import NotAnsweringError

    silent_since = time.monotonic()
    while True:
        try:
            return ask()
        except NotAnsweringError:
            status = environment.status()
            if status != CHANGING and time.monotonic() - silent_since > SILENCE_SECONDS:
                raise
            progress.update(f"Airflow does not answer; its environment is {status}")
            time.sleep(POLL_SECONDS)


def _is_under_way(task: TaskState) -> bool:
    return task.state is not None and not task.has_ended


def _tell(tasks: list[TaskState], told: set[str]) -> None:
    for task in tasks:
        if task.has_ended and task.name not in told:
            told.add(task.name)
            typer.echo(f"{task.name:<20} {task.state} {task.seconds or 0:>7.1f} s", err=True)


def _tell_end(environment: AirflowEnvironment, run_id: str, state: str) -> None:
    tasks = environment.tasks(run_id)
    told = [{"task": task.name, "state": task.state, "seconds": task.seconds} for task in tasks]
    document.add({"run_id": run_id, "state": state, "tasks": told})
    if state == "success":
        report = next(task for task in tasks if task.name == "report")
        if report.state == "skipped":
            tell("Everything that is landed was in Silver, and Gold follows it: there was nothing to do.", report=[])
            return
        lines = environment.last_lines(run_id, report)
        summary = found_in(lines)
        tell("\n".join(sentences(summary) if summary else lines), report=summary or lines)
        return
    failed = [task for task in tasks if task.state == "failed"]
    for task in failed:
        for line in environment.last_lines(run_id, task):
            typer.echo(f"{task.name}: {line}", err=True)
    names = ", ".join(task.name for task in failed) or "no task"
    raise LakehouseError(
        f"The run {run_id} failed: {names}.", f"Its logs are in airflow-{environment.name}-Task. Run it again then."
    )
