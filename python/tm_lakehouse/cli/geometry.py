"""`tm-lakehouse geometry`: derive section outlines and fix density on Glue, where the optional job is enabled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)


@app.command()
def geometry(
    course_id: Annotated[
        list[str] | None, typer.Option(help="Only this course; repeat it for several. Default: all courses.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show which courses would be derived, and from how much; start nothing.")
    ] = False,
) -> None:
    """Outline each course's sections and count its fixes by H3 cell, from Silver's fixes: one Glue run.

    Courses whose result is the same as before are left untouched. Needs geometry_job in the environment's values.

    Examples:

      tm-lakehouse geometry

      tm-lakehouse geometry --course-id pinehurst4 --course-id erinhills
    """
    from tm_lakehouse.settings import Settings

    target.activate()
    settings = Settings.from_environment()
    _check_enabled(settings)
    courses = sorted(set(course_id or ()))
    _check_known(settings, courses)
    if dry_run:
        _print_courses(settings, courses)
        typer.echo("dry run: nothing was started", err=True)
        return
    _run(settings, courses)


def _check_enabled(settings: Settings) -> None:
    if settings.glue_job_geometry:
        return
    environment = target.selected()
    raise LakehouseError(
        f"The geometry job is not enabled in {environment}.",
        f"Set geometry_job = {{}} in terraform/environments/{environment}/terraform.tfvars "
        f"and run `make apply ENV={environment}`.",
    )


def _check_known(settings: Settings, courses: Sequence[str]) -> None:
    """Refuse courses that Silver doesn't hold; a run over them would fail after a minute."""
    known = {str(course) for course, *_ in _query(settings, "SELECT DISTINCT course_id FROM {table}")}
    if missing := sorted(set(courses) - known):
        raise LakehouseError(
            f"Silver holds no fixes of {', '.join(missing)}.", "Check the course id, or bring the course to Silver."
        )


def _print_courses(settings: Settings, courses: Sequence[str]) -> None:
    from tm_lakehouse.cli.output import print_rows

    found = _query(
        settings,
        """
        SELECT course_id, count(*), count(longitude), count(DISTINCT section_number)
        FROM {table} GROUP BY course_id ORDER BY course_id
        """,
    )
    rows: list[tuple[str, int, int, int]] = [
        (course, int(str(fixes)), int(str(located)), int(str(sections)))
        for course, fixes, located, sections in found
        if course and (course in courses or not courses)
    ]
    print_rows(("course", "rows", "with position", "sections"), rows, "courses")


def _query(settings: Settings, statement: str) -> list[list[str | None]]:
    """Rows of a query over Silver's fixes."""
    import boto3

    from tm_lakehouse.athena import Athena
    from tm_lakehouse.tables.fact_telemetry_event import TABLE

    glue = boto3.client("glue")
    try:
        glue.get_table(DatabaseName=settings.db_silver, Name=TABLE.name)
    except glue.exceptions.EntityNotFoundException:
        raise LakehouseError(
            "Silver holds no fixes yet.", "Bring a delivery to Silver with `tm-lakehouse silver`."
        ) from None
    return Athena(settings.athena_workgroup, settings.db_silver).query(statement.format(table=TABLE.name)).rows


def _run(settings: Settings, courses: Sequence[str]) -> None:
    from tm_lakehouse.cli.following import follow
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.glue_run import ERROR_LOG, GlueRun

    run = GlueRun.start(settings.glue_job_geometry, {"--course-ids": ",".join(courses)} if courses else {})
    typer.echo(f"run {run.run_id} of {run.job}", err=True)
    with stage(f"geometry of {len(courses) or 'all'} course{'' if len(courses) == 1 else 's'}") as progress:
        finished = follow(run, progress.update)
    typer.echo(f"{finished.state} in {finished.execution_seconds} s, {finished.dpu_seconds:.0f} DPU seconds", err=True)
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"The run ended as {finished.state}: {finished.message or 'no message'}",
            f"Its log is {ERROR_LOG}, stream {run.run_id}. Correct the cause and run it again: it is repeatable.",
        )
