"""Types between Hive's words and Trino's."""

import pytest

from tm_localstack.athena.translation.cursor import Cursor, SqlSyntaxError
from tm_localstack.athena.translation.types import read_hive_type, read_trino_type

PAIRS = [
    ("string", "varchar"),
    ("varchar(10)", "varchar(10)"),
    ("int", "integer"),
    ("float", "real"),
    ("binary", "varbinary"),
    ("decimal(10,2)", "decimal(10,2)"),
    ("timestamp", "timestamp(6)"),
    ("array<string>", "array(varchar)"),
    ("map<string,array<bigint>>", "map(varchar, array(bigint))"),
    ("struct<a:int,b:struct<c:timestamp>>", 'row("a" integer, "b" row("c" timestamp(6)))'),
]


@pytest.mark.parametrize(("hive", "trino"), PAIRS)
def test_a_type_of_ddl_becomes_trinos(hive, trino):
    assert read_hive_type(Cursor(hive)).trino == trino


@pytest.mark.parametrize(("hive", "trino"), PAIRS)
def test_a_type_of_trino_becomes_the_catalogs(hive, trino):
    assert read_trino_type(trino).hive == hive


@pytest.mark.parametrize(
    ("trino", "hive"),
    [
        ("timestamp(3)", "timestamp"),
        ("timestamp(6) with time zone", "timestamp with time zone"),
        ("row(integer, varchar)", "struct<field0:int,field1:string>"),
        ("row(x timestamp(6) with time zone)", "struct<x:timestamp with time zone>"),
    ],
)
def test_what_only_trino_has_becomes_the_nearest_of_hive(trino, hive):
    assert read_trino_type(trino).hive == hive


@pytest.mark.parametrize("text", ["text", "array<", "array(int)", "struct<int>", ""])
def test_an_unknown_type_is_a_syntax_error(text):
    with pytest.raises(SqlSyntaxError):
        read_hive_type(Cursor(text))
