"""What lands is in Gold without anyone's hand, once; and what can't be brought there is told."""

import datetime as dt
import json
import time
from contextlib import contextmanager

import boto3
import psutil
import pytest

FIRST, LATER = dt.date(2024, 9, 2), dt.date(2024, 9, 3)
GOLD_SECONDS = 900
QUEUED, QUEUED_SECONDS = 50, 1200
# The first of a module's tests waits for the deployment and for two runs of the pipeline.
pytestmark = pytest.mark.timeout(2400)


@pytest.fixture(scope="module")
def landed(lake):
    """Two courses landed on one day, and the seconds until readers saw both."""
    for course in ("indiancreek", "erinhills"):
        lake.generate(course, 30, 1)
    began = time.monotonic()
    for course in ("indiancreek", "erinhills"):
        lake.land(lake.files / f"{course}-1", FIRST)
    # Each look is a query: more of them would take the engine from the build that they wait for.
    lake.wait_until(
        lambda: lake.rounds("indiancreek") and lake.rounds("erinhills"), GOLD_SECONDS, "rounds in Gold", every=5
    )
    seconds = time.monotonic() - began
    lake.settle()
    return seconds


def test_a_landed_file_is_in_gold_without_anyones_hand(lake, landed, record_property):
    record_property("seconds_from_landing_to_gold", landed)
    done = [run for run in lake.runs("course_pipeline") if run["state"] == "success"]

    assert done
    assert {run["state"] for run in lake.runs("reconcile")} == {"success"}
    assert {run["JobRunState"] for run in lake.glue_runs()} == {"SUCCEEDED"}


def test_the_report_tells_each_stage_and_each_model(lake, landed):
    reports = [
        report for run in lake.runs("course_pipeline") if isinstance(report := _result(lake, run["dag_run_id"]), dict)
    ]

    assert sum(report["silver"]["deliveries"] for report in reports) == 2
    assert {"fact_rounds", "dim_course"} <= {model["name"] for model in reports[0]["gold"]["models"]}
    assert reports[0]["freshness"]
    assert reports[0]["parity"] is None


def test_every_run_that_did_something_keeps_a_page_of_itself(lake, landed):
    reports = [report for run in lake.runs("course_pipeline") if (report := _kept(lake, run["dag_run_id"]))]

    assert sum(len(report["deliveries"]) for report in reports) == 2
    for report in reports:
        assert (report["status"], report["problems"]) == ("succeeded", [])
        # Airflow may not read what is landed, so that nobody counts its records there; all else is compared.
        unread = [account["name"] for account in report["accounts"] if account["holds"] is None]
        assert unread == ["every landed record was read"]
        assert report["unread"] == []
        assert report["course_map"]["fixes"]
        assert dict(report["links"])["Airflow"].startswith("http")


def _kept(lake, run_id):
    """The data of the report that a run kept; None where it was skipped."""
    if lake.task(run_id, "keep_report")["state"] == "skipped":
        return None
    page = lake.result("course_pipeline", run_id, "keep_report")
    bucket, _, key = page.removeprefix("s3://").partition("/")
    read = [
        boto3.client("s3").get_object(Bucket=bucket, Key=each)["Body"].read()
        for each in (key, key.replace(".html", ".json"))
    ]
    assert read[0].startswith(b"<!DOCTYPE html>")
    return json.loads(read[1])


def _result(lake, run_id):
    tasks = lake.api("GET", f"/dags/course_pipeline/dagRuns/{run_id}/taskInstances")["task_instances"]
    is_done = any(task["task_id"] == "report" and task["state"] == "success" for task in tasks)
    return lake.result("course_pipeline", run_id, "report") if is_done else None


def test_the_same_file_again_starts_no_second_run(lake, landed):
    before, looks, rounds = len(lake.glue_runs()), len(lake.runs("reconcile")), lake.rounds("indiancreek")
    s3, bucket = boto3.client("s3"), lake.settings.bucket_landing
    (key, *_) = [
        found["Key"] for found in s3.list_objects_v2(Bucket=bucket, Prefix="course_id=indiancreek/")["Contents"]
    ]
    s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": bucket, "Key": key}, MetadataDirective="REPLACE")
    lake.wait_until(lambda: len(lake.runs("reconcile")) > looks, 90, "a look at what landed")
    lake.settle()

    assert len(lake.glue_runs()) == before
    assert lake.rounds("indiancreek") == rounds


