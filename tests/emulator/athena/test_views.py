"""Views: one entry in the Glue catalog, whether SQL, Terraform or another program put it there."""

import base64
import json

import pytest

pytestmark = pytest.mark.aws_page("views")

PREFIX, SUFFIX = "/* Presto View: ", " */"


def definition(entry):
    text = entry["ViewOriginalText"]
    return json.loads(base64.b64decode(text.removeprefix(PREFIX).removesuffix(SUFFIX)))


def athena_view(name, sql, database, columns, catalog="awsdatacatalog"):
    """What Athena stores of a view; `columns` are name, Trino's type and Hive's."""
    view = {
        "originalSql": sql,
        "catalog": catalog,
        "schema": database,
        "columns": [{"name": column, "type": kind} for column, kind, _ in columns],
    }
    return {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"{PREFIX}{base64.b64encode(json.dumps(view).encode()).decode()}{SUFFIX}",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {"Columns": [{"Name": column, "Type": hive} for column, _, hive in columns]},
    }


@pytest.fixture
def glue(client):
    return client("glue")


@pytest.fixture
def entry(glue, database):
    return lambda name: glue.get_table(DatabaseName=database, Name=name)["Table"]


@pytest.fixture
def fixes(query, iceberg):
    """A table of two rows."""
    table = iceberg("id bigint, ts timestamp, note string")
    query(f"insert into {table} values (1, timestamp '2024-01-15 10:00:00', 'tee'), (2, null, 'green')")
    return table


@pytest.fixture
def put_view(glue, database, fixes):
    """Put a view into the catalog as Terraform does; its name."""

    def put(sql, columns=(("id", "bigint", "bigint"), ("place", "varchar", "string")), **options):
        name = f"{fixes}_view"
        glue.create_table(DatabaseName=database, TableInput=athena_view(name, sql, database, columns, **options))
        return name

    return put


def columns_of(entry):
    return {column["Name"]: column["Type"] for column in entry["StorageDescriptor"]["Columns"]}


def test_views_are_read_listed_replaced_and_dropped(query, database, entry, fixes):
    view = f"{fixes}_view"
    query(f'create or replace view "{database}"."{view}" as select id, ts, array[id] as ids from {fixes}')
    assert query.table(f"select id, ids from {view} order by 1") == [["1", "[1]"], ["2", "[2]"]]
    assert columns_of(entry(view)) == {"id": "bigint", "ts": "timestamp", "ids": "array<bigint>"}
    assert query.lines("show views") == [view]
    assert query.lines("show tables") == [fixes, view]
    query(f"create or replace view {view} as select id + 1 as next from {fixes}")
    assert query.table(f"select * from {view} order by 1") == [["2"], ["3"]]
    assert columns_of(entry(view)) == {"next": "bigint"}
    assert query.lines(f"show create view {view}")[0] == f"CREATE VIEW {database}.{view} AS"
    assert query.run(f"create view {view} as select 1 a").state == "FAILED"
    query(f"drop view {view}")
    query(f"drop view if exists {view}")
    assert query.lines("show views") == []


def test_sql_stores_a_view_as_athena_does(query, database, entry, fixes):
    query(f"create view {fixes}_view as select id, note place, map(array[note], array[1.5e0]) weights from {fixes}")
    stored = entry(f"{fixes}_view")
    assert stored["TableType"] == "VIRTUAL_VIEW"
    assert stored["Parameters"] == {"presto_view": "true", "comment": "Presto View"}
    assert stored["ViewExpandedText"] == "/* Presto View */"
    assert columns_of(stored) == {"id": "bigint", "place": "string", "weights": "map<string,double>"}
    view = definition(stored)
    assert view.keys() == {"originalSql", "catalog", "schema", "columns"}
    assert (view["catalog"], view["schema"]) == ("awsdatacatalog", database)
    types = {column["name"]: column["type"] for column in view["columns"]}
    assert types == {"id": "bigint", "place": "varchar", "weights": "map(varchar,double)"}


@pytest.mark.parametrize("catalog", ["awsdatacatalog", "AwsDataCatalog"])
def test_a_view_put_into_glue_is_read_described_and_joined(query, fixes, put_view, catalog):
    view = put_view(f"SELECT id, note AS place FROM {fixes} WHERE id > 1", catalog=catalog)
    assert query.table(f"select * from {view}") == [["2", "green"]]
    joined = f"select v.place, t.note from {view} v right join {fixes} t on v.id = t.id order by t.id"
    assert query.table(joined) == [[None, "tee"], ["green", "green"]]
    assert [line.split() for line in query.lines(f"describe {view}")] == [["id", "bigint"], ["place", "string"]]
    assert query.lines(f"show columns in {view}") == ["id", "place"]
    assert query.lines("show views") == [view]


@pytest.mark.aws_page("show-create-view")
def test_the_text_of_a_view_is_laid_out_and_makes_it_again(query, database, fixes, put_view):
    view = put_view(f"select id, note as place from {fixes} where id > 1")
    lines = query.lines(f"show create view {view}")
    assert lines == [
        f"CREATE VIEW {database}.{view} AS",
        "SELECT",
        "  id",
        ", note place",
        "FROM",
        f"  {fixes}",
        "WHERE (id > 1)",
    ]
    query(f"drop view {view}")
    query("\n".join(lines))
    assert query.lines(f"show create view {view}") == lines
    assert query.table(f"select * from {view}") == [["2", "green"]]


def test_a_view_may_read_a_view_put_into_glue(query, fixes, put_view):
    view = put_view(f"SELECT id, note place FROM {fixes}")
    query(f"create view {view}_count as select count(*) as n from {view}")
    assert query.table(f"select n from {view}_count") == [["2"]]


def test_a_view_put_into_glue_is_replaced_by_sql_and_by_the_api(query, glue, database, entry, fixes, put_view):
    view = put_view(f"SELECT id, note place FROM {fixes}")
    query(f"create or replace view {view} as select count(*) as n from {fixes}")
    assert query.table(f"select n from {view}") == [["2"]]
    assert columns_of(entry(view)) == {"n": "bigint"}
    again = athena_view(view, f"SELECT max(id) top FROM {fixes}", database, [("top", "bigint", "bigint")])
    glue.update_table(DatabaseName=database, TableInput=again)
    assert query.table(f"select top from {view}") == [["2"]]
    query(f"drop view {view}")
    assert query.run(f"select * from {view}").state == "FAILED"


def test_other_programs_see_the_entry_as_it_was_put(entry, fixes, put_view, query, database):
    view = put_view(f"SELECT id, note place FROM {fixes}")
    query(f"select * from {view}")
    assert definition(entry(view)).keys() == {"originalSql", "catalog", "schema", "columns"}


def test_a_view_whose_columns_are_not_those_of_its_query_is_refused(query, fixes, put_view):
    view = put_view(f"SELECT id, ts FROM {fixes}", columns=[("id", "bigint", "bigint"), ("ts", "bigint", "bigint")])
    answer = query.run(f"select * from {view}")
    assert answer.state == "FAILED"
    assert "stale" in answer.reason


def test_a_view_that_is_not_athenas_is_named_as_such(query, glue, database, name):
    hive_view = {"Name": name, "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "SELECT 1", "ViewExpandedText": "x"}
    glue.create_table(DatabaseName=database, TableInput=hive_view)
    assert "is not an Athena view" in query.run(f"show create view {name}").reason
    assert query.run(f"select * from {name}").state == "FAILED"
