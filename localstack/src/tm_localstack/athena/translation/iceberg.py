"""What Athena allows in an Iceberg table, and how Trino writes it."""

from collections.abc import Iterable

from tm_localstack.athena.translation.cursor import Cursor, literal
from tm_localstack.athena.translation.plan import Column, RefusedError
from tm_localstack.athena.translation.types import Type

FORMAT_VERSION = 2
# Athena's own keys; Trino keeps them in the table's metadata, where a commit of another engine does not lose them.
KEPT_PROPERTIES = frozenset(
    {
        "vacuum_min_snapshots_to_keep",
        "vacuum_max_snapshot_age_seconds",
        "vacuum_max_metadata_files_to_keep",
        "optimize_rewrite_min_data_file_size_bytes",
        "optimize_rewrite_max_data_file_size_bytes",
        "optimize_rewrite_data_file_threshold",
        "optimize_rewrite_delete_file_threshold",
        "optimize_rewrite_data_file_size_bytes",
        "write_target_data_file_size_bytes",
        "write_compression",
    }
)
# Properties of Athena that Iceberg itself obeys, by its own names.
_OBEYED_BY_ICEBERG = {
    "vacuum_min_snapshots_to_keep": {"history.expire.min-snapshots-to-keep": "{}"},
    "vacuum_max_metadata_files_to_keep": {
        "write.metadata.previous-versions-max": "{}",
        "write.metadata.delete-after-commit.enabled": "true",
    },
}
_TRANSFORMS_OF_TIME = {"year", "month", "day", "hour"}
_TRANSFORMS_WITH_NUMBER = {"bucket", "truncate"}
_FORMATS = {"parquet", "orc", "avro"}
_CODECS = {"snappy": "SNAPPY", "gzip": "GZIP", "zlib": "ZLIB", "zstd": "ZSTD", "lz4": "LZ4", "none": "NONE"}
_CODECS |= {"uncompressed": "NONE"}


def check_columns(columns: Iterable[Column]) -> None:
    """Refuse column types that Athena's Iceberg tables can't have.

    Raises:
        RefusedError: a time with zone, a precision other than microseconds, a type that Iceberg has not.
    """
    for column in columns:
        check_type(column.name, column.type)


def check_type(name: str, column_type: Type) -> None:
    """Refuse one column's type; see `check_columns`."""
    for leaf in column_type.leaves():
        if leaf.has_time_zone:
            raise RefusedError(
                f"NOT_SUPPORTED: Column '{name}': Iceberg tables with {leaf.base} with time zone are not supported"
            )
        if leaf.base == "timestamp" and leaf.arguments not in ((), (6,)):
            raise RefusedError(
                f"NOT_SUPPORTED: Timestamp precision ({leaf.arguments[0]}) not supported for Iceberg. "
                f"Use \"timestamp(6)\" instead. Column '{name}'"
            )
        if leaf.base in ("tinyint", "smallint", "char"):
            raise RefusedError(f"NOT_SUPPORTED: Type not supported for Iceberg: {leaf.hive}. Column '{name}'")


def check_properties(properties: dict[str, str]) -> dict[str, str]:
    """The properties that are left after the table type, refused where Athena knows no such key.

    Raises:
        RefusedError: an unknown key, or a format version other than 2.
    """
    left = {key.lower(): value for key, value in properties.items() if key.lower() not in ("table_type", "is_external")}
    for key, value in left.items():
        if key == "format_version":
            _check_format_version(value)
        elif key not in KEPT_PROPERTIES | {"format", "compression_level"}:
            raise RefusedError(f"INVALID_TABLE_PROPERTY: Unsupported table property key: {key}")
    return left


def partition_field(cursor: Cursor) -> str:
    """One field of PARTITIONED BY as Trino's `partitioning` writes it: `bucket(16, id)` becomes `bucket(id, 16)`."""
    name = cursor.identifier()
    if cursor.at_end:
        return name
    arguments = cursor.group().items()
    cursor.expect_end()
    if name in _TRANSFORMS_OF_TIME and len(arguments) == 1:
        return f"{name}({arguments[0].identifier()})"
    if name in _TRANSFORMS_WITH_NUMBER and len(arguments) == 2:
        number = arguments[0].take().text
        return f"{name}({arguments[1].identifier()}, {number})"
    raise RefusedError(f"INVALID_TABLE_PROPERTY: Unsupported partition transform: {name}")


def with_clause(location: str, partitions: list[str], properties: dict[str, str]) -> str:
    """Trino's WITH clause of an Iceberg table. `properties` are Athena's, already checked."""
    file_format = properties.get("format", "parquet").lower()
    if file_format not in _FORMATS:
        raise RefusedError(f"INVALID_TABLE_PROPERTY: Unsupported value for table property 'format': {file_format}")
    options = [f"format = '{file_format.upper()}'", f"format_version = {FORMAT_VERSION}"]
    options.append(f"location = {literal(location.rstrip('/'))}")
    if partitions:
        options.append(f"partitioning = ARRAY[{', '.join(map(literal, partitions))}]")
    if kept := _kept(properties):
        options.append(f"extra_properties = {property_map(kept)}")
    return f"WITH ({', '.join(options)})"


def table_options(properties: dict[str, str]) -> list[str]:
    """Athena's SET TBLPROPERTIES of an Iceberg table as assignments of Trino.

    Raises:
        RefusedError: see `check_properties`.
    """
    checked = check_properties(properties)
    file_format = checked.get("format", "parquet").lower()
    options = [f"format = '{file_format.upper()}'"] if "format" in checked else []
    if kept := _kept(checked):
        options.append(f"extra_properties = {property_map(kept)}")
    if not options:
        raise RefusedError("INVALID_TABLE_PROPERTY: There is no property that can be set")
    return options


def codec_session(properties: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Trino's session setting for the compression that `write_compression` asks for.

    Raises:
        RefusedError: Athena has no such compression.
    """
    codec = properties.get("write_compression")
    if codec is None:
        return ()
    if codec.lower() not in _CODECS:
        raise RefusedError(f"INVALID_TABLE_PROPERTY: Unsupported value for table property 'write_compression': {codec}")
    return (("awsdatacatalog.compression_codec", _CODECS[codec.lower()]),)


def property_map(properties: dict[str, str]) -> str:
    """Properties as a MAP of Trino."""
    keys, values = ", ".join(map(literal, properties)), ", ".join(map(literal, properties.values()))
    return f"MAP(ARRAY[{keys}], ARRAY[{values}])"


def obeyed_by_iceberg(properties: dict[str, str]) -> dict[str, str]:
    """What Athena's properties mean in Iceberg's own words, as far as Iceberg has some."""
    meant: dict[str, str] = {}
    for key in sorted(_OBEYED_BY_ICEBERG.keys() & properties.keys()):
        meant |= {own: value.format(properties[key]) for own, value in _OBEYED_BY_ICEBERG[key].items()}
    return meant


def _kept(properties: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in properties.items() if key in KEPT_PROPERTIES}
    return kept | obeyed_by_iceberg(kept)


def _check_format_version(value: str) -> None:
    if value.strip() != str(FORMAT_VERSION):
        raise RefusedError(f"INVALID_TABLE_PROPERTY: Unsupported Iceberg format version: {value}")
