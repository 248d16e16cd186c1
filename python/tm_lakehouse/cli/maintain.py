"""`tm-lakehouse maintain`: keep the Iceberg tables in shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tm_lakehouse.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)

Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table", help="database.table; repeat it for several. Default: all of Silver, and all that Gold builds."
    ),
]
SnapshotsDays = Annotated[int, typer.Option(min=1, help="Days that old snapshots are kept.")]
OrphansDays = Annotated[int, typer.Option(min=1, help="Days that files are kept which no snapshot names.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")]


@app.callback()
def maintain() -> None:
    """Compact tables, forget old snapshots, remove orphan files: by Glue's optimizers, or by a run of our own."""


@app.command()
def enable(
    table: Tables = None, snapshots_days: SnapshotsDays = 7, orphans_days: OrphansDays = 3, dry_run: DryRun = False
) -> None:
    """Let Glue's table optimizers keep the tables, from now on. Again after a table was made anew."""
    settings = _settings()
    import boto3

    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.maintenance.optimizers import KINDS, Retention, configuration, find
    from tm_lakehouse.maintenance.optimizers import enable as enable_optimizer

    if not settings.table_optimizer_role:
        raise LakehouseError("TM_TABLE_OPTIMIZER_ROLE is not set.", "Run `make apply`; Terraform makes the role.")
    tables = _tables(settings, table or ())
    _check_orphans_outlive_runs(settings, orphans_days * 24)
    glue, rows = boto3.client("glue"), []
    for database, name in tables:
        location = glue.get_table(DatabaseName=database, Name=name)["Table"]["StorageDescriptor"]["Location"]
        for kind in KINDS:
            wanted = configuration(
                kind, settings.table_optimizer_role, location, Retention(snapshots_days, orphans_days)
            )
            if dry_run:
                done = "would be kept" if find(glue, database, name, kind) else "would be made"
            else:
                done = enable_optimizer(glue, database, name, kind, wanted)
            rows.append((f"{database}.{name}", kind, done))
    print_rows(("table", "optimizer", "state"), rows, "optimizers")


@app.command()
def status(table: Tables = None) -> None:
    """Which optimizers keep the tables, and how their last run ended."""
    settings = _settings()
    import boto3

    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.maintenance.optimizers import KINDS, find

    rows = []
    for database, name in _tables(settings, table or ()):
        for kind in KINDS:
            found = find(boto3.client("glue"), database, name, kind)
            state = "none" if found is None else "on" if found["configuration"].get("enabled") else "off"
            last = (found or {}).get("lastRun", {}).get("eventType", "never")
            rows.append((f"{database}.{name}", kind, state, last))
    print_rows(("table", "optimizer", "state", "last run"), rows, "optimizers")


@app.command()
def run(
    table: Tables = None, snapshots_days: SnapshotsDays = 7, orphans_days: OrphansDays = 3, dry_run: DryRun = False
) -> None:
    """Do the same by a Glue job of our own, now. Safe beside running writers and readers.

    Exit 1 unless the run succeeded.
    """
    settings = _settings()
    if not settings.glue_job_maintenance:
        raise LakehouseError("TM_GLUE_JOB_MAINTENANCE is not set.", "Run `make apply`; Terraform makes the job.")
    tables = [f"{database}.{name}" for database, name in _tables(settings, table or ())]
    _check_orphans_outlive_runs(settings, orphans_days * 24)
    if dry_run:
        _print_state(settings, tables)
        typer.echo("dry run: nothing was started", err=True)
        return
    _run(
        settings,
        tables,
        {"--keep-snapshots-hours": str(snapshots_days * 24), "--keep-orphans-hours": str(orphans_days * 24)},
    )


def _settings() -> Settings:
    target.activate()
    from tm_lakehouse.settings import Settings

    return Settings.from_environment()


def _tables(settings: Settings, asked: Sequence[str]) -> list[tuple[str, str]]:
    import boto3

    from tm_lakehouse.maintenance.choice import kept_tables

    if asked:
        parts = [name.partition(".") for name in asked]
        if wrong := [name for name, (_, _, table) in zip(asked, parts, strict=True) if not table]:
            raise LakehouseError(f"{wrong[0]!r} names no database.", "Give --table as database.table.")
        if published := [
            name for name, (database, _, _) in zip(asked, parts, strict=True) if database == settings.db_gold
        ]:
            raise LakehouseError(
                f"{published[0]} is what readers see: its files belong to the table that Gold builds.",
                f"Give --table {settings.db_gold_build}.{published[0].partition('.')[2]}.",
            )
        return [(database, table) for database, _, table in parts]
    kept = kept_tables(boto3.client("glue"), settings)
    if not kept:
        raise LakehouseError("Silver holds no table yet.", "Bring a delivery there with `tm-lakehouse silver`.")
    return kept


def _check_orphans_outlive_runs(settings: Settings, hours: int) -> None:
    import boto3

    from tm_lakehouse.maintenance.choice import check_orphans_outlive_runs

    check_orphans_outlive_runs(boto3.client("glue"), settings, hours)


def _print_state(settings: Settings, tables: Sequence[str]) -> None:
    from tm_lakehouse.athena import Athena
    from tm_lakehouse.cli.output import print_rows

    rows: list[tuple[str, int, int, int]] = []
    for each in tables:
        database, _, name = each.partition(".")
        athena = Athena(settings.athena_workgroup, database)
        files = athena.query(f'SELECT count(*), coalesce(sum(file_size_in_bytes), 0) FROM "{name}$files"').rows[0]
        snapshots = athena.query(f'SELECT count(*) FROM "{name}$snapshots"').rows[0]
        rows.append((each, int(str(files[0])), int(str(files[1])), int(str(snapshots[0]))))
    print_rows(("table", "files", "bytes", "snapshots"), rows, "tables")


def _run(settings: Settings, tables: Sequence[str], policy: dict[str, str]) -> None:
    from tm_lakehouse.cli.following import follow
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.glue_run import ERROR_LOG, GlueRun

    run = GlueRun.start(settings.glue_job_maintenance, {"--tables": ",".join(tables)} | policy)
    typer.echo(f"run {run.run_id} of {run.job}", err=True)
    with stage(f"maintenance of {len(tables)} table{'' if len(tables) == 1 else 's'}") as progress:
        finished = follow(run, progress.update)
    _print_reports(settings, run.run_id)
    typer.echo(f"{finished.state} in {finished.execution_seconds} s, {finished.dpu_seconds:.0f} DPU seconds", err=True)
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"The run ended as {finished.state}: {finished.message or 'no message'}",
            f"Its log is {ERROR_LOG}, stream {run.run_id}. Correct the cause and run it again: it is repeatable.",
        )


def _print_reports(settings: Settings, run_id: str) -> None:
    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.maintenance.reports import reports_of_run

    reports = reports_of_run(S3ObjectStore(), settings.bucket_observability, run_id)
    rows = [
        (each["table"], each["before"]["data_files"], each["after"]["data_files"], each["after"]["data_bytes"],
         each["snapshots_expired"], each["orphan_files_removed"])
        for each in reports
    ]  # fmt: skip
    if rows:
        columns = ("table", "files before", "files now", "bytes now", "snapshots expired", "orphans removed")
        print_rows(columns, rows, "tables")
