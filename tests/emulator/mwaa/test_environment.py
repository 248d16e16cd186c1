"""An environment from its creation on: DAGs run as its role, and it follows its bucket and its definition."""

import base64
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

DAG = """
import os
import re

import boto3
from airflow.configuration import conf
from airflow.sdk import dag, task

@dag(schedule=None, is_paused_upon_creation=False)
def {name}():
    @task
    def tell():
        print("said by", "{name}")
        return {{
            "arn": boto3.client("sts").get_caller_identity()["Arn"],
            "exported": os.environ.get("TM_TRIAL"),
            "option": conf.get("core", "default_task_retries"),
            "plugin": __import__("tm_trial").VALUE,
        }}
    tell()

{name}()
"""
PIPELINE = """
import json
import logging
from airflow.sdk import dag, task

@dag(schedule=None, is_paused_upon_creation=False, params={"ingest_date": None, "course_ids": []})
def course_pipeline():
    @task(retries=0)
    def check(**context):
        if context["params"]["ingest_date"] == "2025-09-02":
            raise ValueError("two slots are missing")
        return context["params"]

    @task
    def report(found):
        logging.getLogger(__name__).info(json.dumps(found))

    report(check())

course_pipeline()
"""
COMMAND = Path(sys.executable).parent / "tm-lakehouse"
DEPLOYMENT = {
    "TM_TARGET": "dev",
    "TM_BUCKET_LANDING": "landing",
    "TM_BUCKET_SOURCE": "source",
    "TM_BUCKET_SERVE": "serve",
    "TM_BUCKET_QUARANTINE": "quarantine",
    "TM_BUCKET_OBSERVABILITY": "observability",
    "TM_ICEBERG_WAREHOUSE_SILVER": "s3://source/warehouse",
    "TM_ICEBERG_WAREHOUSE_GOLD": "s3://serve/warehouse",
    "TM_ATHENA_WORKGROUP": "lake",
    "TM_ATHENA_RESULTS": "s3://observability/athena-results/",
    "TM_GLUE_JOB_SILVER": "silver",
}
RUN_SECONDS = 120


@pytest.fixture(scope="module")
def trial(make_trial, settled, plugins):
    """An environment with all it can have."""
    trial = make_trial(
        StartupScriptS3Path="startup.sh",
        PluginsS3Path="plugins.zip",
        RequirementsS3Path="requirements.txt",
        AirflowConfigurationOptions={"core.default_task_retries": "4"},
        Tags={"team": "greens"},
    )
    trial.put("dags/first.py", DAG.format(name="first"))
    trial.put("dags/course_pipeline.py", PIPELINE)
    trial.put("startup.sh", "export TM_TRIAL='as exported'\nexport PIP_NO_INDEX=1\n")
    trial.put("plugins.zip", plugins(1))
    trial.put("requirements.txt", "--find-links /usr/local/airflow/plugins\ntm-trial\n")
    trial.create()
    told = settled(trial)
    assert told["Status"] == "AVAILABLE", told["LastUpdate"]
    return trial


@pytest.fixture(scope="module")
def run(wait_until):
    """Run a DAG to its end; the value its task returned."""

    def run(trial, dag_id):
        wait_until(lambda: dag_id in dags(trial), RUN_SECONDS, f"DAG {dag_id}")
        run_id = trial.api("POST", f"/dags/{dag_id}/dagRuns", {"logical_date": None})["dag_run_id"]
        path = f"/dags/{dag_id}/dagRuns/{run_id}"
        state = wait_until(lambda: ended(trial, path), RUN_SECONDS, f"the end of {run_id}")
        assert state == "success"
        return run_id, trial.api("GET", f"{path}/taskInstances/tell/xcomEntries/return_value")["value"]

    return run


def dags(trial):
    return [dag["dag_id"] for dag in trial.api("GET", "/dags")["dags"]]


def ended(trial, path):
    state = trial.api("GET", path)["state"]
    return state if state in ("success", "failed") else None


def told_by(value):
    return json.loads(value) if isinstance(value, str) else value


def test_what_was_asked_for_is_told_with_the_defaults(trial):
    told = trial.told()
    asked = {name: value for name, value in trial.request.items() if name != "LoggingConfiguration"}

    assert {name: told[name] for name in asked} == asked
    assert (told["AirflowVersion"], told["EnvironmentClass"], told["Schedulers"]) == ("3.0.6", "mw1.small", 2)
    assert told["LoggingConfiguration"]["TaskLogs"]["CloudWatchLogGroupArn"].endswith(f"airflow-{trial.name}-Task")


def test_a_task_works_under_the_execution_role_with_exports_options_and_plugins(trial, role, run):
    found = told_by(run(trial, "first")[1])

    assert f":assumed-role/{role.rpartition('/')[2]}/" in found["arn"]
    assert (found["exported"], found["option"], found["plugin"]) == ("as exported", "4", 1)


def test_each_kind_of_log_reaches_its_group(trial, client, run, wait_until):
    run(trial, "first")

    def said(kind, text):
        events = client("logs").filter_log_events(logGroupName=f"airflow-{trial.name}-{kind}")["events"]
        return any(text in event["message"] for event in events)

    expected = {"Task": "said by first", "Scheduler": "first", "DAGProcessing": "dags-folder", "WebServer": "/api/v2/"}
    for kind, text in expected.items():
        wait_until(lambda kind=kind, text=text: said(kind, text), 60, f"the log {kind}")


