"""`tm-lakehouse erase`: a round or a device leaves the tables for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tm_lakehouse.erasure.plan import ErasurePlan
    from tm_lakehouse.erasure.record import ErasureRecord
    from tm_lakehouse.erasure.traces import Trace
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)
_STRAYS_SHOWN = 5


@app.command()
def erase(
    round_id: Annotated[str | None, typer.Option("--round", help="The round's id, as Silver has it.")] = None,
    course_id: Annotated[str | None, typer.Option(help="The round's course, where several have its id.")] = None,
    device: Annotated[str | None, typer.Option(help="The device's id: its rows on all courses go.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the erasure's record.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what holds it; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Remove a round or a device from Silver and Gold for good: rows, old snapshots, data files, their versions in S3.

    LANDED FILES STAY AS THEY ARE: running a delivery again that holds the round BRINGS IT BACK. The files and
    quarantined lines that hold it are listed, with what to do. Aggregates are corrected by the next
    `tm-lakehouse gold`. Exit 1 if nothing holds it, or anything is left.

    Examples:

      tm-lakehouse erase --round 65f0a1b2c3d4e5f601234567 --dry-run

      tm-lakehouse erase --device 1234 --reason "request 42" --yes
    """
    from tm_lakehouse.erasure.subject import subject_of

    subject = subject_of(round_id, device, course_id)
    target.activate()
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.erasure.carry_out import carry_out
    from tm_lakehouse.erasure.plan import find
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    if not settings.glue_job_maintenance:
        raise LakehouseError("TM_GLUE_JOB_MAINTENANCE is not set.", "Run `make apply`; Terraform makes the job.")
    with stage(f"looking for {subject}") as progress:
        plan = find(settings, subject, progress.update)
    _print_plan(plan)
    if dry_run:
        _tell(after_steps(settings, plan))
        typer.echo("dry run: nothing was changed", err=True)
        return
    _confirm(plan, yes=yes)
    with stage(f"erasing {plan.subject}") as progress:
        record = carry_out(settings, plan, reason, progress.update)
    _print_record(settings, plan, record)


def after_steps(settings: Settings, plan: ErasurePlan) -> list[str]:
    """What is left for people to do, a line each, in the order in which it is to be done."""
    steps = [f"{each.erasure_id} of {each.subject} was interrupted: run it again" for each in plan.others_interrupted]
    steps += _landing_steps(settings, plan)
    if plan.quarantine:
        uris = sorted({each.uri for each in plan.quarantine})
        steps += [
            f"QUARANTINE: {_counted(len(uris), 'file')} still hold it and are dropped after the quarantine's time; to "
            "drop them now, with their other lines: " + _removal(plan.quarantine)
        ]
    if plan.strays:
        shown = ", ".join(plan.strays[:_STRAYS_SHOWN])
        steps.append(f"STRAY FILES: {len(plan.strays):,} data files of Gold belong to no table, look at them: {shown}")
    return [
        *steps,
        "run `tm-lakehouse gold`: courses' and devices' aggregates still count it (`geometry` too, if used)",
    ]


def _landing_steps(settings: Settings, plan: ErasurePlan) -> list[str]:
    if not plan.landing:
        return []
    folders = sorted({each.uri.rpartition("/")[0] for each in plan.landing if each.is_current})
    dates = [folder.partition(f"s3://{settings.bucket_landing}/")[2].split("/") for folder in folders]
    files = len({each.uri for each in plan.landing if each.is_current})
    steps = []
    if files:
        steps.append(
            f"LANDED FILES: {_counted(files, 'file')} still hold it, and running "
            f"{_counted(len(folders), 'delivery', 'deliveries')} again BRINGS IT BACK. For each: make a copy "
            "without its records (`aws s3 cp URI FILE`), land it under the same name, and run the delivery"
        )
    for course, date in (parts[:2] for parts in dates):
        options = f"--course-id {course.partition('=')[2]} --ingest-date {date.partition('=')[2]}"
        steps.append(f"  tm-lakehouse land FILE {options} --replace && tm-lakehouse silver {options}")
    return [*steps, "then drop the versions that hold it: " + _removal(plan.landing)]


def _removal(traces: Sequence[Trace]) -> str:
    commands = []
    for each in traces:
        # Where a bucket keeps no versions, this id names whatever lies there by then.
        if each.version_id == "null":
            continue
        bucket, _, key = each.uri.removeprefix("s3://").partition("/")
        commands.append(f"\n  aws s3api delete-object --bucket {bucket} --key '{key}' --version-id {each.version_id}")
    return "".join(commands)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _print_plan(plan: ErasurePlan) -> None:
    from tm_lakehouse.cli.output import print_rows

    print_rows(("table", "rows"), [(each.table.full_name, each.rows) for each in plan.tables], "tables")
    traces = [("landing", each) for each in plan.landing] + [("quarantine", each) for each in plan.quarantine]
    rows = [
        (zone, each.uri, each.version_id, "current" if each.is_current else "earlier", each.records)
        for zone, each in traces
    ]
    if rows:
        print_rows(("still holds it", "object", "version", "state", "records"), rows, "landed_objects")
    if plan.earlier:
        typer.echo(f"erasure {plan.erasure_id} was interrupted; it goes on", err=True)


def _confirm(plan: ErasurePlan, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise LakehouseError("Erasing needs a yes.", "Add --yes, or run it in a terminal.")
    what = f"{plan.subject}: {_counted(plan.rows, 'row')} of {_counted(len(plan.tables), 'table')}, for good"
    if not typer.confirm(f"Erase {what}?", err=True):
        raise LakehouseError("Nothing was erased.", "Run it again and say yes, or add --yes.")


def _print_record(settings: Settings, plan: ErasurePlan, record: ErasureRecord) -> None:
    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.erasure.record import record_uri

    rows = [(name, rows, record.snapshots_expired.get(name, 0)) for name, rows in record.rows.items()]
    print_rows(("erased from", "rows", "snapshots expired"), rows, "erased")
    typer.echo(f"{record.object_versions_removed:,} earlier versions of data files removed from S3", err=True)
    typer.echo(f"record: {record_uri(settings.bucket_observability, record.erasure_id)}", err=True)
    _tell(after_steps(settings, plan))


def _tell(steps: Sequence[str]) -> None:
    for step in steps:
        typer.echo(f"to do: {step}" if not step.startswith(" ") else step, err=True)
