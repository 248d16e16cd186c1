"""SHOW and DESCRIBE, answered from the Glue catalog."""

import fnmatch
import re

from tm_localstack.athena.errors import StatementFailedError, ddl_failure
from tm_localstack.athena.glue_tables import Table, columns_of, is_iceberg, is_view, partition_keys
from tm_localstack.athena.steps import create_text, describe_text
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.steps.maintenance import iceberg_properties
from tm_localstack.athena.translation import plan
from tm_localstack.athena.view_entries import definition_of

_COLUMN_WIDTH = 20


def show_databases(context: StepContext, step: plan.ShowDatabases) -> None:
    names = sorted(database["Name"] for database in context.glue.all_of("get_databases", "DatabaseList"))
    context.answer(["database_name"], [[name] for name in names if _matches(name, step.pattern)])


def show_tables(context: StepContext, step: plan.ShowTables) -> None:
    tables = context.glue.tables(step.database)
    names = sorted(table["Name"] for table in tables if is_view(table) or not step.only_views)
    column = "views" if step.only_views else "tab_name"
    context.answer([column], [[name] for name in names if _matches(name, step.pattern)])


def show_columns(context: StepContext, step: plan.ShowColumns) -> None:
    table = context.glue.table(step.name)
    context.answer(
        ["field"], [[column["Name"].ljust(_COLUMN_WIDTH)] for column in columns_of(table) + partition_keys(table)]
    )


def show_partitions(context: StepContext, step: plan.ShowPartitions) -> None:
    context.glue.table_with_partitions(step.name)
    context.answer(["partition"], [[name] for name in context.glue.partition_names(step.name)])


def show_properties(context: StepContext, step: plan.ShowTableProperties) -> None:
    table = context.glue.table(step.name)
    properties = dict(table.get("Parameters", {}))
    if is_iceberg(table):
        properties |= iceberg_properties(context, step.name)
        properties = {key: value for key, value in properties.items() if not _is_engines_own(key)}
    if step.key is not None:
        value = properties.get(step.key)
        missing = f"Table {step.name.database}.{step.name.table} does not have property: {step.key}"
        context.answer(["prpt_name", "prpt_value"], [[missing if value is None else value]])
        return
    context.answer(["prpt_name", "prpt_value"], [[f"{key}\t{value}"] for key, value in sorted(properties.items())])


def show_create(context: StepContext, step: plan.ShowCreate) -> None:
    table = context.glue.table(step.name)
    if step.of_view:
        if definition_of(table) is None:
            raise StatementFailedError(
                ddl_failure(f"FAILED: SemanticException {step.name.table} is not an Athena view")
            )
        lines = create_text.view(step.name, context.rows_of(f"SHOW CREATE VIEW {step.name.sql}")[0][0])
        context.answer(["Create View"], [[line] for line in lines])
        return
    if is_iceberg(table):
        partitions = create_text.partition_fields(context.rows_of(f"SHOW CREATE TABLE {step.name.sql}")[0][0])
        properties = iceberg_properties(context, step.name)
        lines = create_text.iceberg_table(step.name, table, partitions, properties)
    else:
        lines = create_text.external_table(step.name, table)
    context.answer(["createtab_stmt"], [[line] for line in lines])


def describe(context: StepContext, step: plan.Describe) -> None:
    """Columns, then what the table is partitioned by, as Athena writes it for tables of Iceberg and of files."""
    table = context.glue.table(step.name)
    if is_iceberg(table):
        statement = context.rows_of(f"SHOW CREATE TABLE {step.name.sql}")[0][0]
        lines = describe_text.iceberg_table(table, create_text.partitioning(statement))
    else:
        lines = describe_text.table_of_files(table)
    if step.full:
        lines += [describe_text.BLANK, "# Detailed Table Information\t \t "]
        lines += [describe_text.padded(name, value, "") for name, value in _details(table)]
    context.answer(["col_name", "data_type", "comment"], [[line] for line in lines])


def _is_engines_own(key: str) -> bool:
    return key.startswith("trino_") or key in ("provider", "current-snapshot-id", "commit.retry.num-retries")


def _details(table: Table) -> list[tuple[str, str]]:
    descriptor = table.get("StorageDescriptor", {})
    details = [
        ("Database:", table["DatabaseName"]),
        ("Location:", descriptor.get("Location", "")),
        ("Table Type:", table.get("TableType", "")),
        ("InputFormat:", descriptor.get("InputFormat", "")),
        ("SerDe Library:", descriptor.get("SerdeInfo", {}).get("SerializationLibrary", "")),
    ]
    return details + [(key, value) for key, value in sorted(table.get("Parameters", {}).items())]


def _matches(name: str, pattern: str | None) -> bool:
    """Whether a name fits Hive's pattern: `*` for any text, `|` between alternatives; also a regular expression."""
    if pattern is None:
        return True
    alternatives = pattern.lower().split("|")
    if any(fnmatch.fnmatchcase(name, alternative) for alternative in alternatives):
        return True
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:
        return False
