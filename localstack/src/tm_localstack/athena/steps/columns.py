"""Steps that change a table's columns: of Iceberg tables through Trino, of others in their entry."""

from collections.abc import Callable
from typing import Any

from tm_localstack.athena.errors import StatementFailedError, ddl_failure
from tm_localstack.athena.glue_tables import Table, columns_of, is_iceberg
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.create_table import glue_column
from tm_localstack.athena.translation.cursor import Name, literal, quoted
from tm_localstack.athena.translation.iceberg import check_columns
from tm_localstack.athena.translation.plan import Column


def add_columns(context: StepContext, step: plan.AddColumns) -> None:
    if is_iceberg(context.glue.table(step.name)):
        check_columns(step.columns)
        for column in step.columns:
            _add_to_iceberg(context, step.name, column)
        return
    context.glue.change(step.name, lambda table: columns_of(table).extend(map(glue_column, step.columns)))


def drop_column(context: StepContext, step: plan.DropColumn) -> None:
    if not is_iceberg(context.glue.table(step.name)):
        raise StatementFailedError(ddl_failure("FAILED: ParseException DROP COLUMN is only for Iceberg tables"))
    context.execute(f"ALTER TABLE {step.name.sql} DROP COLUMN {quoted(step.column)}")


def replace_columns(context: StepContext, step: plan.ReplaceColumns) -> None:
    """Make the table's columns those of the statement; an Iceberg table keeps the data of those that stay."""
    table = context.glue.table(step.name)
    if not is_iceberg(table):
        context.glue.change(step.name, _set_columns([glue_column(column) for column in step.columns]))
        return
    check_columns(step.columns)
    present = {column["Name"]: column["Type"] for column in columns_of(table)}
    wanted = {column.name for column in step.columns}
    for column in step.columns:
        if column.name not in present:
            _add_to_iceberg(context, step.name, column)
        elif present[column.name] != column.type.hive:
            _set_type(context, step.name, column)
    for name in present.keys() - wanted:
        context.execute(f"ALTER TABLE {step.name.sql} DROP COLUMN {quoted(name)}")


def change_column(context: StepContext, step: plan.ChangeColumn) -> None:
    """Rename a column, change its type or its comment."""
    table = context.glue.table(step.name)
    position = _position(table, step.column)
    if is_iceberg(table):
        _change_iceberg(context, step, columns_of(table)[position])
        return

    def edit(edited: Table) -> None:
        columns = columns_of(edited)
        columns[position] = glue_column(step.to)
        if step.after is not None:
            moved = columns.pop(position)
            columns.insert(_position(edited, step.after) + 1 if step.after else 0, moved)

    context.glue.change(step.name, edit)


def _change_iceberg(context: StepContext, step: plan.ChangeColumn, present: dict[str, str]) -> None:
    if step.after is not None:
        raise plan.NotCarriedOutError("ALTER TABLE .. CHANGE COLUMN with FIRST or AFTER of an Iceberg table")
    check_columns([step.to])
    if step.to.name != step.column:
        context.execute(f"ALTER TABLE {step.name.sql} RENAME COLUMN {quoted(step.column)} TO {quoted(step.to.name)}")
    if present["Type"] != step.to.type.hive:
        _set_type(context, step.name, step.to)
    if step.to.comment is not None:
        context.execute(f"COMMENT ON COLUMN {step.name.sql}.{quoted(step.to.name)} IS {literal(step.to.comment)}")


def _add_to_iceberg(context: StepContext, name: Name, column: Column) -> None:
    comment = f" COMMENT {literal(column.comment)}" if column.comment else ""
    context.execute(f"ALTER TABLE {name.sql} ADD COLUMN {quoted(column.name)} {column.type.trino}{comment}")


def _set_type(context: StepContext, name: Name, column: Column) -> None:
    context.execute(f"ALTER TABLE {name.sql} ALTER COLUMN {quoted(column.name)} SET DATA TYPE {column.type.trino}")


def _position(table: Table, column: str) -> int:
    names = [present["Name"].lower() for present in columns_of(table)]
    if column not in names:
        reason = f"FAILED: SemanticException [Error 10002]: Invalid column reference {column}"
        raise StatementFailedError(ddl_failure(reason))
    return names.index(column)


def _set_columns(columns: list[dict[str, Any]]) -> Callable[[Table], None]:
    def edit(table: Table) -> None:
        table["StorageDescriptor"]["Columns"] = columns

    return edit
