"""A view of the build database, as readers get it."""

import base64
import json

import pytest

from tm_lakehouse.gold_publication.views import is_view, published_view


def view(sql, schema="gold_build"):
    definition = {"originalSql": sql, "catalog": "awsdatacatalog", "schema": schema, "columns": []}
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    return {"Name": "v", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": f"/* Presto View: {text} */"}


def definition_of(table_input):
    text = table_input["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    return json.loads(base64.b64decode(text))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('SELECT * FROM "awsdatacatalog"."gold_build"."t"', 'SELECT * FROM "awsdatacatalog"."gold"."t"'),
        ("SELECT * FROM gold_build.t", 'SELECT * FROM "gold".t'),
        ('SELECT * FROM "gold_build" . "t"', 'SELECT * FROM "gold" . "t"'),
        ("SELECT * FROM my_gold_build.t", "SELECT * FROM my_gold_build.t"),
        ('SELECT * FROM "observability"."runs"', 'SELECT * FROM "observability"."runs"'),
        ("SELECT 'gold_build' AS place", "SELECT 'gold_build' AS place"),
    ],
)
def test_view_reads_what_is_published(sql, expected):
    published = definition_of(published_view(view(sql), "gold_build", "gold"))
    assert published["originalSql"] == expected
    assert published["schema"] == "gold"


def test_names_of_other_databases_stay():
    published = published_view(view("SELECT 1", schema="silver"), "gold_build", "gold")
    assert definition_of(published)["schema"] == "silver"


def test_views_are_told_from_tables():
    assert is_view(view("SELECT 1"))
    assert not is_view({"Name": "t", "TableType": "EXTERNAL_TABLE"})