def test_a_dag_comes_and_goes_with_its_file(trial, wait_until):
    trial.put("dags/second.py", DAG.format(name="second"))
    wait_until(lambda: "second" in dags(trial), 90, "the new DAG")

    trial.s3.delete_object(Bucket=trial.bucket, Key="dags/second.py")
    wait_until(lambda: "second" not in dags(trial), 90, "the DAG's end")


def test_what_airflow_refuses_is_told_with_its_answer(trial):
    with pytest.raises(ClientError) as caught:
        trial.api("GET", "/dags/none")

    response = caught.value.response
    assert (response["Error"]["Code"], response["RestApiStatusCode"]) == ("RestApiClientException", 404)
    assert "none" in response["RestApiResponse"]["detail"]


def test_a_command_is_run_with_a_token_and_only_with_it(trial, mwaa):
    given = mwaa.create_cli_token(Name=trial.name)
    token = given["CliToken"]

    status, answer = command(given["WebServerHostname"], token, "variables set tm_colour green")
    assert status == 200, answer
    assert trial.api("GET", "/variables/tm_colour")["value"] == "green"
    assert command(given["WebServerHostname"], token + "x", "version")[0] == 403


def test_a_web_login_token_signs_in(trial, mwaa):
    given = mwaa.create_web_login_token(Name=trial.name)
    address = f"{scheme_of(given['WebServerHostname'])}://{given['WebServerHostname']}"
    cookies = urllib.request.HTTPCookieProcessor()
    browser = urllib.request.build_opener(cookies)
    assert browser.open(f"{address}/aws_mwaa/aws-console-sso?login=true").status == 200

    browser.open(f"{address}/aws_mwaa/login", f"token={given['WebToken']}".encode())
    # Airflow's pages take the cookie and send it as a header.
    token = next(cookie.value for cookie in cookies.cookiejar if cookie.name == "_token")
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.open(urllib.request.Request(f"{address}/api/v2/dags", headers=headers)).status == 200


def test_the_command_run_follows_the_pipeline_to_its_report(trial, wait_until):
    wait_until(lambda: "course_pipeline" in dags(trial), RUN_SECONDS, "the pipeline")
    done = tm_lakehouse(trial, "run", "--ingest-date", "2025-09-01", "--course-id", "erinhills")

    assert done.returncode == 0, done.stderr
    assert '{"ingest_date": "2025-09-01", "course_ids": ["erinhills"]}' in done.stdout
    assert [line.split()[:2] for line in done.stderr.splitlines() if " success " in line] == [
        ["check", "success"],
        ["report", "success"],
    ]


def test_the_command_run_tells_why_a_task_failed(trial):
    done = tm_lakehouse(trial, "run", "--ingest-date", "2025-09-02")

    assert done.returncode == 1
    assert "check: ValueError: two slots are missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_airflow_prints_an_address_that_signs_in(trial):
    done = tm_lakehouse(trial, "airflow")

    assert done.returncode == 0, done.stderr
    pages, login = (line.split()[1] for line in done.stdout.splitlines())
    assert re.fullmatch(re.escape(f"{pages}/aws_mwaa/aws-console-sso?login=true#") + ".+", login)


def tm_lakehouse(trial, *arguments):
    environment = os.environ | DEPLOYMENT | {"TM_AIRFLOW_ENVIRONMENT": trial.name, "COLUMNS": "200"}
    return subprocess.run([COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=RUN_SECONDS)


def test_tags_come_and_go(trial, mwaa):
    arn = trial.told()["Arn"]
    mwaa.tag_resource(ResourceArn=arn, Tags={"hole": "18"})
    assert mwaa.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "greens", "hole": "18"}

    mwaa.untag_resource(ResourceArn=arn, tagKeys=["hole"])
    assert trial.told()["Tags"] == {"team": "greens"}


def test_an_update_takes_new_files_and_keeps_what_airflow_knows(trial, mwaa, run, settled, plugins):
    run_id, _ = run(trial, "first")
    trial.api("POST", "/variables", {"key": "tm_kept", "value": "yes"})
    version = trial.put("plugins.zip", plugins(2))
    mwaa.update_environment(
        Name=trial.name,
        PluginsS3Path="plugins.zip",
        PluginsS3ObjectVersion=version,
        AirflowConfigurationOptions={"core.default_task_retries": "7"},
    )
    assert trial.told()["Status"] == "UPDATING"
    told = settled(trial)

    assert (told["Status"], told["PluginsS3ObjectVersion"]) == ("AVAILABLE", version), told["LastUpdate"]
    assert trial.api("GET", "/variables/tm_kept")["value"] == "yes"
    assert trial.api("GET", f"/dags/first/dagRuns/{run_id}")["state"] == "success"
    found = told_by(run(trial, "first")[1])
    assert (found["plugin"], found["option"]) == (2, "7")


def test_an_update_that_fails_leaves_the_environment_as_it_was(trial, mwaa, settled):
    trial.put("bad.txt", "--no-index\ntm-no-such-package\n")
    before = trial.told()
    mwaa.update_environment(Name=trial.name, RequirementsS3Path="bad.txt")
    told = settled(trial)

    assert told["Status"] == "UPDATE_FAILED"
    assert "tm-no-such-package" in told["LastUpdate"]["Error"]["ErrorMessage"]
    assert told["RequirementsS3Path"] == before["RequirementsS3Path"]
    assert "first" in dags(trial)


def command(host, token, text):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    request = urllib.request.Request(f"{scheme_of(host)}://{host}/aws_mwaa/cli", data=text.encode(), headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            told = json.load(answer)
            return answer.status, base64.b64decode(told["stdout"] or told["stderr"]).decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def scheme_of(host):
    return "http" if host.startswith("127.0.0.1") else "https"
