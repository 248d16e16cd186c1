"""Every statement that a page can send: which tables and columns it may name, and how much it may read."""

import inspect
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from tm_lakehouse.dashboard import queries
from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.statement import Databases, Statement
from tm_lakehouse.dictionary import observability
from tm_lakehouse.dictionary.gold import read_models
from tm_lakehouse.tables import dim_facility_topology, fact_telemetry_event

ROOT = Path(__file__).parents[3]
DATABASES = Databases("silver", "gold", "observability")
FIXES = "fact_telemetry_event"
ARGUMENTS = {
    "course_id": "erinhills",
    "round_id": "65a1",
    "period": Period(date(2024, 6, 1), date(2026, 6, 1)),
    "length": "18",
    "order": "latest",
    "day": date(2025, 6, 1),
}
# What may be read of Silver: never a fix's texts, its source, or the round's attributes, which Gold has.
SILVER = {
    FIXES: {
        "course_id", "round_id", "event_date", "location_index", "fix_timestamp", "nine_number", "loop_number",
        "hole_number", "section_number", "hole_section", "longitude", "latitude", "pace", "pace_gap",
        "positional_gap", "battery_percentage", "is_cache", "is_projected", "is_problem", "is_location_padding",
    },
    "dim_facility_topology": set(dim_facility_topology.TABLE.column_names),
}  # fmt: skip
# Tables with a row per course or less. All others have a row per round, hole, hour or fix: those are read by course.
BY_COURSE = {
    "global_overview", "dim_course", "global_course_summary", "course_rounds_by_month", "data_quality_overview",
    "critical_column_gaps", "gold_coverage_audit", "latest_silver_runs", "course_rounds_by_weekday",
    "course_start_hole_distribution", "course_configuration_analysis",
}  # fmt: skip
# As wide as all other columns of a round together.
WIDE = {"pace_gaps"}


def _builders():
    modules = [import_module(f"{queries.__name__}.{module.name}") for module in iter_modules(queries.__path__)]
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and function.__annotations__.get("return") is Statement:
                yield pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}.{name}")


def _statement(builder) -> Statement:
    return builder(*(ARGUMENTS[name] for name in inspect.signature(builder).parameters))


def _schema():
    gold = {
        model.name: {column["name"]: column["data_type"] for column in model.columns}
        for model in read_models(ROOT / "python" / "dbt" / "models" / "gold")
    }
    silver = {
        table.name: {column.name: column.type for column in table.columns}
        for table in (fact_telemetry_event.TABLE, dim_facility_topology.TABLE)
    }
    declared = observability.read_columns(ROOT / "terraform" / "modules" / "catalog" / "silver_run_summaries.json")
    runs = {"latest_silver_runs": {column.name: column.kind for column in declared}}
    return {"gold": gold, "silver": silver, "observability": runs}


SCHEMA = _schema()


@pytest.fixture(params=_builders())
def statement(request) -> Statement:
    return _statement(request.param)


@pytest.fixture
def parsed(statement) -> exp.Expression:
    """With each column under its table; one that no model or contract declares is an error."""
    return qualify(sqlglot.parse_one(statement.sql(DATABASES), dialect="athena"), schema=SCHEMA, dialect="athena")


def _columns_by_table(parsed):
    named = {table.alias_or_name: (table.db, table.name) for table in parsed.find_all(exp.Table)}
    found: dict[tuple[str, str], set[str]] = {place: set() for place in named.values()}
    for column in parsed.find_all(exp.Column):
        if column.table in named:
            found[named[column.table]].add(column.name)
    return found


def test_every_module_of_queries_has_statements():
    subjects = {parameter.id.partition(".")[0] for parameter in _builders()}

    assert subjects == {module.name for module in iter_modules(queries.__path__)}


def test_tables_and_columns_are_declared_and_allowed(parsed):
    for (database, table), columns in _columns_by_table(parsed).items():
        assert columns, f"{table}: no column is read"
        assert columns <= set(SCHEMA[database][table]), table
        assert not columns & WIDE
        if database == "silver":
            assert columns <= SILVER[table], f"{table}: {columns - SILVER[table]}"


def test_nothing_is_changed_and_no_row_is_read_whole(statement):
    asked = sqlglot.parse_one(statement.sql(DATABASES), dialect="athena")

    assert isinstance(asked, exp.Select)
    assert [star for star in asked.find_all(exp.Star) if not isinstance(star.parent, exp.Count)] == []


def test_tables_by_round_are_read_of_one_course(parsed):
    of_one_course = {
        condition.this.table
        for condition in parsed.find(exp.Where).find_all(exp.EQ)
        if isinstance(condition.this, exp.Column)
        and condition.this.name in ("course_id", "facility_id")
        and condition.expression == exp.Literal.string(ARGUMENTS["course_id"])
    } if parsed.find(exp.Where) else set()  # fmt: skip

    large = {table.alias_or_name for table in parsed.find_all(exp.Table) if table.name not in BY_COURSE}

    assert large <= of_one_course


def test_fixes_are_read_of_a_year_at_most(parsed):
    if FIXES not in {table.name for table in parsed.find_all(exp.Table)}:
        return
    bounds = [between for between in parsed.find_all(exp.Between) if between.this.name == "event_date"]
    assert len(bounds) == 1
    low, high = (date.fromisoformat(bounds[0].args[end].find(exp.Literal).this) for end in ("low", "high"))
    by_round = any(column.name == "round_id" for column in parsed.find(exp.Where).find_all(exp.Column))

    assert by_round or (high - low).days <= 366


def test_names_tell_statements_apart():
    names = [_statement(parameter.values[0]).name for parameter in _builders()]

    assert len(set(names)) == len(names)


def test_a_round_without_times_is_looked_for_among_fixes_without_a_date():
    from tm_lakehouse.dashboard.queries.rounds import fixes_of_round

    sql = fixes_of_round("erinhills", "65a1", None).sql(DATABASES)

    assert "AND event_date IS NULL AND" in sql
    assert "BETWEEN" not in sql


def test_any_length_is_no_condition():
    from tm_lakehouse.dashboard.queries.rounds import round_list

    assert "round_length =" not in round_list("c", ARGUMENTS["period"], "any", "longest").sql(DATABASES)
    assert "round_length = '27'" in round_list("c", ARGUMENTS["period"], "27", "longest").sql(DATABASES)
