"""`tm-lakehouse publish`, `publications` and `rollback`: which version of Gold readers see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.gold_publication.gold import Gold
    from tm_lakehouse.gold_publication.records import Record
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change for readers; change nothing.")]


@app.command()
def publish(
    run: Annotated[str | None, typer.Argument(help="A whole run of `gold` that succeeded.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what stopped between two tables.")] = False,
) -> None:
    """Show readers what a run has built and tested. `gold` does so by itself, unless told --no-publish.

    Examples:

      tm-lakehouse publish 20250901T060000Z-1a2b3c4d

      tm-lakehouse publish --resume
    """
    if resume == (run is not None):
        raise LakehouseError("Name a run, or give --resume.", "`tm-lakehouse publications` lists the runs.")
    settings, gold = _gold()
    if run is None:
        if not finish_interrupted(gold):
            typer.echo("nothing was interrupted", err=True)
        return
    show_run(settings, gold, run)


@app.command()
def publications(
    limit: Annotated[int, typer.Option(min=1, help="Most publications and rollbacks to list, newest first.")] = 20,
) -> None:
    """What readers have seen: publications and rollbacks, newest first, and those that can be rolled back to."""
    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.gold_publication.plan import kept, newest

    _, gold = _gold()
    journal = gold.journal.read()
    last, can = newest(journal), {record.number for record in kept(journal)}
    rows = [
        (record.record_id, record.kind, record.status, _minute(record.finished_at or record.started_at),
         len(record.tables), sum(table.rows or 0 for table in record.tables), record.run_id or f"to {record.to}",
         "now" if record == last else "kept" if record.number in can else "", record.reason or "")
        for record in sorted(journal, key=lambda record: -record.number)[:limit]
    ]  # fmt: skip
    if rows:
        columns = ("number", "kind", "status", "at (UTC)", "tables", "rows", "run", "readers", "reason")
        print_rows(columns, rows, "publications")
    else:
        typer.echo("nothing has been published yet", err=True)


@app.command()
def rollback(
    tables: Annotated[
        list[str] | None, typer.Argument(help="Only these tables; their numbers may then not fit.")
    ] = None,
    to: Annotated[str, typer.Option(help="A publication's number, a snapshot's id, or a time (ISO, UTC).")] = "",
    every: Annotated[bool, typer.Option("--all", help="All tables together; the default.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the audit record.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Show readers an earlier publication again. The build is left alone: the next `gold` that succeeds publishes anew.

    Examples:

      tm-lakehouse rollback --to 12 --reason "wrong time zone of erinhills"

      tm-lakehouse rollback --to 2025-09-01T06:00 --dry-run
    """
    if not to:
        raise LakehouseError("Say what to go back to.", "`tm-lakehouse publications` lists what there is: `--to 12`.")
    if tables and every:
        raise LakehouseError("Name tables, or give --all, not both.", "Without either all tables go back together.")
    from tm_lakehouse.gold_publication.rollback import plan_rollback, roll_back

    _, gold = _gold()
    if not dry_run:
        finish_interrupted(gold)
    planned = plan_rollback(gold, to, tables or (), reason)
    _print_changes(gold, planned)
    document.add({"to": planned.to, "is_dry_run": dry_run})
    if dry_run:
        typer.echo("dry run: nothing was changed", err=True)
        return
    done = roll_back(gold, planned)
    typer.echo(
        f"rollback {done.record_id}: readers see publication {done.to}; the next `gold` publishes anew", err=True
    )


def finish_interrupted(gold: Gold) -> bool:
    """Finish a publication or rollback that stopped between two tables; whether there was one."""
    from tm_lakehouse.gold_publication.move import resume

    done = resume(gold)
    if done:
        typer.echo(f"{done.kind} {done.record_id} had been interrupted and is finished now", err=True)
    return done is not None


def show_run(settings: Settings, gold: Gold, run_id: str) -> None:
    """Publish a run, and say what readers see."""
    import boto3

    from tm_lakehouse.gold_publication.gate import publish_run

    with stage("publish"):
        record = publish_run(gold, boto3.client("s3"), settings.bucket_observability, run_id)
    rows = sum(table.rows or 0 for table in record.tables)
    document.add({"publication": record.record_id, "tables": len(record.tables), "rows": rows})
    typer.echo(f"publication {record.record_id}: readers see {len(record.tables)} tables, {rows:,} rows", err=True)
    for name in record.not_built:
        typer.echo(f"{name} is no model any more; readers keep what was published of it last", err=True)


def _print_changes(gold: Gold, planned: Record) -> None:
    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.gold_publication.plan import differences, newest

    last = newest(gold.journal.read())
    now = {table.name: table for table in last.tables} if last else {}
    then = {table.name: table for table in planned.tables}
    changes = differences({name: table.publication_id for name, table in now.items()}, planned.tables)
    rows = [
        (name, before, after, now[name].rows if name in now else None, then[name].rows)
        for name, before, after in changes
    ]
    if rows:
        print_rows(("table", "publication now", "publication then", "rows now", "rows then"), rows, "changes")
    else:
        typer.echo("readers see that already", err=True)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _gold() -> tuple[Settings, Gold]:
    target.activate()
    from tm_lakehouse.gold_publication.gold import Gold
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    return settings, Gold.of(settings)
