"""UNLOAD: a table of files made for the moment, whose entry in the catalog is dropped again."""

from tm_localstack.athena.translation.cursor import Cursor, Name
from tm_localstack.athena.translation.options import Options, hive_options
from tm_localstack.athena.translation.plan import (
    DEFAULT_DATABASE,
    CheckEmptyLocation,
    Context,
    CreateDatabase,
    NoteFiles,
    Step,
    TrinoSql,
)

# Trino drops the ORDER BY of what it writes; each file of an UNLOAD is sorted.
KEEP_ORDER = ("skip_redundant_sort", "false")


def translate(cursor: Cursor, context: Context) -> list[Step]:
    """Steps of an UNLOAD, read from behind that word."""
    query = cursor.group().source()
    cursor.expect("TO")
    location = cursor.string()
    cursor.expect("WITH")
    options = Options(cursor.group())
    cursor.expect_end()
    written, session = hive_options(options, location)
    options.refuse_rest()
    table = Name(f"unload_{context.query_id.replace('-', '')}", context.database, "hive").sql
    # Every account has this database in Athena; here it is made when a statement needs one to stand in.
    home = [CreateDatabase(DEFAULT_DATABASE, if_not_exists=True)] if context.database == DEFAULT_DATABASE else []
    return [
        CheckEmptyLocation(location),
        *home,
        TrinoSql(
            f"CREATE TABLE {table} WITH ({', '.join(written)}) AS {query}",
            gives_rows=False,
            session=(*session, KEEP_ORDER),
        ),
        TrinoSql(f"DROP TABLE {table}", gives_rows=False),
        NoteFiles(location),
    ]
