"""Athena tells EventBridge how queries ended."""

import json

import pytest

SLOW_QUERY = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a CROSS JOIN UNNEST(sequence(1, 10000)) b"
pytestmark = pytest.mark.aws_page("athena-cloudwatch-events")


@pytest.fixture
def ended(client, unique, workgroup):
    """Gives the details of the events about this workgroup's queries that have come so far."""
    events, sqs, name = client("events"), client("sqs"), unique("query-events")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.athena"], "detail": {"workgroupName": [workgroup]}}
    rule = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
    may_send = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may_send]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    come = {}

    def read():
        for each in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            detail = json.loads(each["Body"])["detail"]
            come[detail["queryExecutionId"], detail["currentState"]] = detail
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return come

    yield read
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)
    sqs.delete_queue(QueueUrl=queue)


def test_each_end_of_a_query_is_an_event(client, workgroup, ended, wait_until):
    athena = client("athena")

    def start(query):
        return athena.start_query_execution(QueryString=query, WorkGroup=workgroup)["QueryExecutionId"]

    good, bad, stopped = start("SELECT 1"), start("SELECT no_such_function(1)"), start(SLOW_QUERY)
    athena.stop_query_execution(QueryExecutionId=stopped)
    wanted = {(good, "SUCCEEDED"), (bad, "FAILED"), (stopped, "CANCELLED")}

    wait_until(lambda: wanted <= set(ended()), 60, "the events of three ends")
    assert ended()[good, "SUCCEEDED"]["statementType"] == "DML"
    assert ended()[good, "SUCCEEDED"]["workgroupName"] == workgroup
