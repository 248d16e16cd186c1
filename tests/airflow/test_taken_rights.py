"""Each statement that Airflow's own role needs is taken away in turn: who needs it fails, and says for want of what."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import date

import boto3
import pytest
from taken_rights import BROKEN_DAY, DAY, PREFIX, Lakehouse, last_refusal, needed_statements, without

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1800)]

ROLE = "airflow"
CHANGE_SECONDS, TOLD_SECONDS, GOLD_SECONDS = 400, 120, 900


@dataclass(frozen=True)
class Run:
    """A run of a DAG that needs the statement."""

    dag: str = "course_pipeline"
    conf: dict[str, object] = field(default_factory=lambda: {"ingest_date": DAY})


RUNS = {
    "RunJobs": Run(),
    "WorkUnderOtherRoles": Run(),
    "SeeOptimizers": Run("maintenance", {}),
    "ObjectsObservabilityRead": Run(),
    "ListLanding": Run(),
    "ListObservability": Run(conf={}),
    "DecryptThroughS3": Run(),
    # A run that fails anyway, and tells why from the job's log.
    "ReadJobLogs": Run(conf={"ingest_date": BROKEN_DAY}),
}
# What MWAA itself needs when it starts Airflow.
STARTS = {"ReadDags", "InspectDagBucket", "UseOwnKey"}


@pytest.fixture(scope="module")
def worked(lake):
    """A course in Gold, a broken file landed of another day, and nothing that starts by itself."""
    lake.land(lake.generate("erinhills", 12, 77), date.fromisoformat(DAY))
    lake.wait_until(lambda: lake.rounds("erinhills"), GOLD_SECONDS, "rounds in Gold", every=5)
    lake.settle()
    lake.api("PATCH", "/dags/reconcile", {"is_paused": True})
    key = f"course_id=erinhills/ingest_date={BROKEN_DAY}/rounds.csv.gz"
    boto3.client("s3").put_object(Bucket=lake.settings.bucket_landing, Key=key, Body=b"no gzip")
    yield
    boto3.client("s3").delete_object(Bucket=lake.settings.bucket_landing, Key=key)
    lake.api("PATCH", "/dags/reconcile", {"is_paused": False})


@pytest.fixture(scope="module")
def status(lake):
    """What `status` tells."""
    return Lakehouse(lake.files / "status.log")


def _actions(sid):
    return needed_statements([ROLE])[ROLE, sid]


def _names_one(text, actions):
    return any(action.lower() in text.lower() for action in actions)


def test_every_needed_statement_is_taken_away_here():
    here = RUNS.keys() | STARTS | {"ReadEvents", "TellFailures", "WriteAndShowLogs", "KnowNoResource"}

    assert {sid for _, sid in needed_statements([ROLE])} == here


@pytest.mark.parametrize("sid", RUNS)
def test_a_run_without_a_statement_fails_and_names_the_action(lake, worked, sid):
    run, run_id = RUNS[sid], f"without-{sid}-{uuid.uuid4().hex[:6]}"
    with without(ROLE, sid):
        state, tasks = lake.conduct(run.dag, run_id, run.conf)
        told = "\n".join(_log(lake, run.dag, run_id, task) for task, ended in tasks.items() if ended == "failed")

    assert state == "failed"
    assert _names_one(told, _actions(sid)), told


def test_a_run_that_has_all_of_them_succeeds(lake, worked):
    state, tasks = lake.conduct("course_pipeline", "with-all", {"ingest_date": DAY})

    others = {task: ended for task, ended in tasks.items() if ended != "success"}
    # Nobody asked for it.
    assert (state, others) == ("success", {"check_parity": "skipped"})


@pytest.mark.parametrize("sid", sorted(STARTS))
def test_an_environment_that_lacks_a_statement_is_not_changed_and_says_why(lake, worked, sid):
    with without(ROLE, sid):
        change = _changed(lake)

    assert change["Status"] == "FAILED"
    assert _names_one(change["Error"]["ErrorMessage"], _actions(sid)), change
    assert _changed(lake)["Status"] == "SUCCESS"


def test_without_its_logs_airflow_goes_on_and_the_refusal_is_told(lake, worked, status):
    with without(ROLE, "WriteAndShowLogs"):
        state, _ = lake.conduct("maintenance", "without-WriteAndShowLogs", {})
        lake.wait_until(lambda: _is_told(status, "logs:PutLogEvents"), TOLD_SECONDS, "logs:PutLogEvents in `status`")

    assert state == "success"


def test_airflow_starts_without_knowing_its_log_groups_and_the_refusal_is_told(lake, worked, status):
    with without(ROLE, "KnowNoResource"):
        # Its processes ask once, when they start.
        change = _changed(lake)
        state, _ = lake.conduct("maintenance", "without-KnowNoResource", {})
        lake.wait_until(
            lambda: _is_told(status, "logs:DescribeLogGroups"), TOLD_SECONDS, "logs:DescribeLogGroups in `status`"
        )

    assert (change["Status"], state) == ("SUCCESS", "success")


def test_an_alert_that_may_not_be_sent_is_told(lake, worked, status):
    with without(ROLE, "TellFailures"):
        state, _ = lake.conduct("course_pipeline", "without-alert", {"ingest_date": "1999-01-01"})
        lake.wait_until(lambda: _is_told(status, "sns:Publish"), TOLD_SECONDS, "sns:Publish in `status`")

    assert state == "failed"


def test_events_that_may_not_be_read_are_told_and_are_read_again_afterwards(lake, worked, status):
    # Airflow reads no events for a DAG that is paused.
    lake.api("PATCH", "/dags/reconcile", {"is_paused": False})
    with without(ROLE, "ReadEvents"):
        lake.wait_until(lambda: _is_told(status, "sqs:ReceiveMessage"), TOLD_SECONDS, "sqs:ReceiveMessage in `status`")
    lake.settle()
    looks = len(lake.runs("reconcile"))
    lake.land(lake.generate("indiancreek", 6, 78), date.fromisoformat(DAY))

    lake.wait_until(lambda: len(lake.runs("reconcile")) > looks, TOLD_SECONDS, "a look at what landed")
    lake.settle()


def _log(lake, dag, run_id, task):
    """What a task said in its last attempt."""
    attempt = lake.api("GET", f"/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}")["try_number"]
    found = lake.api("GET", f"/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}/logs/{attempt}")
    return json.dumps(found)


def _changed(lake):
    """How a change of the environment that changes nothing ended; Airflow is started anew for it."""
    mwaa, name = boto3.client("mwaa"), lake.settings.airflow_environment
    options = mwaa.get_environment(Name=name)["Environment"]["AirflowConfigurationOptions"]
    mwaa.update_environment(Name=name, AirflowConfigurationOptions=options)

    def ended():
        found = mwaa.get_environment(Name=name)["Environment"]
        return found["LastUpdate"] if found["Status"] in ("AVAILABLE", "UPDATE_FAILED") else None

    return lake.wait_until(ended, CHANGE_SECONDS, "the end of the change")


def _is_told(status, action):
    last = last_refusal(status)
    return action in last and last.endswith(f"role/{PREFIX}-{ROLE}")
