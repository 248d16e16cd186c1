"""OPTIMIZE, VACUUM and MSCK REPAIR TABLE."""

from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.plan import Context, Optimize, RepairTable, Step, Vacuum


def translate_optimize(cursor: Cursor, context: Context) -> list[Step]:
    """`OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE ..]`, read from behind the first word."""
    name = cursor.name().within(context.database)
    cursor.expect("REWRITE", "DATA", "USING", "BIN_PACK")
    if not (cursor.at_end or cursor.sees("WHERE")):
        raise cursor.error(expecting="WHERE or <EOF>")
    return [Optimize(name, cursor.source())]


def translate_vacuum(cursor: Cursor, context: Context) -> list[Step]:
    """`VACUUM table`, read from behind the first word."""
    name = cursor.name().within(context.database)
    cursor.expect_end()
    return [Vacuum(name)]


def translate_repair(cursor: Cursor, context: Context) -> list[Step]:
    """`MSCK REPAIR TABLE table`, read from behind the first word."""
    cursor.expect("REPAIR", "TABLE")
    name = cursor.name().within(context.database)
    cursor.expect_end()
    return [RepairTable(name)]
