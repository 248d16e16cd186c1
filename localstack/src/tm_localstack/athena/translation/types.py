"""Column types in the words of Hive (DDL and the Glue catalog) and of Trino."""

from dataclasses import dataclass

from tm_localstack.athena.translation.cursor import Cursor, quoted
from tm_localstack.athena.translation.lexer import Kind

_HIVE_TO_TRINO = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "int": "integer",
    "bigint": "bigint",
    "float": "real",
    "double": "double",
    "decimal": "decimal",
    "string": "varchar",
    "varchar": "varchar",
    "char": "char",
    "binary": "varbinary",
    "date": "date",
    "timestamp": "timestamp(6)",
    "uuid": "uuid",
}
_HIVE_ALIASES = {"integer": "int", "real": "float", "varbinary": "binary"}
_TRINO_TO_HIVE = {"integer": "int", "real": "float", "varbinary": "binary", "json": "string", "unknown": "string"}


@dataclass(frozen=True)
class Type:
    """A type by Hive's word; `fields` are an array's element, a map's key and value, a struct's named fields."""

    base: str
    arguments: tuple[int, ...] = ()
    fields: tuple[tuple[str, "Type"], ...] = ()
    has_time_zone: bool = False

    @property
    def hive(self) -> str:
        """As Hive and the Glue catalog write it."""
        if self.base == "struct":
            return f"struct<{','.join(f'{name}:{field.hive}' for name, field in self.fields)}>"
        if self.fields:
            return f"{self.base}<{','.join(field.hive for _, field in self.fields)}>"
        if self.base == "varchar" and not self.arguments:
            return "string"
        if self.base in ("timestamp", "time"):
            return self.base + (" with time zone" if self.has_time_zone else "")
        return self.base + _in_parentheses(self.arguments)

    @property
    def trino(self) -> str:
        """As Trino writes it for an Iceberg table, whose timestamps hold microseconds."""
        if self.base == "struct":
            return f"row({', '.join(f'{quoted(name)} {field.trino}' for name, field in self.fields)})"
        if self.fields:
            return f"{self.base}({', '.join(field.trino for _, field in self.fields)})"
        return _HIVE_TO_TRINO.get(self.base, self.base) + _in_parentheses(self.arguments)

    def leaves(self) -> "list[Type]":
        """The types without fields that it consists of."""
        return [leaf for _, field in self.fields for leaf in field.leaves()] if self.fields else [self]


def read_hive_type(cursor: Cursor) -> Type:
    """Read a type as Hive's DDL writes it.

    Raises:
        SqlSyntaxError: Athena knows no such type.
    """
    error = cursor.error(expecting="a column type")
    base = cursor.identifier()
    base = _HIVE_ALIASES.get(base, base)
    if base in ("array", "map", "struct"):
        cursor.expect_symbol("<")
        fields = [_read_hive_field(cursor, named=base == "struct")]
        while cursor.accept_symbol(","):
            fields.append(_read_hive_field(cursor, named=base == "struct"))
        cursor.expect_symbol(">")
        return Type(base, fields=tuple(fields))
    if base not in _HIVE_TO_TRINO:
        raise error
    arguments = _read_arguments(cursor)
    return Type(base, arguments, has_time_zone=cursor.accept("WITH", "TIME", "ZONE"))


def read_trino_type(text: str) -> Type:
    """Read a type as Trino writes it in its results and views."""
    return _read_trino(Cursor(text))


def _read_trino(cursor: Cursor) -> Type:
    base = cursor.identifier()
    if base == "row":
        fields = [_read_row_field(field, index) for index, field in enumerate(cursor.group().items())]
        return Type("struct", fields=tuple(fields))
    if base in ("array", "map"):
        return Type(base, fields=tuple(("", _read_trino(field)) for field in cursor.group().items()))
    base = _TRINO_TO_HIVE.get(base, base)
    arguments = _read_arguments(cursor)
    return Type(base, arguments, has_time_zone=cursor.accept("WITH", "TIME", "ZONE"))


def _read_row_field(cursor: Cursor, index: int) -> tuple[str, Type]:
    name = cursor.token.value
    written = cursor.source()
    probe = Cursor(written)
    probe.take()
    has_name = not probe.at_end and probe.token.kind in (Kind.WORD, Kind.QUOTED) and not probe.sees("WITH")
    if not has_name:
        return f"field{index}", _read_trino(Cursor(written))
    cursor.take()
    return name, _read_trino(cursor)


def _read_hive_field(cursor: Cursor, named: bool) -> tuple[str, Type]:
    if not named:
        return "", read_hive_type(cursor)
    name = cursor.identifier()
    cursor.expect_symbol(":")
    return name, read_hive_type(cursor)


def _read_arguments(cursor: Cursor) -> tuple[int, ...]:
    if not cursor.sees_symbol("("):
        return ()
    return tuple(int(item.take().text) for item in cursor.group().items())


def _in_parentheses(arguments: tuple[int, ...]) -> str:
    return f"({','.join(map(str, arguments))})" if arguments else ""
