"""The `WITH (key = value, ...)` options of Athena's CTAS and UNLOAD, whose values are Trino expressions."""

from tm_localstack.athena.translation.cursor import Cursor, literal
from tm_localstack.athena.translation.lexer import Kind
from tm_localstack.athena.translation.plan import RefusedError


class Options:
    """Options by lower-case key; each is taken once, and what nobody took is refused."""

    def __init__(self, cursor: Cursor | None) -> None:
        self._values: dict[str, Cursor] = {}
        for item in cursor.items() if cursor else []:
            key = item.identifier()
            item.expect_symbol("=")
            self._values[key] = item

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text, number or boolean as text."""
        if key not in self._values:
            return default
        cursor = self._values.pop(key)
        value = cursor.take().value
        cursor.expect_end()
        return value

    def texts(self, key: str) -> list[str]:
        """An ARRAY of texts."""
        if key not in self._values:
            return []
        cursor = self._values.pop(key)
        cursor.expect("ARRAY")
        cursor.expect_symbol("[")
        found = []
        while not cursor.accept_symbol("]"):
            if cursor.token.kind is not Kind.STRING:
                raise cursor.error(expecting="a string")
            found.append(cursor.take().value)
            cursor.accept_symbol(",")
        return found

    def rest(self) -> dict[str, str]:
        """Every option not yet taken, as text."""
        return {key: self.text(key) or "" for key in list(self._values)}

    def refuse_rest(self) -> None:
        """Refuse options that nobody took.

        Raises:
            RefusedError: names the first one.
        """
        if self._values:
            key = next(iter(self._values))
            raise RefusedError(
                f"INVALID_TABLE_PROPERTY: line 1:1: Catalog 'awsdatacatalog' table property '{key}' does not exist"
            )


def hive_options(options: Options, location: str) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Trino's options of a table of files at `location`, and the session settings that go with them."""
    written = [f"external_location = {literal(location)}"]
    file_format = (options.text("format", "PARQUET") or "").upper()
    written.append(f"format = {literal('TEXTFILE' if file_format == 'TEXT' else file_format)}")
    arrays = {key: options.texts(key) for key in ("partitioned_by", "bucketed_by")}
    written += [f"{key} = ARRAY[{', '.join(map(literal, values))}]" for key, values in arrays.items() if values]
    if count := options.text("bucket_count"):
        written.append(f"bucket_count = {int(count)}")
    delimiter = options.text("field_delimiter")
    if delimiter and file_format in ("TEXTFILE", "TEXT", "CSV"):
        written.append(f"textfile_field_separator = {literal(delimiter)}")
    return written, _codec(options)


def _codec(options: Options) -> tuple[tuple[str, str], ...]:
    codec = None
    for key in ("write_compression", "parquet_compression", "orc_compression", "compression"):
        codec = options.text(key) or codec
    options.text("compression_level")
    if codec is None:
        return ()
    names = {"UNCOMPRESSED": "NONE", "ZLIB": "GZIP"}
    return (("hive.compression_codec", names.get(codec.upper(), codec.upper())),)
