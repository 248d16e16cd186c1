"""File formats of external tables: what Hive's ROW FORMAT and STORED AS clauses mean in the Glue catalog."""

from dataclasses import dataclass, replace

from tm_localstack.athena.translation.clauses import read_properties
from tm_localstack.athena.translation.cursor import Cursor

_HIVE = "org.apache.hadoop.hive"
LAZY_SERDE = f"{_HIVE}.serde2.lazy.LazySimpleSerDe"
_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat"
# This SerDe alone gets the other one, as Athena's own tables show.
_OPENX_SERDE = "org.openx.data.jsonserde.JsonSerDe"
_OPENX_OUTPUT = f"{_HIVE}.ql.io.IgnoreKeyTextOutputFormat"


@dataclass(frozen=True)
class FileFormat:
    """Input and output classes, SerDe and its parameters."""

    input_format: str
    output_format: str
    serde: str
    parameters: tuple[tuple[str, str], ...] = (("serialization.format", "1"),)


TEXT = FileFormat(_TEXT_INPUT, _TEXT_OUTPUT, LAZY_SERDE)
_STORED_AS = {
    "TEXTFILE": TEXT,
    "PARQUET": FileFormat(
        f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
        f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
        f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "ORC": FileFormat(
        f"{_HIVE}.ql.io.orc.OrcInputFormat", f"{_HIVE}.ql.io.orc.OrcOutputFormat", f"{_HIVE}.ql.io.orc.OrcSerde"
    ),
    "AVRO": FileFormat(
        f"{_HIVE}.ql.io.avro.AvroContainerInputFormat",
        f"{_HIVE}.ql.io.avro.AvroContainerOutputFormat",
        f"{_HIVE}.serde2.avro.AvroSerDe",
    ),
    "SEQUENCEFILE": FileFormat(
        "org.apache.hadoop.mapred.SequenceFileInputFormat", f"{_HIVE}.ql.io.HiveSequenceFileOutputFormat", LAZY_SERDE
    ),
    "RCFILE": FileFormat(
        f"{_HIVE}.ql.io.RCFileInputFormat",
        f"{_HIVE}.ql.io.RCFileOutputFormat",
        f"{_HIVE}.serde2.columnar.LazyBinaryColumnarSerDe",
    ),
    "JSONFILE": FileFormat(_TEXT_INPUT, _TEXT_OUTPUT, "org.apache.hive.hcatalog.data.JsonSerDe"),
    "ION": FileFormat(
        "com.amazon.ionhiveserde.formats.IonInputFormat",
        "com.amazon.ionhiveserde.formats.IonOutputFormat",
        "com.amazon.ionhiveserde.IonHiveSerDe",
    ),
}
# Those whose columns Hive takes from the catalog alone.
SERDES_OF_THE_CATALOG = frozenset(
    {LAZY_SERDE, *(_STORED_AS[name].serde for name in ("PARQUET", "ORC", "AVRO", "RCFILE"))}
)
_DELIMITERS = (
    (("FIELDS", "TERMINATED", "BY"), "field.delim"),
    (("ESCAPED", "BY"), "escape.delim"),
    (("COLLECTION", "ITEMS", "TERMINATED", "BY"), "collection.delim"),
    (("MAP", "KEYS", "TERMINATED", "BY"), "mapkey.delim"),
    (("LINES", "TERMINATED", "BY"), "line.delim"),
    (("NULL", "DEFINED", "AS"), "serialization.null.format"),
)
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\", "\\001": "\x01", "\\002": "\x02", "\\003": "\x03"}


def read(cursor: Cursor, current: FileFormat) -> FileFormat:
    """Read one ROW FORMAT, WITH SERDEPROPERTIES or STORED AS clause on top of what earlier clauses said."""
    if cursor.accept("ROW", "FORMAT", "SERDE"):
        current = _with_serde(current, cursor.string())
        return _with_serde_properties(cursor, current)
    if cursor.accept("ROW", "FORMAT"):
        cursor.expect("DELIMITED")
        return _with_delimiters(cursor, current)
    if cursor.sees("WITH", "SERDEPROPERTIES"):
        return _with_serde_properties(cursor, current)
    cursor.expect("STORED", "AS")
    if cursor.accept("INPUTFORMAT"):
        input_format = cursor.string()
        cursor.expect("OUTPUTFORMAT")
        return replace(current, input_format=input_format, output_format=cursor.string())
    return _stored_as(cursor, current)


def _with_serde(current: FileFormat, serde: str) -> FileFormat:
    is_text_as_ever = current.output_format == _TEXT_OUTPUT
    output_format = _OPENX_OUTPUT if serde == _OPENX_SERDE and is_text_as_ever else current.output_format
    return replace(current, serde=serde, output_format=output_format)


def _stored_as(cursor: Cursor, current: FileFormat) -> FileFormat:
    error = cursor.error(expecting=", ".join(sorted(_STORED_AS)))
    stored = _STORED_AS.get(cursor.take().text.upper())
    if stored is None:
        raise error
    # A SerDe that ROW FORMAT named stays; STORED AS then says only how files are split and written.
    serde = stored.serde if current.serde == LAZY_SERDE else current.serde
    return replace(stored, serde=serde, parameters=current.parameters)


def _with_serde_properties(cursor: Cursor, current: FileFormat) -> FileFormat:
    if not cursor.accept("WITH", "SERDEPROPERTIES"):
        return current
    return _with(current, read_properties(cursor.group()))


def _with_delimiters(cursor: Cursor, current: FileFormat) -> FileFormat:
    found: dict[str, str] = {}
    while key := next((key for words, key in _DELIMITERS if cursor.accept(*words)), None):
        text = cursor.string()
        found[key] = _ESCAPES.get(text, text)
    if "field.delim" in found:
        found["serialization.format"] = found["field.delim"]
    return _with(current, found)


def _with(current: FileFormat, parameters: dict[str, str]) -> FileFormat:
    return replace(current, parameters=tuple((dict(current.parameters) | parameters).items()))
