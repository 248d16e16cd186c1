"""One check: the same snapshots read by a Glue run and through Athena, and what they differ in."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tm_lakehouse.athena import Athena
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.catalog import Catalog
from tm_lakehouse.parity.checksums import Table, checksum_sql, table_of
from tm_lakehouse.parity.comparison import Checksums, Comparison, compare, grouped
from tm_lakehouse.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


def iceberg_tables(catalog: Catalog, database: str) -> list[str]:
    """The tables of a database that are Iceberg's; views and tables over files are none."""
    return [name for name in catalog.names(database) if _location(catalog, database, name)]


def current(catalog: Catalog, database: str, name: str) -> Table | None:
    """A table at its current snapshot; None where it never had a row.

    Raises:
        LakehouseError: there is no such Iceberg table.
    """
    location = _location(catalog, database, name)
    if not location:
        raise LakehouseError(f"There is no Iceberg table {database}.{name}.", "Give names as database.table.")
    return table_of(database, name, catalog.read_metadata(location))


def tables_to_compare(catalog: Catalog, settings: Settings, asked: Sequence[str] = ()) -> list[Table]:
    """Tables at their current snapshots: those named as database.table (`silver` and `gold` stand for the lakehouse's),
    or all Iceberg tables of Silver and Gold. Tables that never had a row are left out.

    Raises:
        LakehouseError: a named one is no Iceberg table, or none holds a row.
    """
    known = {"silver": settings.db_silver, "gold": settings.db_gold}
    named = [(known.get(database, database), name) for database, _, name in (each.partition(".") for each in asked)]
    every = [(database, name) for database in known.values() for name in iceberg_tables(catalog, database)]
    tables = [found for database, name in named or every if (found := current(catalog, database, name))]
    if not tables:
        raise LakehouseError(
            "No table holds a row, so there is nothing to compare.", "Run `tm-lakehouse silver` first."
        )
    return tables


def by_athena(athena: Athena, table: Table) -> Checksums:
    """The checksums that Athena computes."""
    return grouped(athena.query(checksum_sql(table, "athena"), table.database).records())


def compare_all(
    tables: Sequence[Table], spark: dict[str, Checksums], athena: Athena, on_table: Callable[[str], None]
) -> list[Comparison]:
    """Each table's checksums by Athena beside those that Spark gave."""
    comparisons = []
    for table in tables:
        on_table(table.full_name)
        comparisons.append(compare(table, spark[table.full_name], by_athena(athena, table)))
    return comparisons


def catalog_of(glue: "GlueClient") -> Catalog:
    """The catalog that both engines read."""
    import boto3

    return Catalog(glue, boto3.client("s3"))


def _location(catalog: Catalog, database: str, name: str) -> str | None:
    pointer = catalog.pointer(database, name)
    return pointer.metadata_location if pointer else None
