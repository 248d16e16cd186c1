"""The conditions by which a build reads only what changed, as dbt compiles them without any AWS."""

import json
import os
import subprocess

import pytest

from tm_lakehouse.cli.target import project_root

PROJECT = project_root() / "python" / "dbt"
DBT = project_root() / ".runtime" / "dbt" / "bin" / "dbt"
NAMES = [
    "AWS_REGION",
    "TM_DB_SILVER",
    "TM_DB_GOLD_BUILD",
    "TM_DB_OBSERVABILITY",
    "TM_ATHENA_WORKGROUP",
    "TM_ATHENA_RESULTS",
]
SCOPE = {
    "whole": False,
    "empty": False,
    "courses": ["b", "o'hara"],
    "dates": ["2024-06-02", "2024-06-01"],
    "months": ["2024-02-01", "2024-06-01"],
    "first_date": "2024-02-03",
    "last_date": "2024-06-02",
    "whole_courses": [],
}
PAIRS = (
    "(e.course_id, e.ingest_date) IN ( "
    'SELECT course_id, ingest_date FROM "awsdatacatalog"."gold"."changed_inputs" WHERE kind = \'silver_run\' )'
)
DATES = "e.ingest_date IN (DATE '2024-06-01', DATE '2024-06-02')"
COURSES = "e.course_id IN ('b', 'o''hara')"
EVENTS = (
    "( e.event_date IS NULL OR e.event_date BETWEEN DATE '2024-02-03' AND DATE '2024-02-29' "
    "OR e.event_date BETWEEN DATE '2024-06-01' AND DATE '2024-06-02' )"
)
MANY_DATES = [f"20{year}-01-{day:02}" for year in range(10, 20) for day in range(1, 12)]
# What differs in the scope, whether the rows have an event date, and the condition.
CASES = {
    "whole": ({"whole": True}, True, "true"),
    "empty": ({"empty": True}, True, "false"),
    "silver": ({}, True, f"( {DATES} AND {COURSES} AND {EVENTS} AND {PAIRS} )"),
    "gold": ({}, False, f"( {DATES} AND {COURSES} AND {PAIRS} )"),
    "undated": ({"months": None}, True, f"( {DATES} AND {COURSES} AND true AND {PAIRS} )"),
    "no rows with a date": ({"months": []}, True, f"( {DATES} AND {COURSES} AND e.event_date IS NULL AND {PAIRS} )"),
    "a course whole": (
        {"whole_courses": ["c"]}, False, f"( {DATES} AND {COURSES} AND {PAIRS} OR e.course_id IN ('c') )",
    ),
    "only a course whole": (
        {"courses": [], "dates": [], "whole_courses": ["c"]}, False,
        f"( e.ingest_date IN (NULL) AND e.course_id IN (NULL) AND {PAIRS} OR e.course_id IN ('c') )",
    ),
    "many": (
        {"courses": [f"c{number}" for number in range(101)], "dates": MANY_DATES}, False,
        f"( e.ingest_date BETWEEN DATE '2010-01-01' AND DATE '2019-01-11' AND {PAIRS} )",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The condition of every case, in one run of dbt."""
    target = tmp_path_factory.mktemp("dbt")
    lines = []
    for name, (difference, has_event_date, _) in CASES.items():
        scope = json.dumps(json.dumps(SCOPE | difference))
        lines.append(f"{name}: {{{{ scope_condition(fromjson({scope}), 'e', {str(has_event_date).lower()}) }}}};")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_", "DBT_"))}
    environment |= dict.fromkeys(NAMES, "us-east-1")
    environment |= {
        "TM_DB_GOLD_BUILD": "gold",
        "TM_ATHENA_RESULTS": "s3://r/",
        "TM_ICEBERG_WAREHOUSE_GOLD": "s3://serve/w",
    }
    command = [
        DBT, "--quiet", "compile", "--no-populate-cache", "--no-introspect", "--inline", "\n".join(lines),
        "--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", target, "--log-path", target,
        "--no-send-anonymous-usage-stats", "--no-version-check",
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    conditions = (each.split(":", 1) for each in done.stdout.split(";") if ":" in each)
    return {name.strip(): " ".join(condition.split()) for name, condition in conditions}


@pytest.mark.parametrize("case", CASES)
def test_condition_names_what_changed(compiled, case):
    assert compiled[case] == CASES[case][2]
