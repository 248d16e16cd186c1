"""A run is a real Spark application: what it is given, how it ends, what it leaves."""

import json
import textwrap
import time

import pytest

WAIT_FOR_EVER = "import time\nprint('waiting', flush=True)\nwhile True: time.sleep(1)"
SUCCEED = "print('done')"


def writes_json(bucket: str, key: str, expression: str, before: str = "") -> str:
    """A script that puts the value of a Python expression into an object."""
    return textwrap.dedent(f"""
        import boto3, json, os, sys
        {before}
        boto3.client("s3").put_object(Bucket="{bucket}", Key="{key}", Body=json.dumps({expression}))
    """)


def test_spark_reads_and_writes_s3_and_iceberg_under_the_glue_catalog(
    client, make_job, run_job, bucket, unique, read_json
):
    database, key = unique("db").replace("-", "_"), unique("result")
    client("glue").create_database(DatabaseInput={"Name": database})
    script = f"""
import boto3, json
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
spark.range(3).write.parquet("s3://{bucket}/{key}/parquet/")
spark.sql("CREATE TABLE lake.{database}.t (id bigint) USING iceberg LOCATION 's3://{bucket}/{key}/t'")
spark.read.parquet("s3://{bucket}/{key}/parquet/").writeTo("lake.{database}.t").append()
rows = [row.id for row in spark.table("lake.{database}.t").orderBy("id").collect()]
boto3.client("s3").put_object(Bucket="{bucket}", Key="{key}.json", Body=json.dumps(rows))
"""
    conf = {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "glue",
        "spark.sql.catalog.lake.warehouse": f"s3://{bucket}/{key}/",
    }
    chained = " --conf ".join(f"{name}={value}" for name, value in conf.items())
    logs_path = f"s3://{bucket}/{key}/events/"
    arguments = {"--conf": chained, "--enable-spark-ui": "true", "--spark-event-logs-path": logs_path}

    run = run_job(make_job(script, DefaultArguments={"--datalake-formats": "iceberg"}), arguments)
    events = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{key}/events/").get("Contents", [])
    table = client("glue").get_table(DatabaseName=database, Name="t")["Table"]
    client("glue").delete_database(Name=database)

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert read_json(f"{key}.json") == [0, 1, 2]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert len(events) == 1
    assert run["ExecutionTime"] > 0
    assert run["DPUSeconds"] == 2 * run["ExecutionTime"]


def test_arguments_merge_and_glue_adds_its_own(make_job, start, ended, bucket, unique, read_json):
    key = unique("argv")
    script = writes_json(bucket, key, "sys.argv[1:]")
    job = make_job(
        script,
        DefaultArguments={"--from-default": "default", "--overridden": "default", "--TempDir": f"s3://{bucket}/tmp/"},
        NonOverridableArguments={"--fixed": "fixed"},
    )
    run_id = start(job, {"--overridden": "run", "--fixed": "run", "--empty": "", "--text": "two words; $HOME"})
    assert ended(job, run_id)["JobRunState"] == "SUCCEEDED"

    argv = read_json(key)
    given = dict(zip(argv[::2], argv[1::2], strict=True))
    expected = {
        "--from-default": "default",
        "--overridden": "run",
        "--fixed": "fixed",
        "--empty": "",
        "--text": "two words; $HOME",
        "--TempDir": f"s3://{bucket}/tmp/",
        "--JOB_NAME": job,
        "--JOB_RUN_ID": run_id,
    }
    assert given.items() >= expected.items()
    assert given["--JOB_ID"].startswith("j_")


def test_the_script_acts_as_the_jobs_role(make_job, run_job, bucket, role, unique, read_json):
    key = unique("caller")
    run = run_job(make_job(writes_json(bucket, key, "boto3.client('sts').get_caller_identity()['Arn']")))

    assert run["JobRunState"] == "SUCCEEDED"
    assert f":assumed-role/{role.rsplit('/', 1)[-1]}/GlueJobRunnerSession" in read_json(key)


def test_nothing_of_the_callers_environment_reaches_the_script(make_job, run_job, bucket, unique, read_json):
    key = unique("environment")
    run = run_job(
        make_job(writes_json(bucket, key, "dict(os.environ)")), {"--customer-driver-env-vars": "CUSTOMER_A=1"}
    )

    assert run["JobRunState"] == "SUCCEEDED"
    environment = read_json(key)
    assert environment["CUSTOMER_A"] == "1"
    assert not {name for name in environment if name.startswith(("TM_", "PROVIDER_", "LOCALSTACK", "AWS_PROFILE"))}


def test_python_files_and_plain_files_are_there(make_job, run_job, upload, bucket, unique, read_json):
    key = unique("files")
    module = upload(f"{key}/helper_{key.replace('-', '_')}.py", "VALUE = 'from the module'")
    text = upload(f"{key}/words.txt", "from the file")
    name = module.rsplit("/", 1)[-1].removesuffix(".py")
    script = writes_json(bucket, key, f"[{name}.VALUE, open('words.txt').read()]", f"import {name}")

    run = run_job(make_job(script), {"--extra-py-files": module, "--extra-files": text})

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert read_json(key) == ["from the module", "from the file"]


