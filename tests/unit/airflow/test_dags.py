"""Airflow reads every DAG, quickly, and their tasks follow each other as the pipeline does."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
DAGS = PROJECT / "python" / "airflow" / "dags"
PYTHON = PROJECT / ".runtime" / "airflow" / "bin" / "python"
PARSE_SECONDS = 2


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a fresh Airflow finds, without any variable of a deployment."""
    home = tmp_path_factory.mktemp("airflow")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
    }
    script = Path(__file__).parent / "read_dags.py"
    done = subprocess.run(
        [str(PYTHON), str(script), str(DAGS), str(home / "found.json")],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((home / "found.json").read_text())


def test_every_file_is_a_dag_that_airflow_can_read(found):
    assert found["errors"] == {}
    assert set(found["dags"]) == {path.stem for path in DAGS.glob("*.py")} != set()


def test_reading_them_is_quick(found):
    assert found["parse_seconds"] / len(found["dags"]) < PARSE_SECONDS


def test_the_pipeline_goes_from_landing_to_its_report(found):
    tasks = found["dags"]["course_pipeline"]["tasks"]

    assert tasks == {
        "list_landed": ["check_silver", "start_silver"],
        "start_silver": ["check_silver"],
        "check_silver": ["build_gold", "report"],
        "build_gold": ["publish_gold"],
        "publish_gold": ["report"],
        "report": [],
    }


def test_what_is_owed_goes_through_the_same_pipeline(found):
    assert found["dags"]["reconcile"]["tasks"] == {"is_something_pending": ["start_pipeline"], "start_pipeline": []}
    assert found["dags"]["reconcile"]["unbounded"] == []


def test_what_works_on_the_lake_ends_in_time_and_alone(found):
    pipeline = found["dags"]["course_pipeline"]

    assert pipeline["unbounded"] == ["report"]
    assert pipeline["max_active_runs"] == 1


@pytest.mark.parametrize(("course", "is_a_course"), [("erinhills", True), ("course_id=x", False), ("a/b", False)])
def test_a_course_is_a_name_and_no_path(found, course, is_a_course):
    pattern = found["dags"]["course_pipeline"]["params"]["course_ids"]["items"]["pattern"]

    assert bool(re.fullmatch(pattern, course)) is is_a_course
