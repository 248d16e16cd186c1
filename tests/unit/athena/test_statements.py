"""Kinds of statements, and what each of the others is translated to."""

import re

import pytest

from tm_localstack.athena.guards import MAX_QUERY_BYTES, QueryRefusedError, accept
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Name, SqlSyntaxError
from tm_localstack.athena.translation.plan import Column, Context, RefusedError
from tm_localstack.athena.translation.statement import classify, engine_text
from tm_localstack.athena.translation.types import Type

CONTEXT = Context("silver", "1234-5678", "s3://results/athena/")
T = Name("t", "silver")


def steps(sql):
    return accept(sql).translate(CONTEXT)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT \t* FROM \"t$snapshots\" WHERE a = ';' -- why not",
        "with x as (select 1) select * from x",
        "((select 1) union all (select 2))",
        "values (1), (2)",
        "insert into t select * from u",
        "merge into t using u on t.a = u.a when matched then delete",
        "update t set a = 'create table'",
        "delete from t where a = 1",
        "explain analyze select 1",
    ],
)
def test_queries_and_changes_pass_untouched(sql):
    (step,) = steps(sql + " ;\n")
    assert step.sql == sql.removesuffix(" -- why not")


@pytest.mark.parametrize(
    ("sql", "kind", "subtype", "gives_table"),
    [
        ("select 1", "DML", "SELECT", True),
        ("insert into t values (1)", "DML", "INSERT", False),
        ("create table t with (format='ORC') as select 1 a", "DDL", "CREATE_TABLE_AS_SELECT", False),
        ("create external table t (a int) location 's3://b'", "DDL", "CREATE_TABLE", False),
        ("create or replace view v as select 1", "DDL", "CREATE_VIEW", False),
        ("show tables", "UTILITY", "SHOW_TABLES", False),
        ("desc t", "UTILITY", "DESCRIBE_TABLE", False),
        ("explain select 1", "UTILITY", "EXPLAIN", False),
        ("unload (select 1) to 's3://b/x' with (format='JSON')", "DML", "UNLOAD", False),
    ],
)
def test_a_statement_has_the_kind_that_athena_gives_it(sql, kind, subtype, gives_table):
    statement = accept(sql)
    assert (statement.type, statement.subtype, statement.gives_table) == (kind, subtype, gives_table)


@pytest.mark.parametrize(
    "sql",
    [
        "create or replace table t as select 1 a",
        "call system.runtime.kill_query('x')",
        "grant select on t to role r",
        "set session query_max_run_time = '1m'",
        "use silver",
        "truncate table t",
        "create materialized view v as select 1",
        "analyze t",
        "start transaction",
        "comment on table t is 'x'",
        "with function f() returns int return 1 select f()",
        "select dot_product(array[1.0], array[2.0])",
        "",
        "-- only a comment",
        "select 1; select 2",
    ],
)
def test_what_athena_has_not_is_refused_before_it_runs(sql):
    with pytest.raises(QueryRefusedError):
        accept(sql)


def test_what_begins_like_no_statement_is_a_syntax_error():
    with pytest.raises(SqlSyntaxError, match=r"^line 2:1: mismatched input 'selec'. Expecting: 'ALTER', 'ANALYZE', "):
        accept("-- a comment\nselec 1")


def test_a_query_may_have_256_kib_and_not_a_byte_more():
    longest = "select '" + "x" * (MAX_QUERY_BYTES - 9) + "'"
    assert accept(longest).sql == longest
    with pytest.raises(QueryRefusedError, match="262145 bytes"):
        accept(longest + " ")
    with pytest.raises(QueryRefusedError):
        accept(longest.replace("x", "é", 1))


