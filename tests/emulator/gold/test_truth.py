"""Every number of Gold equals what its definition gives, computed by plain Python over the same Silver rows."""

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from gold_truth.tables import tables
from gold_truth.values import Rounded
from silver_oracle.delivery import Nine, tell
from silver_oracle.files import File
from silver_oracle.table import Table

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.dictionary.gold import read_models
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold
from tm_lakehouse.tables.fact_telemetry_event import TABLE
from tm_lakehouse.topology.refresh import refresh

MODELS = {model.name: model for model in read_models(project_root() / "python" / "dbt" / "models" / "gold")}
# What no definition tells, with the reason.
UNTOLD = {
    ("critical_column_gaps", "top_recommendation"): "its words are the model's own",
    ("round_hours", "pace_gaps"): "a list for the medians, which are told",
}
BOOKKEEPING = {"changed_inputs", "changed_rounds", "consumed_inputs"}

# 18 holes, a shotgun start; 27 holes; loops of nine; and one that no profile knows, so that it has no time zone.
COURSES = {"indiancreek": 14, "erinhills": 12, "bradshawfarmgc": 12, "americanfalls": 10, "synthetic-001": 8}
DATES = (date(2024, 9, 2), date(2024, 9, 9))
OF_FIX = (
    "fix_timestamp", "hole_number", "section_number", "hole_section", "nine_number", "loop_number", "longitude",
    "is_cache", "is_projected", "is_problem", "pace", "pace_gap", "positional_gap", "battery_percentage",
)  # fmt: skip
OF_ROUND = (
    "start_hole", "start_section", "end_section", "is_nine_hole", "current_nine", "goal_time", "is_complete",
    "is_incomplete", "is_secondary", "is_auto_assigned", "device",
)  # fmt: skip
REDELIVERED = 3
NINES = {
    "americanfalls": [Nine(1, 1, 24)],
    "bradshawfarmgc": [Nine(1, 1, 27), Nine(2, 28, 54), Nine(3, 55, 80)],
    "indiancreek": [Nine(1, 1, 27), Nine(2, 28, 54)],
}
ROWS_AT_ONCE = 150


@pytest.fixture(scope="module")
def silver(tmp_path_factory):
    """Rows of generated courses over two deliveries, by the oracle; here and there a value is taken away."""
    folder = tmp_path_factory.mktemp("courses")
    orders = [CourseOrder(find_profile(course), rounds) for course, rounds in COURSES.items()]
    generate_folder(folder, orders, Options(seed=5, file_format="jsonl"), is_forced=True)
    table = Table()
    for course in COURSES:
        lines = [line for path in sorted(folder.glob(f"{course}.rounds*")) for line in path.read_bytes().splitlines()]
        table.run({(course, DATES[0]): _told(course, lines)})
        table.run({(course, DATES[1]): _told(course, lines[:REDELIVERED])})
    return _thinned(list(table.rows()))


@pytest.fixture(scope="module")
def truth(silver, lakehouse, athena, add_fixes):
    """Each table's rows by definition; the dimensions are those of the lakehouse."""
    stored = [{name: _stored(row.get(name)) for name in TABLE.column_names} for row in silver]
    for start in range(0, len(stored), ROWS_AT_ONCE):
        add_fixes(stored[start : start + ROWS_AT_ONCE])
    refresh(lakehouse)
    topology = athena.query("SELECT facility_id, nine_number, unit_name FROM dim_facility_topology").records()
    nines = [row | {"nine_number": int(row["nine_number"])} for row in topology]
    profiles = athena.query("SELECT * FROM dim_course_profile").records()
    return tables(silver, nines, [_profile(row) for row in profiles])


@pytest.fixture(scope="module")
def built(truth, lakehouse, tmp_path_factory):
    """Gold by dbt through Athena."""
    dbt = replace(find_dbt(project_root(), "truth"), work=tmp_path_factory.mktemp("dbt") / "truth")
    summary = build_gold(dbt, lakehouse, "truth")
    assert summary.failed() == []
    return lakehouse.db_gold_build


