"""The doctor: all lines hold of a sound deployment, each sees what is broken. Airflow's: tests/unit/doctor."""

from contextlib import contextmanager

import boto3
import pytest
from broken_deployment import BREAKS, changed_group, drop_tables, keep_artifacts, make_tables

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.examination import LINES, examine
from tm_lakehouse.doctor.upkeep import drift_line
from tm_lakehouse.doctor.verdict import passed
from tm_lakehouse.settings import Settings
from tm_localstack.launcher.settings import runtime_python


@pytest.fixture(scope="module")
def deployment(trial):
    """The trial, with what a first load and a first build leave, a subscriber and optimizers."""
    environment = trial.lakehouse.output("environment")
    settings = Settings.from_environment(environment)
    sound = Deployment("dev", project_root(), trial.lakehouse.values, settings, environment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TM_DBT", str(runtime_python("dbt").with_name("dbt")))
        make_tables(sound)
        keep_artifacts(sound)
        queue = boto3.client("sqs").create_queue(QueueName=f"{trial.prefix}-alerts")["QueueUrl"]
        attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        boto3.client("sns").subscribe(
            TopicArn=environment["TM_ALERT_TOPIC_ARN"], Protocol="sqs", Endpoint=attributes["Attributes"]["QueueArn"]
        )
        yield sound
        drop_tables(sound)


ELSEWHERE = {"athena.answers", "upkeep.quotas", "iam.airflow_conducts", "iam.airflow_bounds"}
HERE = [line for line in LINES if line.section != "airflow" and line.name not in ELSEWHERE]


def test_every_line_has_a_thing_that_breaks():
    assert {line.name for line in HERE} == set(BREAKS)


def test_every_line_holds_of_a_sound_deployment(deployment):
    findings = examine(deployment, LINES, lambda _: None)

    # The local AWS runs queries in one account only, which is not this one, and has no Service Quotas.
    others = [each for each in findings if each.status != "pass"]
    assert [each.name for each in others] == ["athena.answers", "upkeep.quotas"], others
    assert all(each.evidence for each in findings)


@pytest.mark.parametrize("line", HERE, ids=lambda line: line.name)
def test_a_line_sees_what_is_broken_and_says_what_to_do(deployment, line):
    with BREAKS[line.name](deployment) as broken:
        (finding,) = examine(broken, [line], lambda _: None)
        assert finding.status in ("warn", "fail"), finding
        assert finding.remedy
    assert line.judge(deployment).status == "pass"


def test_what_is_not_as_configured_is_drift(trial, deployment):
    with trial.workflow() as lakehouse:
        line = drift_line(lakehouse)
        assert line.judge(deployment) == passed("a plan changes nothing")
    change = {"ConfigurationUpdates": {"PublishCloudWatchMetricsEnabled": False}}
    back = {"ConfigurationUpdates": {"PublishCloudWatchMetricsEnabled": True}}
    with contextmanager(changed_group)(deployment, change, back), trial.workflow() as lakehouse:
        assert drift_line(lakehouse).judge(deployment).status == "warn"