@pytest.mark.nightly
def test_a_burst_of_files_and_killed_processes_end_with_every_row_once(lake, landed, alerts):
    """25 deliveries land at once. Scheduler and triggerer are killed while Glue runs, then the worker that builds Gold.

    Airflow 3.0 fails that worker's task without trying it again, and its run with it. That is told, and the next look
    makes it good.
    """
    runs, before = len(lake.glue_runs()), {run["dag_run_id"] for run in lake.runs("course_pipeline")}
    days, rounds_a_day = _land_a_burst(lake)
    waiting = lake.wait_until(lambda: _new_task(lake, before, "check_silver", "deferred"), GOLD_SECONDS, "Glue's run")
    for component in ("scheduler", "triggerer"):
        lake.kill_component(component)
    building = lake.wait_until(
        lambda: _new_task(lake, before, "build_gold.rounds", "running"), GOLD_SECONDS, "a build of Gold"
    )
    _kill_task(building["id"])
    alerts.wait_for(f"Run {building['dag_run_id']} of course_pipeline failed")
    lake.settle()
    _look_again(lake)

    assert lake.task(waiting["dag_run_id"], "check_silver")["state"] == "success"
    assert lake.task(building["dag_run_id"], "build_gold.rounds")["state"] == "failed"
    assert lake.owed() == []
    # The one that was waited for, and one for what landed after it was planned.
    assert 1 <= len(lake.glue_runs()) - runs <= 2
    assert {run["JobRunState"] for run in lake.glue_runs()} == {"SUCCEEDED"}
    assert lake.silver_rounds("burst%") == len(days) * rounds_a_day
    (twice,) = lake.silver(
        "SELECT count(*) FROM (SELECT round_id, location_index FROM fact_telemetry_event "
        "WHERE round_id LIKE 'burst%' GROUP BY 1, 2 HAVING count(*) > 1)"
    )
    assert twice == "0"
    shown = lake.rounds("indiancreek", "burst%")
    assert shown > 0
    assert shown % len(days) == 0


def _land_a_burst(lake):
    """The days, and how many rounds landed of each."""
    (file,) = lake.generate("indiancreek", 2, 9).glob("*rounds.csv")
    lines = file.read_bytes().splitlines(keepends=True)
    days = [dt.date(2024, 10, day) for day in range(1, 26)]
    for number, day in enumerate(days):
        # Rounds of their own: one that comes again would replace its earlier version.
        body = lines[0] + b"".join(b"burst%02d" % number + line[7:] for line in lines[1:])
        key = f"course_id=indiancreek/ingest_date={day}/rounds.csv"
        boto3.client("s3").put_object(Bucket=lake.settings.bucket_landing, Key=key, Body=body)
    return days, len(lines) - 1


def _look_again(lake):
    """What the next hour brings."""
    state, _ = lake.conduct("reconcile", "an-hour-later", {})
    assert state == "success"
    lake.settle()


def _new_task(lake, before, name, state):
    """The task of this name and state, of a run of the pipeline that is new."""
    new = [run["dag_run_id"] for run in lake.runs("course_pipeline") if run["dag_run_id"] not in before]
    tasks = [lake.task(run_id, name) for run_id in new]
    return next((task for task in tasks if task and task["state"] == state), None)


def _kill_task(task_id):
    """End a task's process, as the kernel does where memory is short."""
    title = f"airflow worker -- {task_id}"
    found = [each for each in psutil.process_iter(["cmdline"]) if " ".join(each.info["cmdline"] or []).strip() == title]
    assert len(found) == 1
    found[0].kill()


def test_run_says_that_there_is_nothing_to_do(lake, landed):
    before = len(lake.glue_runs())
    lake.run("run")

    assert "nothing to do" in lake.commands.log.read_text()
    assert len(lake.glue_runs()) == before


@pytest.mark.nightly
def test_a_run_of_a_date_can_let_both_engines_read_the_same(lake, landed):
    conf = {"ingest_date": FIRST.isoformat(), "course_ids": ["indiancreek"], "check_parity": True}
    state, tasks = lake.conduct("course_pipeline", "with-parity", conf)

    assert (state, set(tasks.values())) == ("success", {"success"})
    assert lake.result("course_pipeline", "with-parity", "check_parity")["tables"] > 5


def test_a_parameter_that_is_no_date_is_refused(lake):
    with pytest.raises(boto3.client("mwaa").exceptions.RestApiClientException):
        lake.conduct("course_pipeline", "no-date", {"ingest_date": "tomorrow"})


