"""ALTER TABLE and ALTER DATABASE."""

from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.clauses import read_column, read_columns, read_partition, read_properties
from tm_localstack.athena.translation.cursor import Cursor, Name
from tm_localstack.athena.translation.plan import Context, Step


def translate(cursor: Cursor, context: Context) -> list[Step]:
    """Steps of an ALTER, read from behind that word."""
    if cursor.accept("DATABASE") or cursor.accept("SCHEMA"):
        name = cursor.identifier()
        cursor.expect("SET")
        cursor.expect("DBPROPERTIES")
        return [plan.SetDatabaseProperties(name, read_properties(cursor.group()))]
    cursor.expect("TABLE")
    name_of_table = cursor.name().within(context.database)
    return [_change(cursor, name_of_table, context)]


def _change(cursor: Cursor, name: Name, context: Context) -> Step:
    if cursor.accept("ADD"):
        return _add(cursor, name)
    if cursor.accept("REPLACE", "COLUMNS"):
        return plan.ReplaceColumns(name, read_columns(_last_group(cursor)))
    if cursor.accept("CHANGE"):
        return _change_column(cursor, name)
    if cursor.accept("DROP"):
        return _drop(cursor, name)
    if cursor.accept("RENAME", "TO"):
        to = cursor.name().within(name.database or context.database)
        cursor.expect_end()
        return plan.RenameTable(name, to)
    if cursor.sees("SET") or cursor.sees("UNSET"):
        return _set(cursor, name)
    if cursor.accept("PARTITION"):
        return _change_partition(cursor, name)
    raise cursor.error(expecting="ADD, CHANGE, DROP, PARTITION, RENAME, REPLACE, SET or UNSET")


def _change_partition(cursor: Cursor, name: Name) -> Step:
    values = read_partition(cursor.group())
    if cursor.accept("RENAME", "TO", "PARTITION"):
        return plan.RenamePartition(name, values, read_partition(_last_group(cursor)))
    cursor.expect("SET", "LOCATION")
    location = cursor.string()
    cursor.expect_end()
    return plan.SetPartitionLocation(name, values, location)


def _add(cursor: Cursor, name: Name) -> Step:
    if cursor.accept("COLUMNS"):
        return plan.AddColumns(name, read_columns(_last_group(cursor)))
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    partitions: list[tuple[dict[str, str], str | None]] = []
    while not partitions or not cursor.at_end:
        cursor.expect("PARTITION")
        values = read_partition(cursor.group())
        partitions.append((values, cursor.string() if cursor.accept("LOCATION") else None))
    return plan.AddPartitions(name, tuple(partitions), if_not_exists)


def _drop(cursor: Cursor, name: Name) -> Step:
    if cursor.accept("COLUMN"):
        column = cursor.identifier()
        cursor.expect_end()
        return plan.DropColumn(name, column)
    if_exists = cursor.accept("IF", "EXISTS")
    partitions: list[dict[str, str]] = []
    while not partitions or not cursor.at_end:
        cursor.expect("PARTITION")
        partitions.append(read_partition(cursor.group()))
        cursor.accept_symbol(",")
    return plan.DropPartitions(name, tuple(partitions), if_exists)


def _change_column(cursor: Cursor, name: Name) -> Step:
    cursor.accept("COLUMN")
    old = cursor.identifier()
    column = read_column(cursor, may_be_placed=True)
    after = None
    if cursor.accept("FIRST"):
        after = ""
    elif cursor.accept("AFTER"):
        after = cursor.identifier()
    cursor.expect_end()
    return plan.ChangeColumn(name, old, column, after)


def _set(cursor: Cursor, name: Name) -> Step:
    if cursor.accept("SET", "TBLPROPERTIES"):
        return plan.SetTableProperties(name, read_properties(_last_group(cursor)))
    if cursor.accept("UNSET", "TBLPROPERTIES"):
        return plan.UnsetTableProperties(name, tuple(item.string() for item in _last_group(cursor).items()))
    if cursor.accept("SET", "LOCATION"):
        location = cursor.string()
        cursor.expect_end()
        return plan.SetLocation(name, location)
    raise cursor.error(expecting="SET TBLPROPERTIES, UNSET TBLPROPERTIES or SET LOCATION")


def _last_group(cursor: Cursor) -> Cursor:
    group = cursor.group()
    cursor.expect_end()
    return group
