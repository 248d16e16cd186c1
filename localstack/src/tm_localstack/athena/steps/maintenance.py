"""VACUUM, by the table's own properties, and prepared statements."""

from tm_localstack.athena import guards
from tm_localstack.athena.errors import StatementFailedError, refusal
from tm_localstack.athena.glue_tables import is_iceberg
from tm_localstack.athena.s3_locations import split_location
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Name, quoted
from tm_localstack.athena.translation.iceberg import KEPT_PROPERTIES, obeyed_by_iceberg, property_map

# Athena's default: five days.
DEFAULT_SNAPSHOT_SECONDS = 432_000


def vacuum(context: StepContext, step: plan.Vacuum) -> None:
    """Expire snapshots older than the table allows, and remove orphan files as old.

    How many snapshots and metadata files stay are properties that Iceberg itself obeys.
    """
    properties = iceberg_properties(context, step.name)
    location = context.glue.table(step.name).get("StorageDescriptor", {}).get("Location", "")
    if not split_location(location)[1].strip("/"):
        reason = f"GENERIC_INTERNAL_ERROR: Path missing in file system location: {location}"
        raise StatementFailedError(refusal(reason))
    if missing := obeyed_by_iceberg(properties).items() - properties.items():
        context.execute(f"ALTER TABLE {step.name.sql} SET PROPERTIES extra_properties = {property_map(dict(missing))}")
    age = int(properties.get("vacuum_max_snapshot_age_seconds", DEFAULT_SNAPSHOT_SECONDS))
    context.execute(f"ALTER TABLE {step.name.sql} EXECUTE expire_snapshots(retention_threshold => '{age}s')")
    context.execute(f"ALTER TABLE {step.name.sql} EXECUTE remove_orphan_files(retention_threshold => '{age}s')")


def iceberg_properties(context: StepContext, name: Name) -> dict[str, str]:
    """The properties in an Iceberg table's own metadata, and Athena's where the catalog's entry has them.

    Raises:
        StatementFailedError: there is no such table, or it is no Iceberg table.
    """
    table = context.glue.table(name)
    if not is_iceberg(table):
        raise StatementFailedError(refusal("NOT_SUPPORTED: This statement is only supported for Iceberg tables"))
    rows = context.rows_of(f"SELECT key, value FROM {metadata_table(name, 'properties')}")
    in_entry = {key: value for key, value in table.get("Parameters", {}).items() if key in KEPT_PROPERTIES}
    return dict(rows) | in_entry


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
