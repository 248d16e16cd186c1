"""OPTIMIZE and VACUUM, by the table's own properties, and prepared statements."""

from tm_localstack.athena import guards
from tm_localstack.athena.errors import StatementFailedError, refusal
from tm_localstack.athena.glue_tables import is_iceberg
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Name, quoted

# Athena's defaults: five days, and files under three quarters of 512 MiB.
DEFAULT_SNAPSHOT_SECONDS = 432_000
DEFAULT_SMALL_FILE_BYTES = 402_653_184


def optimize(context: StepContext, step: plan.Optimize) -> None:
    """Rewrite small files into larger ones."""
    properties = iceberg_properties(context, step.name)
    threshold = int(properties.get("optimize_rewrite_min_data_file_size_bytes", DEFAULT_SMALL_FILE_BYTES))
    context.execute(
        f"ALTER TABLE {step.name.sql} EXECUTE optimize(file_size_threshold => '{threshold}B') {step.where}".rstrip()
    )


def vacuum(context: StepContext, step: plan.Vacuum) -> None:
    """Expire snapshots older than the table allows, and remove orphan files as old.

    How many snapshots stay at least is a property that Iceberg itself obeys.
    """
    properties = iceberg_properties(context, step.name)
    age = int(properties.get("vacuum_max_snapshot_age_seconds", DEFAULT_SNAPSHOT_SECONDS))
    context.execute(f"ALTER TABLE {step.name.sql} EXECUTE expire_snapshots(retention_threshold => '{age}s')")
    context.execute(f"ALTER TABLE {step.name.sql} EXECUTE remove_orphan_files(retention_threshold => '{age}s')")


def iceberg_properties(context: StepContext, name: Name) -> dict[str, str]:
    """The properties in an Iceberg table's own metadata.

    Raises:
        StatementFailedError: there is no such table, or it is no Iceberg table.
    """
    if not is_iceberg(context.glue.table(name)):
        raise StatementFailedError(refusal("NOT_SUPPORTED: This statement is only supported for Iceberg tables"))
    rows = context.rows_of(f"SELECT key, value FROM {metadata_table(name, 'properties')}")
    return dict(rows)


def metadata_table(name: Name, kind: str) -> str:
    """The SQL name of a metadata table, such as `"db"."t$snapshots"`."""
    return f"{quoted(name.database or '')}.{quoted(f'{name.table}${kind}')}"


def prepare(context: StepContext, step: plan.PrepareStatement) -> None:
    """Keep a query; one that Athena would not run is refused now."""
    try:
        guards.accept(step.query)
    except guards.QueryRefusedError as error:
        raise StatementFailedError(refusal(f"SYNTAX_ERROR: {error}")) from error
    context.prepared.put(step.name, step.query)


def deallocate(context: StepContext, step: plan.DeallocateStatement) -> None:
    if not context.prepared.remove(step.name):
        raise StatementFailedError(refusal(f"NOT_FOUND: Prepared statement not found: {step.name}"))
