"""Tables in the benchmark's catalog: made of a candidate, and filled month by month."""

from collections.abc import Iterable

import polars as pl
from candidates import SCHEMA, Candidate
from lakehouse import Lakehouse
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.table import Table

from tm_lakehouse.tables.fact_telemetry_event import TABLE

# What a question about pace reads, of the table's 50 columns.
READ = (
    "round_id", "fix_timestamp", "location_index", "hole_number", "section_number", "nine_number", "loop_number",
    "longitude", "latitude", "pace", "pace_gap", "positional_gap",
)  # fmt: skip


def catalog_of(lakehouse: Lakehouse) -> Catalog:
    """The lakehouse's Glue catalog for a writer that is no Glue job."""
    names = lakehouse.names
    s3 = {
        "s3.endpoint": names["AWS_ENDPOINT_URL"],
        "s3.region": names["AWS_REGION"],
        "s3.access-key-id": names["AWS_ACCESS_KEY_ID"],
        "s3.secret-access-key": names["AWS_SECRET_ACCESS_KEY"],
    }
    glue = {key.replace("s3.", "glue."): value for key, value in s3.items()}
    return load_catalog("glue", type="glue", **s3, **glue)


def make(catalog: Catalog, lakehouse: Lakehouse, candidate: Candidate, properties: dict[str, str]) -> Table:
    """An empty table of a layout."""
    name = f"layout_{candidate.name}"
    return catalog.create_table(
        (lakehouse.names["TM_DB_SILVER"], name),
        SCHEMA,
        location=f"{lakehouse.names['TM_ICEBERG_WAREHOUSE_SILVER']}/layout/{name}",
        partition_spec=candidate.spec,
        properties={"write.parquet.compression-codec": "zstd", **properties},
    )


def fill(table: Table, parts: Iterable[pl.DataFrame], sort_order: tuple[str, ...]) -> int:
    """Append each part in one commit, its rows sorted within each partition; returns the rows."""
    rows = 0
    for part in parts:
        table.append(part.sort(sort_order).select(TABLE.column_names).to_arrow())
        rows += part.height
    return rows