@pytest.mark.parametrize(
    ("sql", "step"),
    [
        ("alter table t add columns (a string, b array<int>)", None),
        ("alter table t drop column `a`", plan.DropColumn(T, "a")),
        ("alter table t change column a b bigint", plan.ChangeColumn(T, "a", Column("b", Type("bigint")))),
        ("alter table t change a a int comment 'x'", plan.ChangeColumn(T, "a", Column("a", Type("int"), "x"))),
        ("alter table t replace columns (a int)", plan.ReplaceColumns(T, (Column("a", Type("int")),))),
        ("alter table `silver`.`t` rename to `gold`.`u`", plan.RenameTable(T, Name("u", "gold"))),
        ("alter table t set location 's3://b/x'", plan.SetLocation(T, "s3://b/x")),
        ("alter table t set tblproperties ('a' = '1', 'b'='2')", plan.SetTableProperties(T, {"a": "1", "b": "2"})),
        ("alter table t unset tblproperties ('a', 'b')", plan.UnsetTableProperties(T, ("a", "b"))),
        (
            "alter table t add if not exists partition (dt='1', n=2) location 's3://b/x' partition (dt='2', n=3)",
            plan.AddPartitions(T, (({"dt": "1", "n": "2"}, "s3://b/x"), ({"dt": "2", "n": "3"}, None)), True),
        ),
        ("alter table t drop partition (dt='1')", plan.DropPartitions(T, ({"dt": "1"},), False)),
        ("alter database silver set dbproperties ('a'='1')", plan.SetDatabaseProperties("silver", {"a": "1"})),
        ("optimize t rewrite data using bin_pack where a = 1", plan.Optimize(T, "where a = 1")),
        ("VACUUM silver.t", plan.Vacuum(T)),
        ("msck repair table `t`", plan.RepairTable(T)),
        ("drop table if exists `t`", plan.DropTable(T, True)),
        ("drop database if exists gold cascade", plan.DropDatabase("gold", True, True)),
        ("create schema if not exists `gold` location 's3://b'", plan.CreateDatabase("gold", True, "s3://b")),
        ("show databases like 'g*'", plan.ShowDatabases("g*")),
        ("show tables in gold '*x'", plan.ShowTables("gold", "*x")),
        ("show views", plan.ShowTables("silver", None, only_views=True)),
        ("show columns in t from gold", plan.ShowColumns(Name("t", "gold"))),
        ("show partitions t", plan.ShowPartitions(T)),
        ("show tblproperties t ('a')", plan.ShowTableProperties(T, "a")),
        ("show create table t", plan.ShowCreate(T, of_view=False)),
        ("describe formatted gold.t", plan.Describe(Name("t", "gold"), True)),
        ("prepare p from select ? ", plan.PrepareStatement("p", "select ?")),
        ("execute p using 1, 'a,b'", plan.ExecuteStatement("p", ("1", "'a,b'"))),
        ("deallocate prepare p", plan.DeallocateStatement("p")),
    ],
)
def test_a_statement_of_athena_becomes_its_step(sql, step):
    if step is None:
        columns = (Column("a", Type("string")), Column("b", Type("array", fields=(("", Type("int")),))))
        step = plan.AddColumns(T, columns)
    assert steps(sql) == [step]


def test_a_view_runs_with_the_rights_of_its_caller():
    (create,) = steps('create or replace view "gold"."v" as select * from t;')
    assert create.sql == 'CREATE OR REPLACE VIEW "gold"."v" SECURITY INVOKER AS select * from t'


def test_unload_writes_a_table_of_files_and_forgets_it():
    check, create, drop, note = steps(
        "unload (select a, ')' b from t) to 's3://b/x/' with (format='PARQUET', compression='gzip')"
    )
    assert check.location == "s3://b/x/"
    assert create.sql == (
        'CREATE TABLE "hive"."silver"."unload_12345678" '
        "WITH (external_location = 's3://b/x/', format = 'PARQUET') AS select a, ')' b from t"
    )
    assert create.session == (("hive.compression_codec", "GZIP"), ("skip_redundant_sort", "false"))
    assert drop.sql == 'DROP TABLE "hive"."silver"."unload_12345678"'
    assert note.location == "s3://b/x/"