def test_exception_fails_the_run_with_its_message(make_job, run_job):
    run = run_job(make_job("def f():\n    raise ValueError('boom: 3 rows')\nf()"))

    assert run["JobRunState"] == "FAILED"
    assert "ValueError: boom: 3 rows" in run["ErrorMessage"]


def test_exit_code_fails_the_run(make_job, run_job):
    run = run_job(make_job("import sys\nsys.exit(3)"))

    assert run["JobRunState"] == "FAILED"
    assert "3" in run["ErrorMessage"]


def test_exit_code_zero_succeeds(make_job, run_job):
    assert run_job(make_job("import sys\nsys.exit(0)"))["JobRunState"] == "SUCCEEDED"


def test_time_out_ends_the_run(make_job, start, ended):
    job = make_job(WAIT_FOR_EVER)
    run = ended(job, start(job, Timeout=1), 150)

    assert run["JobRunState"] == "TIMEOUT"
    assert run["ExecutionTime"] >= 60


def test_runs_beyond_the_limit_are_refused(client, make_job, start, ended):
    job = make_job(WAIT_FOR_EVER, ExecutionProperty={"MaxConcurrentRuns": 1})
    run_id = start(job)

    with pytest.raises(client("glue").exceptions.ConcurrentRunsExceededException):
        start(job)
    client("glue").batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    ended(job, run_id, 60)


def test_failed_run_is_tried_again(client, make_job, start, ended, wait_until):
    job = make_job("raise RuntimeError('always')", MaxRetries=1)
    first = start(job)
    ended(job, first)

    def both() -> list[dict]:
        runs = client("glue").get_job_runs(JobName=job)["JobRuns"]
        return runs if len(runs) == 2 and runs[0]["JobRunState"] == "FAILED" else []

    again = wait_until(both, 60, "the second attempt's end")[0]
    assert (again["Attempt"], again["PreviousRunId"]) == (1, first)


def test_output_reaches_cloudwatch_while_the_script_runs(client, make_job, start, ended, wait_until):
    job = make_job(f"import sys\nprint('to stderr', file=sys.stderr, flush=True)\n{WAIT_FOR_EVER}")
    run_id = start(job)

    def lines(group: str) -> list[str]:
        stream = {"logGroupName": f"/aws-glue/jobs/{group}", "logStreamName": run_id}
        try:
            return [event["message"] for event in client("logs").get_log_events(**stream)["events"]]
        except client("logs").exceptions.ResourceNotFoundException:
            return []

    wait_until(lambda: "waiting" in lines("output"), 60, "standard output")
    wait_until(lambda: "to stderr" in lines("error"), 60, "standard error")
    client("glue").batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    ended(job, run_id, 60)


def test_end_of_a_run_is_an_event(client, make_job, run_job, unique, wait_until):
    events, sqs, name = client("events"), client("sqs"), unique("ended")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    allowed = json.dumps({"Version": "2012-10-17", "Statement": [{**allow, "Resource": arn}]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": allowed})
    job = make_job("raise KeyError('gone')")
    pattern = {"source": ["aws.glue"], "detail": {"jobName": [job], "state": ["FAILED"]}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    run = run_job(job)
    messages = wait_until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"), 30, "the event")
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)
    sqs.delete_queue(QueueUrl=url)

    detail = json.loads(messages[0]["Body"])["detail"]
    assert detail["jobRunId"] == run["Id"]
    assert "KeyError: 'gone'" in detail["message"]


def test_missing_script_fails_the_run(client, make_job, run_job, bucket, role):
    job = make_job(SUCCEED)
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/nowhere.py"}
    client("glue").update_job(JobName=job, JobUpdate={"Role": role, "Command": command, "GlueVersion": "5.1"})
    run = run_job(job)

    assert run["JobRunState"] == "FAILED"
    assert "nowhere.py" in run["ErrorMessage"]


def test_role_that_glue_may_not_assume_fails_the_run(client, make_job, run_job, unique):
    name = unique("other")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    run = run_job(make_job(SUCCEED, Role=arn))
    client("iam").delete_role(RoleName=name)

    assert run["JobRunState"] == "FAILED"
    assert "should be given assume role permissions for Glue Service" in run["ErrorMessage"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"--datalake-formats": "hudi"}, "hudi"),
        ({"--job-bookmark-option": "job-bookmark-enable"}, "--job-bookmark-option"),
        ({"--conf": "spark.driver.memory"}, "spark.driver.memory"),
        ({"--extra-py-files": "s3://{bucket}/missing.zip"}, "missing.zip"),
        ({"--enable-spark-ui": "true"}, "--spark-event-logs-path"),
    ],
)
def test_what_cannot_be_honoured_fails_the_run(make_job, run_job, bucket, arguments, reason):
    run = run_job(make_job(SUCCEED), {name: value.format(bucket=bucket) for name, value in arguments.items()})

    assert run["JobRunState"] == "FAILED"
    assert reason in run["ErrorMessage"]


def test_unsound_requests_are_refused_at_once(client, make_job):
    glue, job = client("glue"), make_job(SUCCEED)
    began = time.monotonic()

    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.start_job_run(JobName="no-such-job")
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.start_job_run(JobName=job, Arguments={"course-id": "1"})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_run(JobName=job, RunId="jr_unknown")
    assert time.monotonic() - began < 2
