"""Steps that change databases, tables and views of the Glue catalog."""

from collections.abc import Set
from typing import Any

from tm_localstack.athena.errors import StatementFailedError, ddl_failure, refusal
from tm_localstack.athena.glue_tables import Table, is_iceberg, is_view
from tm_localstack.athena.steps import iceberg_commit
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Name
from tm_localstack.athena.translation.iceberg import KEPT_PROPERTIES, table_options


def create_database(context: StepContext, step: plan.CreateDatabase) -> None:
    if step.if_not_exists and context.glue.has_database(step.name):
        return
    database: dict[str, Any] = {"Name": step.name, "Parameters": step.properties}
    if step.location:
        database["LocationUri"] = step.location
    if step.comment:
        database["Description"] = step.comment
    context.glue.call("create_database", DatabaseInput=database)


def drop_database(context: StepContext, step: plan.DropDatabase) -> None:
    if not context.glue.has_database(step.name):
        if step.if_exists:
            return
        raise StatementFailedError(
            ddl_failure(f"FAILED: SemanticException [Error 10072]: Database does not exist: {step.name}")
        )
    tables = [Name(table["Name"], step.name) for table in context.glue.tables(step.name)]
    if tables and not step.cascade:
        reason = f"InvalidOperationException(message:Database {step.name} is not empty. One or more tables exist.)"
        raise StatementFailedError(ddl_failure(f"FAILED: Execution Error, return code 1 from DDLTask. {reason}"))
    for table in tables:
        drop_table(context, plan.DropTable(table, if_exists=True))
    context.glue.call("delete_database", Name=step.name)


def set_database_properties(context: StepContext, step: plan.SetDatabaseProperties) -> None:
    database = context.glue.call("get_database", Name=step.name)["Database"]
    edited = {key: database[key] for key in ("Name", "Description", "LocationUri") if key in database}
    edited["Parameters"] = database.get("Parameters", {}) | step.properties
    context.glue.call("update_database", Name=step.name, DatabaseInput=edited)


def create_glue_table(context: StepContext, step: plan.CreateGlueTable) -> None:
    if step.if_not_exists and context.glue.find(step.name):
        return
    context.glue.call("create_table", DatabaseName=step.name.database, TableInput=step.table_input)


def drop_table(context: StepContext, step: plan.DropTable) -> None:
    """Drop a table: an Iceberg table with its files, of others only the entry."""
    table = context.glue.find(step.name)
    if table is None and step.if_exists:
        return
    if table is None:
        context.glue.table(step.name)
    elif is_view(table):
        context.execute(f"DROP VIEW {step.name.sql}")
    elif is_iceberg(table):
        context.execute(f"DROP TABLE {step.name.sql}")
    else:
        context.glue.call("delete_table", DatabaseName=step.name.database, Name=step.name.table)


def rename_table(context: StepContext, step: plan.RenameTable) -> None:
    if not is_iceberg(context.glue.table(step.name)):
        raise StatementFailedError(refusal("NOT_SUPPORTED: Only Iceberg tables can be renamed"))
    context.execute(f"ALTER TABLE {step.name.sql} RENAME TO {step.to.sql}")


def set_location(context: StepContext, step: plan.SetLocation) -> None:
    def edit(table: Table) -> None:
        table["StorageDescriptor"]["Location"] = step.location

    refuse_iceberg(context, step.name, "SET LOCATION")
    context.glue.change(step.name, edit)


def set_properties(context: StepContext, step: plan.SetTableProperties) -> None:
    """Set properties: of an Iceberg table in its own metadata, of others in their entry."""
    if is_iceberg(context.glue.table(step.name)):
        options = ", ".join(table_options(step.properties))
        context.execute(f"ALTER TABLE {step.name.sql} SET PROPERTIES {options}")
        _forget_in_entry(context, step.name, step.properties.keys())
    else:
        context.glue.change(step.name, lambda table: table.setdefault("Parameters", {}).update(step.properties))


def _forget_in_entry(context: StepContext, name: Name, keys: Set[str]) -> None:
    """Take keys out of the catalog's entry of an Iceberg table, where they would win over its metadata."""

    def edit(table: Table) -> None:
        for key in keys & KEPT_PROPERTIES:
            table.get("Parameters", {}).pop(key, None)

    if keys & KEPT_PROPERTIES & context.glue.table(name).get("Parameters", {}).keys():
        context.glue.change(name, edit)


def unset_properties(context: StepContext, step: plan.UnsetTableProperties) -> None:
    def edit(table: Table) -> None:
        for key in step.keys:
            table.get("Parameters", {}).pop(key, None)

    if is_iceberg(context.glue.table(step.name)):
        iceberg_commit.remove_properties(context, step.name, step.keys)
    context.glue.change(step.name, edit)


def refuse_iceberg(context: StepContext, name: Name, what: str) -> None:
    """
    Raises:
        StatementFailedError: the table is one of Iceberg.
    """
    if is_iceberg(context.glue.table(name)):
        raise StatementFailedError(refusal(f"NOT_SUPPORTED: {what} is not supported for Iceberg tables"))
