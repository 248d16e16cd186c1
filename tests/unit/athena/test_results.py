"""Values, pages and files of results."""

import pytest

from tm_localstack.athena.results import ResultColumn, TableResult, TextResult, csv_line, read_csv_lines, row_formatter


def signature(raw, *arguments):
    return {"rawType": raw, "arguments": list(arguments)}


def of_type(inner):
    return {"kind": "TYPE", "value": inner}


def of_number(number):
    return {"kind": "LONG", "value": number}


def of_field(name, inner):
    return {"kind": "NAMED_TYPE", "value": {"fieldName": {"name": name} if name else None, "typeSignature": inner}}


def text_of(value, type_signature):
    (text,) = row_formatter([{"typeSignature": type_signature}])([value])
    return text


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        ("boolean", True, "true"),
        ("bigint", 9007199254740993, "9007199254740993"),
        ("double", 1.0, "1.0"),
        ("double", 0.1, "0.1"),
        ("double", 9_999_999.5, "9999999.5"),
        ("double", 1e7, "1.0E7"),
        ("double", -1.25e-5, "-1.25E-5"),
        ("double", 0.001, "0.001"),
        ("double", -0.0, "-0.0"),
        ("double", "NaN", "NaN"),
        ("real", 1.1, "1.1"),
        ("timestamp", "2024-01-15 10:16:40.500000", "2024-01-15 10:16:40.500"),
        ("timestamp", "2024-01-15 10:16:40", "2024-01-15 10:16:40.000"),
        ("timestamp with time zone", "2024-01-15 10:16:40.5 Europe/Rome", "2024-01-15 10:16:40.500 Europe/Rome"),
        ("time", "10:16:40.123456", "10:16:40.123"),
        ("varbinary", "YWI=", "61 62"),
        ("varchar", "", ""),
        ("varchar", None, None),
        ("decimal", "1.50", "1.50"),
    ],
)
def test_a_value_is_written_as_athena_does(raw, value, text):
    assert text_of(value, signature(raw)) == text


def test_nested_values_have_athenas_text_form():
    numbers = signature("array", of_type(signature("double")))
    assert text_of([1.0, None, 1e8], numbers) == "[1.0, null, 1.0E8]"
    assert text_of([], numbers) == "[]"
    assert text_of(
        {"a": True, "b": None}, signature("map", of_type(signature("varchar")), of_type(signature("boolean")))
    ) == ("{a=true, b=null}")
    row = signature("row", of_field("x", signature("integer")), of_field(None, numbers))
    assert text_of([1, [2.5]], row) == "{x=1, field1=[2.5]}"


@pytest.mark.parametrize(
    ("type_signature", "name", "precision", "scale", "case_sensitive"),
    [
        (signature("integer"), "integer", 10, 0, False),
        (signature("real"), "float", 17, 0, False),
        (signature("decimal", of_number(12), of_number(4)), "decimal", 12, 4, False),
        (signature("varchar", of_number(2147483647)), "varchar", 2147483647, 0, True),
        (signature("char", of_number(3)), "char", 3, 0, True),
        (signature("timestamp", of_number(6)), "timestamp", 3, 0, False),
        (signature("timestamp with time zone", of_number(3)), "timestamp with time zone", 3, 0, False),
        (signature("array", of_type(signature("bigint"))), "array", 0, 0, False),
    ],
)
def test_a_column_is_described_in_athenas_words(type_signature, name, precision, scale, case_sensitive):
    column = ResultColumn.of_trino({"name": "c", "typeSignature": type_signature})
    assert (column.type, column.precision, column.scale, column.case_sensitive) == (
        name,
        precision,
        scale,
        case_sensitive,
    )


def test_csv_quotes_all_but_null():
    assert csv_line(["1", "", None, 'say "hi",\nyou']) == '"1","",,"say ""hi"",\nyou"\n'


def test_csv_is_read_back_as_it_was():
    rows = [["1", "", None], [None, 'a"b', "c,\nd"], [None, None, None]]
    assert read_csv_lines("".join(map(csv_line, rows))) == rows


def test_pages_of_a_table_hold_every_row_once(tmp_path):
    result = TableResult(tmp_path / "result.csv")
    result.begin([ResultColumn("n", "integer")])
    result.append([[str(number)] for number in range(3)])
    result.append([["é, \n"], [None]])
    found, start = [], 0
    while start is not None:
        rows, start = result.page(start, 2)
        assert 1 <= len(rows) <= 2
        found += rows
    assert found == [["n"], ["0"], ["1"], ["2"], ["é, \n"], [None]]
    assert result.page(6, 2) == ([], None)


def test_text_results_have_no_header():
    result = TextResult([ResultColumn.of_text("tab_name")], [["a"], ["b"], ["c"]])
    assert result.page(0, 2) == ([["a"], ["b"]], 2)
    assert result.page(2, 2) == ([["c"]], None)
    assert result.text == "a\nb\nc\n"
