"""Airflow reads every DAG, quickly, and their tasks follow each other as the pipeline does."""

import re

import pytest
from airflow_dags import DAGS, found_by

PARSE_SECONDS = 2
TOPIC = "arn:aws:sns:us-east-1:111111111111:lake-alerts"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111111111111/lake-landing-events"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a fresh Airflow finds, without any variable of a deployment."""
    return found_by("airflow", tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """What it finds with the variables that Terraform gives it."""
    return found_by(
        "airflow",
        tmp_path_factory.mktemp("airflow"),
        TM_ALERT_TOPIC_ARN=TOPIC,
        TM_LANDING_EVENTS_URL=QUEUE,
        AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE="True",
    )


def test_every_file_is_a_dag_that_airflow_can_read(found):
    assert found["errors"] == {}
    assert set(found["dags"]) == {path.stem for path in DAGS.glob("*.py")} != set()


def test_reading_them_is_quick(found):
    assert found["parse_seconds"] / len(found["dags"]) < PARSE_SECONDS


def test_the_pipeline_goes_from_landing_to_its_report(found):
    tasks = found["dags"]["course_pipeline"]["tasks"]

    assert tasks == {
        "list_landed": ["check_silver", "refresh_topology", "start_silver"],
        "start_silver": ["check_silver", "keep_report"],
        "check_silver": ["refresh_topology", "report"],
        "refresh_topology": ["build_gold.inputs", "report"],
        "build_gold.inputs": ["build_gold.rounds", "report"],
        "build_gold.rounds": ["build_gold.summaries", "report"],
        "build_gold.summaries": ["check_freshness", "publish_gold", "report"],
        "publish_gold": ["check_freshness", "check_parity", "report"],
        "check_freshness": ["report"],
        "check_parity": ["report"],
        "report": ["keep_report"],
        "keep_report": [],
    }


def test_a_history_is_split_before_it_is_run_and_gold_is_built_once(found):
    assert found["dags"]["backfill"]["tasks"] == {
        "plan_runs": ["all_deliveries", "bring_to_silver"],
        "all_deliveries": ["refresh_topology"],
        "bring_to_silver": ["sum_up"],
        "sum_up": ["refresh_topology"],
        "refresh_topology": ["build_gold.inputs"],
        "build_gold.inputs": ["build_gold.rounds"],
        "build_gold.rounds": ["build_gold.summaries"],
        "build_gold.summaries": ["publish_gold"],
        "publish_gold": [],
    }
    assert found["dags"]["backfill"]["at_once"]["bring_to_silver"] == 2


def test_what_is_owed_goes_through_the_same_pipeline(found):
    tasks = found["dags"]["reconcile"]["tasks"]

    assert tasks == {"is_something_pending": ["start_pipeline"], "start_pipeline": [], "check_deadline": []}


def test_upkeep_is_one_run_over_what_nobody_keeps(found):
    tasks = found["dags"]["maintenance"]["tasks"]

    assert tasks == {"unkept_tables": ["start_upkeep"], "start_upkeep": ["check_upkeep"], "check_upkeep": []}


@pytest.mark.parametrize("dag", ["course_pipeline", "backfill", "reconcile", "maintenance"])
def test_what_works_on_the_lake_ends_in_time_and_alone(found, dag):
    assert found["dags"][dag]["unbounded"] == []
    assert found["dags"][dag]["max_active_runs"] == 1


def test_runs_that_are_paid_for_are_not_started_again_by_themselves(found):
    retries = found["dags"]["course_pipeline"]["retries"]

    assert (retries["start_silver"], retries["check_silver"], retries["build_gold.rounds"]) == (0, 2, 2)


def test_runs_of_the_silver_job_share_a_pool(found):
    pools = {dag_id: dag["pools"] for dag_id, dag in found["dags"].items() if dag["pools"]}

    assert pools == {"course_pipeline": {"check_silver": "silver_runs"}, "backfill": {"bring_to_silver": "silver_runs"}}


def test_waiting_for_glue_is_deferred_where_airflow_is_told_so_and_nothing_else_is(found, deployed):
    assert [dag["deferred"] for dag in found["dags"].values()] == [[], [], [], []]
    deferred = {dag_id: dag["deferred"] for dag_id, dag in deployed["dags"].items() if dag["deferred"]}
    # A mapped task says so only where it runs.
    assert deferred == {"course_pipeline": ["check_silver"], "maintenance": ["check_upkeep"]}


def test_without_a_topic_and_a_queue_nobody_is_told_and_the_clock_alone_starts(found):
    assert found["dags"]["course_pipeline"]["alerts"] == found["dags"]["course_pipeline"]["run_alerts"] == []
    assert found["dags"]["reconcile"]["events"] == []


def test_with_them_failures_are_told_and_landed_files_start_the_pipeline(deployed):
    assert [dag["alerts"] for dag in deployed["dags"].values()] == [[TOPIC]] * 4
    assert [dag["run_alerts"] for dag in deployed["dags"].values()] == [[TOPIC]] * 4
    assert deployed["dags"]["reconcile"]["events"] == [QUEUE]


@pytest.mark.parametrize(("course", "is_a_course"), [("erinhills", True), ("course_id=x", False), ("a/b", False)])
def test_a_course_is_a_name_and_no_path(found, course, is_a_course):
    pattern = found["dags"]["course_pipeline"]["params"]["course_ids"]["items"]["pattern"]

    assert bool(re.fullmatch(pattern, course)) is is_a_course


@pytest.mark.parametrize("dag", ["course_pipeline", "backfill"])
def test_courses_may_be_left_out(found, dag):
    """A form asks for every parameter that may not be null."""
    assert "null" in found["dags"][dag]["params"]["course_ids"]["type"]
