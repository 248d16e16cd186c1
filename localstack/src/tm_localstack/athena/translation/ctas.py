"""CREATE TABLE AS: only the WITH clause changes, the query is passed on byte for byte."""

from tm_localstack.athena.translation.cursor import Cursor, Name, literal
from tm_localstack.athena.translation.iceberg import check_properties, codec_session, with_clause
from tm_localstack.athena.translation.options import Options, hive_options
from tm_localstack.athena.translation.plan import (
    CheckEmptyLocation,
    CheckIcebergColumns,
    Context,
    NoteFiles,
    RefusedError,
    Step,
    TrinoSql,
)

ENFORCED_LOCATION = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' property to an "
    "Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
    "'external_location' property and resubmit the query."
)


def translate(cursor: Cursor, context: Context) -> list[Step]:
    """Steps of a CREATE TABLE .. AS, read from behind CREATE."""
    cursor.expect("TABLE")
    exists = "IF NOT EXISTS " if cursor.accept("IF", "NOT", "EXISTS") else ""
    name = cursor.name().within(context.database)
    comment = f"COMMENT {literal(cursor.string())} " if cursor.accept("COMMENT") else ""
    options = Options(cursor.group() if cursor.accept("WITH") else None)
    cursor.expect("AS")
    query, without_data = cursor.source(), without_data_clause(cursor).source()
    head = f"CREATE TABLE {exists}"
    if (options.text("table_type", "HIVE") or "").upper() == "ICEBERG":
        clause, session = _iceberg_clause(options, context)
        return [
            CheckIcebergColumns(without_data),
            TrinoSql(f"{head}{name.sql} {comment}{clause} AS {query}", gives_rows=False, session=session),
        ]
    return _files_steps(f"{head}{_in_hive(name)} {comment}", query, options, context)


def is_create_table_as(cursor: Cursor) -> bool:
    """Whether a CREATE TABLE, read from behind CREATE, has a query instead of columns."""
    if not cursor.accept("TABLE"):
        return False
    cursor.accept("IF", "NOT", "EXISTS")
    cursor.name()
    if cursor.accept("COMMENT"):
        cursor.string()
    return cursor.sees("WITH") or cursor.sees("AS")


def _iceberg_clause(options: Options, context: Context) -> tuple[str, tuple[tuple[str, str], ...]]:
    if (options.text("is_external", "true") or "").lower() != "false":
        raise RefusedError("INVALID_TABLE_PROPERTY: An Iceberg table needs the property is_external = false")
    partitions = options.texts("partitioning")
    location = options.text("location") or _default_location(context)
    properties = check_properties(options.rest())
    return with_clause(location, partitions, properties), codec_session(properties)


def _files_steps(head: str, query: str, options: Options, context: Context) -> list[Step]:
    options.text("is_external")
    location = options.text("external_location")
    if location and context.enforces_output:
        raise RefusedError(ENFORCED_LOCATION)
    location = location or _default_location(context)
    written, session = hive_options(options, location)
    options.refuse_rest()
    sql = f"{head}WITH ({', '.join(written)}) AS {query}"
    written_by = TrinoSql(sql, gives_rows=False, session=session)
    return [CheckEmptyLocation(location), written_by, NoteFiles(location)]


def _default_location(context: Context) -> str:
    return f"{context.output_prefix.rstrip('/')}/tables/{context.query_id}/"


def _in_hive(name: Name) -> str:
    return Name(name.table, name.database, "hive").sql


def without_data_clause(cursor: Cursor) -> Cursor:
    """What is left of a query, without its WITH [NO] DATA."""
    for words in (("WITH", "NO", "DATA"), ("WITH", "DATA")):
        if cursor.ends_with(*words):
            return cursor.without_last(len(words))
    return cursor
