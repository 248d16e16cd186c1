"""Carries out a translated statement, step by step."""

from collections.abc import Callable
from typing import Any

from tm_localstack.athena.errors import SYSTEM, Failure, StatementFailedError, refusal
from tm_localstack.athena.steps import catalog, columns, maintenance, optimize, partitions, queries, show
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import SqlSyntaxError
from tm_localstack.athena.translation.plan import Step

NOT_CARRIED_OUT = 100

_HANDLERS: dict[type[Step], Callable[[StepContext, Any], None]] = {
    plan.TrinoSql: queries.run_sql,
    plan.CheckIcebergColumns: queries.check_iceberg_columns,
    plan.CheckEmptyLocation: queries.check_empty_location,
    plan.NoteFiles: queries.note_files,
    plan.CreateDatabase: catalog.create_database,
    plan.DropDatabase: catalog.drop_database,
    plan.SetDatabaseProperties: catalog.set_database_properties,
    plan.CreateGlueTable: catalog.create_glue_table,
    plan.DropTable: catalog.drop_table,
    plan.RenameTable: catalog.rename_table,
    plan.SetLocation: catalog.set_location,
    plan.SetTableProperties: catalog.set_properties,
    plan.UnsetTableProperties: catalog.unset_properties,
    plan.AddPartitions: partitions.add_partitions,
    plan.DropPartitions: partitions.drop_partitions,
    plan.SetPartitionLocation: partitions.set_partition_location,
    plan.RenamePartition: partitions.rename_partition,
    plan.RepairTable: partitions.repair_table,
    plan.AddColumns: columns.add_columns,
    plan.ReplaceColumns: columns.replace_columns,
    plan.ChangeColumn: columns.change_column,
    plan.DropColumn: columns.drop_column,
    plan.Vacuum: maintenance.vacuum,
    plan.Optimize: optimize.optimize,
    plan.PrepareStatement: maintenance.prepare,
    plan.DeallocateStatement: maintenance.deallocate,
    plan.Describe: show.describe,
    plan.ShowColumns: show.show_columns,
    plan.ShowPartitions: show.show_partitions,
    plan.ShowTableProperties: show.show_properties,
    plan.ShowCreate: show.show_create,
    plan.ShowDatabases: show.show_databases,
    plan.ShowTables: show.show_tables,
}


def carry_out(context: StepContext) -> None:
    """Translate the execution's statement and carry out its steps in order.

    Raises:
        StatementFailedError: a step failed, or the statement is refused.
        QueryCancelledError: the query was cancelled.
    """
    request = context.execution.request
    try:
        for step in request.statement.translate(context.execution.context):
            context.execution.raise_if_cancelled()
            _HANDLERS[type(step)](context, plan.with_parameters(step, request.parameters))
    except plan.RefusedError as error:
        raise StatementFailedError(refusal(str(error))) from error
    except SqlSyntaxError as error:
        raise StatementFailedError(refusal(f"SYNTAX_ERROR: {error}")) from error
    except plan.NotCarriedOutError as error:
        reason = f"NOT_SUPPORTED: {error} is not carried out by this emulator"
        raise StatementFailedError(Failure(reason, SYSTEM, NOT_CARRIED_OUT)) from error
