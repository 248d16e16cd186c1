"""How a text is cut into statements and clauses."""

import pytest

from tm_localstack.athena.translation.cursor import Cursor, SqlSyntaxError
from tm_localstack.athena.translation.lexer import statements, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", ["select 1"]),
        ("select 1;", ["select 1"]),
        ('-- /* {"app": "dbt"} */\nselect 1\n;\n', ['-- /* {"app": "dbt"} */\nselect 1']),
        ("select ';' as \"a;b\" -- ; comment\n", ["select ';' as \"a;b\""]),
        ("/* a ; b */ select 'it''s;'", ["/* a ; b */ select 'it''s;'"]),
        ("select 1; select 2", ["select 1", " select 2"]),
        (" ; -- nothing\n ; ", []),
    ],
)
def test_semicolons_end_statements_only_outside_quotes_and_comments(text, expected):
    assert statements(text) == expected


def test_names_are_lower_case_and_lose_either_quote():
    name = Cursor('"AwsDataCatalog".`My_DB`."T$files"').name()
    assert (name.catalog, name.database, name.table) == ("awsdatacatalog", "my_db", "t$files")
    assert name.sql == '"awsdatacatalog"."my_db"."t$files"'


def test_an_error_tells_line_and_column():
    cursor = Cursor("alter table\n  t explode")
    cursor.expect("ALTER", "TABLE")
    cursor.name()
    with pytest.raises(SqlSyntaxError, match=r"^line 2:5: mismatched input 'explode'. Expecting: ADD"):
        cursor.expect("ADD")


def test_items_are_split_at_outer_commas_only():
    items = Cursor("a decimal(10,2), b map<string,array<int>>, c varchar").items()
    assert [item.source() for item in items] == ["a decimal(10,2)", "b map<string,array<int>>", "c varchar"]


def test_an_unclosed_parenthesis_is_an_error_of_the_end():
    with pytest.raises(SqlSyntaxError, match="'<EOF>'"):
        Cursor("(a int").group()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"'it\'s'", "it's"),
        (r"'a\\b'", r"a\b"),
        (r"'\t\001\u0041'", "\t\x01A"),
        ("'it''s'", "it's"),
        (r'"say \"hi\""', 'say "hi"'),
    ],
)
def test_a_backslash_escapes_in_hives_statements(written, text):
    sql = f"alter table t set tblproperties ('note' = {written})"

    assert statements(sql) == [sql]
    assert [token.value for token in tokenize(sql)][-2] == text


@pytest.mark.parametrize("head", ["", "create view v as ", "create table t as ", "create table t with (a = 1) as "])
def test_a_backslash_is_itself_in_queries(head):
    sql = rf"{head}select split(a, '\') from t where b = 'c'"

    assert [token.value for token in tokenize(sql)][-9:] == ["a", ",", "\\", ")", "from", "t", "where", "b", "=", "c"][
        1:
    ]
