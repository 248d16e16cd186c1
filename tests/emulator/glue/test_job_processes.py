"""A run's processes: whatever ends them is told as the reason, and none is ever left behind."""

import json
import signal

import psutil
import pytest
from processes import command_of, environment_of

WAIT_FOR_EVER = "import time\nwhile True: time.sleep(1)"
WORKERS_WAIT_FOR_EVER = """
import time
from pyspark.sql import SparkSession

SparkSession.builder.getOrCreate().sparkContext.parallelize(range(2), 2).foreach(lambda _: time.sleep(3600))
"""


def processes_of(run_id: str) -> list[psutil.Process]:
    """The processes started for a run, Spark's workers among them."""
    return [
        process
        for process in psutil.process_iter()
        if any(run_id in text for text in [*command_of(process), *environment_of(process).values()])
    ]


def the_script(run_id: str) -> list[psutil.Process]:
    found = processes_of(run_id)
    return [process for process in found if any(part.endswith("run_script.py") for part in command_of(process)[1:2])]


def workers(run_id: str) -> list[psutil.Process]:
    return [process for process in processes_of(run_id) if "pyspark.daemon" in command_of(process)]


def is_java(process: psutil.Process) -> bool:
    return any(part.endswith("/java") for part in command_of(process)[:1])


@pytest.mark.parametrize("victims", ["java", "script", "all"])
def test_killed_process_fails_the_run_with_a_reason(make_job, start, ended, wait_until, victims):
    job = make_job(WAIT_FOR_EVER)
    run_id = start(job)
    script = wait_until(lambda: the_script(run_id), 60, "the script's process")
    everything = processes_of(run_id)
    killed = {"java": list(filter(is_java, everything)), "script": script, "all": everything}[victims]
    for process in killed:
        process.send_signal(signal.SIGKILL)
    run = ended(job, run_id, 30)

    assert run["JobRunState"] == "FAILED"
    assert "SIGKILL" in run["ErrorMessage"]
    wait_until(lambda: not processes_of(run_id), 15, "the end of the run's processes")


def test_stopped_run_ends_and_leaves_no_process(client, make_job, start, ended, wait_until):
    job = make_job(WORKERS_WAIT_FOR_EVER)
    run_id = start(job)
    wait_until(lambda: len(workers(run_id)) > 2, 60, "Spark's workers")

    answer = client("glue").batch_stop_job_run(JobName=job, JobRunIds=[run_id, "jr_unknown"])
    assert [entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]] == [run_id]
    assert [error["JobRunId"] for error in answer["Errors"]] == ["jr_unknown"]
    assert ended(job, run_id, 60)["JobRunState"] == "STOPPED"
    wait_until(lambda: not processes_of(run_id), 15, "the end of the run's processes")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_run_ends_with_its_localstack(second_localstack, wait_until, ending):
    localstack = second_localstack("-m", "localstack.runtime.main")
    s3, iam, glue = (localstack.client(service) for service in ("s3", "iam", "glue"))
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    access = {"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.put_role_policy(
        RoleName="job", PolicyName="access", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [access]})
    )
    s3.create_bucket(Bucket="scripts")
    s3.put_object(Bucket="scripts", Key="wait.py", Body=WORKERS_WAIT_FOR_EVER)
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/wait.py"}
    glue.create_job(Name="job", Role="job", Command=command)
    run_id = glue.start_job_run(JobName="job")["JobRunId"]
    wait_until(lambda: len(workers(run_id)) > 2, 60, "Spark's workers")

    localstack.process.send_signal(ending)
    wait_until(lambda: not processes_of(run_id), 30, "the end of the run's processes")
