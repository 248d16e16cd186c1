"""Table contracts in Spark's SQL."""

from tm_lakehouse.tables.contract import TableContract

_PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.distribution-mode": "hash",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "10",
}


def create_statement(contract: TableContract, name: str, location: str) -> str:
    """`CREATE TABLE IF NOT EXISTS` in Spark's words."""
    columns = ", ".join(
        f"{column.name} {column.spark_type} COMMENT '{_quoted(column.meaning)}'" for column in contract.columns
    )
    partitions = ", ".join(contract.partitioning).replace("month(", "months(")
    properties = ", ".join(f"'{key}'='{value}'" for key, value in _PROPERTIES.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING iceberg PARTITIONED BY ({partitions}) "
        f"COMMENT '{_quoted(contract.grain)}' LOCATION '{location}' TBLPROPERTIES ({properties})"
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