def test_every_column_of_gold_has_a_truth(truth):
    told = {(table, column) for table, rows in truth.items() for column in rows[0]}
    declared = {
        (name, column["name"]) for name, model in MODELS.items() for column in model.columns if name not in BOOKKEEPING
    }
    assert told | UNTOLD.keys() == declared


def test_what_the_truth_is_made_of_has_all_that_matters(silver, truth):
    assert {row["ingest_date"] for row in silver} == set(DATES)
    assert any(row["is_location_padding"] for row in silver)
    assert {row["round_length"] for row in truth["fact_rounds"]} >= {"9", "18", "27"}
    assert len({row["course_id"] for row in truth["dim_course"]}) == len(COURSES)
    assert {row["topology_course_type"] for row in truth["dim_course"]} >= {None, "27-hole"}
    assert {row["health_flag"] for row in truth["device_health_errors"]} == {"battery_low", "battery_critical"}
    kinds = {type(value) for rows in truth.values() for row in rows for value in row.values()}
    assert {bool, int, float, str, date, datetime, Rounded, type(None)} <= kinds


@pytest.mark.parametrize("table", sorted(MODELS.keys() - BOOKKEEPING))
def test_numbers_are_those_of_the_definition(truth, built, athena, table):
    key = MODELS[table].key
    found = {_key(row, key): row for row in athena.query(f'SELECT * FROM "{built}"."{table}"').records()}
    expected = {_key(row, key): row for row in truth[table]}
    assert len(expected) == len(truth[table])
    assert found.keys() == expected.keys()
    wrong = [
        (row_key, column, value, found[row_key][column])
        for row_key, row in expected.items()
        for column, value in row.items()
        if not _is(found[row_key][column], value)
    ]
    assert wrong[:5] == [], f"{len(wrong)} values"


def _told(course, lines):
    return tell(
        course, [File("rounds.jsonl", b"\n".join(lines), datetime(2024, 9, 2, tzinfo=UTC))], NINES.get(course, [])
    )


def _thinned(rows):
    """The same rows with values taken away, weak batteries and secondary rounds, by a fixed dice."""
    dice = random.Random(11)
    of_rounds = {}
    for row in rows:
        changed = of_rounds.setdefault((row["course_id"], row["round_id"]), _changed_round(dice))
        row |= changed
        if dice.random() < 0.15:
            row[dice.choice(OF_FIX)] = None
        if dice.random() < 0.1:
            row["battery_percentage"] = dice.choice((3.25, 9.999, 10.0, 19.5, 20.0))
        row["is_timestamp_missing"] = row["fix_timestamp"] is None
        row["is_location_padding"] = row["hole_number"] is None and row["section_number"] is None
        day = row["fix_timestamp"] and row["fix_timestamp"].date()
        row |= {"event_date": day, "event_year": day and day.year, "event_month": day and day.month}
    return rows


def _changed_round(dice):
    """What all rows of a round have in common."""
    if dice.random() < 0.5:
        return {dice.choice(OF_ROUND): None}
    return {"is_secondary": True} if dice.random() < 0.3 else {}


def _stored(value):
    """As the fixture that inserts rows takes them."""
    return value.isoformat() if isinstance(value, date) else value


def _profile(row):
    months = ("peak_season_start_month", "peak_season_end_month")
    return row | {name: row[name] and int(row[name]) for name in months}


def _key(row, columns):
    """Keys of truth and of Athena's texts in one form."""
    return tuple(_text(row[column]) for column in columns)


def _text(value):
    return None if value is None else str(value)


def _is(text, value):
    """Whether Athena's text is a value."""
    if value is None or text is None:
        return value is None and text is None
    if isinstance(value, Rounded):
        return value.allows(text)
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, datetime):
        return datetime.fromisoformat(text) == value
    if isinstance(value, int | float):
        return math.isclose(float(text), value, rel_tol=1e-9)
    return text == str(value)