@pytest.mark.parametrize(
    "sql",
    [
        "alter table t execute optimize",
        "alter table t add columns (a text)",
        "alter table t add columns (a int) cascade",
        "optimize t rewrite data using sort",
        "vacuum t now",
        "create external table t (a int) stored as excel location 's3://b'",
        "show columns t",
    ],
)
def test_what_is_not_in_the_grammar_is_a_syntax_error(sql):
    with pytest.raises(SqlSyntaxError, match=r"^line 1:\d+: "):
        steps(sql)


@pytest.mark.parametrize(
    ("sql", "step"),
    [
        ("alter table t change column a a int after b", plan.ChangeColumn(T, "a", Column("a", Type("int")), "b")),
        (
            "alter table t change a c int comment 'x' first",
            plan.ChangeColumn(T, "a", Column("c", Type("int"), "x"), ""),
        ),
        ("alter table t change a a int", plan.ChangeColumn(T, "a", Column("a", Type("int")), None)),
        (
            "alter table t partition (dt='1', h=2) set location 's3://b/x/'",
            plan.SetPartitionLocation(T, {"dt": "1", "h": "2"}, "s3://b/x/"),
        ),
        (
            "alter table t partition (dt='1') rename to partition (dt='2')",
            plan.RenamePartition(T, {"dt": "1"}, {"dt": "2"}),
        ),
    ],
)
def test_columns_are_moved_and_partitions_changed(sql, step):
    assert steps(sql) == [step]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("select 1\nfrm t", "select 1\nfrm t"),
        ("insert into t select 1", "insert into t select 1"),
        ("create table t with (format='ORC') as\nselect (1) as a with no data", "{37}\nselect (1) as a"),
        ("create or replace view v as select 1 as a", "{28}select 1 as a"),
        ("unload (select 1 as a) to 's3://b/x' with (format='JSON')", "{8}select 1 as a"),
        ("prepare p from select ?", "{15}select ?"),
        ("prepare p from ", None),
        ("create external table t (a int) location 's3://b/'", None),
        ("show tables", None),
        ("vacuum t", None),
    ],
)
def test_the_engines_part_of_a_statement_stays_at_its_place(sql, text):
    blank = re.match(r"\{(\d+)\}", text or "")
    expected = " " * int(blank[1]) + text[blank.end() :] if blank else text
    assert engine_text(classify(sql)) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "create external table \"t\" (a int) location 's3://b/'",
        "create table \"db\".\"t\" (a int) location 's3://b/' tblproperties ('table_type'='ICEBERG')",
        "create external table t (\"a\" int) location 's3://b/'",
        'drop table "db"."t"',
        'alter table "t" add columns (a int)',
        'create database "db"',
        'msck repair table "t"',
        'describe "t"',
        'vacuum "t"',
    ],
)
def test_names_in_hives_dialect_are_not_quoted_by_double_quotes(sql):
    with pytest.raises(SqlSyntaxError, match="an identifier"):
        steps(sql)
    assert steps(sql.replace('"', "`"))


@pytest.mark.parametrize("sql", ["select * from hive.a.t", 'select 1 from t join "system".runtime.queries on true'])
def test_the_engines_own_catalogs_are_not_there(sql):
    with pytest.raises(RefusedError, match=r"^CATALOG_NOT_FOUND: line 1:\d+: Catalog '\w+' does not exist"):
        steps(sql)


@pytest.mark.parametrize("sql", ["select * from hive", "select hive.a.b from hive", "select * from system.t"])
def test_tables_and_databases_may_be_called_like_them(sql):
    assert steps(sql)


def test_parameters_reach_only_steps_with_question_marks():
    (step,) = steps("select * from t where a = ?")
    assert plan.with_parameters(step, ("1",)).parameters == ("1",)
    *_, drop = steps("unload (select ?) to 's3://b/x/' with (format='PARQUET')")
    assert plan.with_parameters(drop, ("1",)) == drop
