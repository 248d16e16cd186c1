"""Each alarm rises once and reaches whoever subscribed. Metrics are put by the test, and LocalStack judges them at once
when an alarm is put anew; AWS judges by itself."""

import datetime as dt
import json

import boto3
import pytest

# LocalStack looks at more periods than an alarm has.
DAYS_LOOKED_AT = 14


@pytest.fixture(scope="module")
def inbox(trial):
    """Gives the messages that came to the topic since the last call."""
    topic = trial.lakehouse.output("environment")["TM_ALERT_TOPIC_ARN"]
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=f"{trial.prefix}-alarms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscription = boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]

    def read():
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"])["Message"] for each in found]

    yield read
    boto3.client("sns").unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=queue)


def put_again(name):
    """Put an alarm as it is, so that it is judged now."""
    cloudwatch = boto3.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    taken = cloudwatch.meta.service_model.shape_for("PutMetricAlarmInput").members
    cloudwatch.put_metric_alarm(**{key: value for key, value in alarm.items() if key in taken and value != []})


def measured(alarm, value, days=1):
    """Put a value of what an alarm watches, for each of the last days; one of this second is not looked at yet."""
    (given,) = boto3.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    a_minute_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    data = [
        {
            "MetricName": given["MetricName"],
            "Dimensions": given["Dimensions"],
            "Value": value,
            "Timestamp": a_minute_ago - dt.timedelta(days=number),
        }
        for number in range(days)
    ]
    boto3.client("cloudwatch").put_metric_data(Namespace=given["Namespace"], MetricData=data)


def told(inbox, wait_until, name, state):
    """Wait for a message of an alarm's new state."""

    def has_come():
        messages = [json.loads(text) for text in inbox() if text.startswith("{")]
        return next((m for m in messages if (m["AlarmName"], m["NewStateValue"]) == (name, state)), None)

    return wait_until(has_come, 60, f"{name} to be {state}")


@pytest.mark.parametrize(
    ("alarm", "value"),
    [
        ("quarantine-rate", 60.0),
        ("gold-failed", 1.0),
        ("gold-cost", 99.0),
        ("landing-to-silver-failed", 1.0),
        ("alerts-not-delivered", 1.0),
    ],
)
def test_an_alarm_rises_and_says_where_to_read_what_to_do(trial, inbox, wait_until, alarm, value):
    name = f"{trial.prefix}-{alarm}"
    measured(name, value)
    put_again(name)

    message = told(inbox, wait_until, name, "ALARM")
    assert "docs/runbooks.md#" in message["AlarmDescription"]


def test_silence_is_late_data_until_a_round_comes(trial, inbox, wait_until):
    name = f"{trial.prefix}-data-late"
    cloudwatch = boto3.client("cloudwatch")
    put_again(name)
    wait_until(
        lambda: cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"] == "ALARM",
        60,
        "silence to be late data",
    )
    measured(name, 20.0, days=DAYS_LOOKED_AT)
    put_again(name)

    assert told(inbox, wait_until, name, "OK")


def test_a_cancelled_query_is_told_and_a_finished_one_is_not(trial, inbox, wait_until):
    """The events are put by the test; that Athena sends them is told in `tests/emulator/athena/test_events.py`."""
    states = {"one": "SUCCEEDED", "two": "CANCELLED"}
    entries = [
        {
            "Source": "aws.athena",
            "DetailType": "Athena Query State Change",
            "Detail": json.dumps({"currentState": state, "queryExecutionId": query, "workgroupName": trial.prefix}),
        }
        for query, state in states.items()
    ]
    boto3.client("events").put_events(Entries=entries)

    def has_come():
        return [text for text in inbox() if "Query" in text]

    (message,) = wait_until(has_come, 60, "the message about the cancelled query")
    assert message.strip('"') == (
        f"Query two of workgroup {trial.prefix} was cancelled. What to do: docs/runbooks.md#query-cancelled"
    )