@pytest.fixture(scope="module")
def alerts(lake):
    """A queue that hears what the alerts topic tells."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topics = [topic["TopicArn"] for topic in sns.list_topics()["Topics"] if "alerts" in topic["TopicArn"]]
    queue = sqs.create_queue(QueueName="alerts-of-a-test")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topics[0], Protocol="sqs", Endpoint=arn)

    return _Alerts(lake, queue)


class _Alerts:
    """What the alerts topic tells."""

    def __init__(self, lake, queue):
        self._lake = lake
        self._queue = queue
        self._heard = []

    def wait_for(self, text):
        """The message that says this, as soon as it came."""
        return self._lake.wait_until(lambda: self._find(text), GOLD_SECONDS, f"an alert: {text}")

    def _find(self, text):
        asked = {"QueueUrl": self._queue, "WaitTimeSeconds": 1, "MaxNumberOfMessages": 10}
        found = boto3.client("sqs").receive_message(**asked).get("Messages", [])
        self._heard.extend(json.loads(message["Body"]) for message in found)
        return next((message for message in self._heard if text in _text(message)), None)


def _text(message):
    """What people read; not every message of the topic has a subject."""
    return f"{message.get('Subject', '')}\n{message['Message']}"


def test_a_broken_file_fails_its_run_is_told_and_changes_nothing(lake, landed, alerts):
    rounds = lake.rounds("erinhills")
    key = f"course_id=erinhills/ingest_date={LATER}/rounds.csv.gz"
    boto3.client("s3").put_object(Bucket=lake.settings.bucket_landing, Key=key, Body=b"no gzip")
    told = alerts.wait_for("course_pipeline: check_silver failed")
    alerts.wait_for("course_pipeline: a run failed")
    boto3.client("s3").delete_object(Bucket=lake.settings.bucket_landing, Key=key)
    lake.settle()

    assert "its gzip is broken" in told["Message"]
    assert lake.rounds("erinhills") == rounds


@pytest.mark.nightly
def test_a_history_is_brought_to_gold_and_done_again_does_nothing(lake, landed):
    lake.api("PATCH", "/dags/reconcile", {"is_paused": True})
    try:
        for day in (1, 2, 3):
            lake.land(lake.generate("pinehurst4", 20, day), dt.date(2024, 8, day))
        conf = {"first_date": "2024-08-01", "last_date": "2024-08-31"}
        state, tasks = lake.conduct("backfill", "history", conf)
        assert (state, set(tasks.values())) == ("success", {"success"})
        assert lake.result("backfill", "history", "sum_up")["deliveries"] == 3
        assert lake.rounds("pinehurst4") > 0

        again, tasks = lake.conduct("backfill", "history-again", conf)
        assert (again, set(tasks.values())) == ("success", {"skipped"})
    finally:
        lake.api("PATCH", "/dags/reconcile", {"is_paused": False})


@pytest.mark.nightly
def test_fifty_runs_at_once_do_the_work_of_one_whose_event_was_lost(lake, landed, record_property):
    """A file lands and nobody is told. The first of the runs that queue up takes it, the others find nothing to do."""
    runs, before = len(lake.glue_runs()), lake.rounds("bradshawfarmgc")
    with _deaf(lake.settings.bucket_landing):
        lake.land(lake.generate("bradshawfarmgc", 20, 50), dt.date(2024, 11, 1))
    assert len(lake.owed()) == 1
    began = time.monotonic()
    for number in range(QUEUED):
        body = {"dag_run_id": f"queued-{number}", "logical_date": None, "conf": {}}
        lake.api("POST", "/dags/course_pipeline/dagRuns", body)
    states = lake.wait_until(lambda: _ended_states(lake, "queued-"), QUEUED_SECONDS, "the end of all runs")
    record_property("seconds_for_fifty_runs", time.monotonic() - began)

    assert states == ["success"] * QUEUED
    assert lake.owed() == []
    assert len(lake.glue_runs()) == runs + 1
    assert lake.rounds("bradshawfarmgc") > before


@contextmanager
def _deaf(bucket):
    """The bucket tells nobody of what lands meanwhile."""
    s3 = boto3.client("s3")
    told = s3.get_bucket_notification_configuration(Bucket=bucket)
    told.pop("ResponseMetadata")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    yield
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)


def _ended_states(lake, prefix):
    """The states of all runs whose name begins so, once all have ended."""
    found = [run["state"] for run in lake.runs("course_pipeline") if run["dag_run_id"].startswith(prefix)]
    return found if len(found) == QUEUED and set(found) <= {"success", "failed"} else None


@pytest.mark.nightly
def test_upkeep_is_for_the_tables_that_glue_does_not_keep(lake, landed):
    state, tasks = lake.conduct("maintenance", "first", {})
    assert (state, set(tasks.values())) == ("success", {"success"})
    tables = {report["table"] for report in lake.result("maintenance", "first", "check_upkeep")}
    assert f"{lake.settings.db_silver}.fact_telemetry_event" in tables

    lake.run("maintain", "enable")
    state, tasks = lake.conduct("maintenance", "kept-by-glue", {})
    assert (state, set(tasks.values())) == ("success", {"skipped"})
