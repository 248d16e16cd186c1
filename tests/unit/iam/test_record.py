"""What the local AWS keeps of roles' calls: each kind once on disk, refusals with the newest last."""

import json

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.evaluation import Decision, Principal, Request
from tm_localstack.iam.judge import Verdict
from tm_localstack.iam.record import MOST_REFUSALS_KEPT, CallRecord

LAKE = Principal("AssumedRole", "arn:session", "111122223333", "arn:role")


def called(record, action, *, is_allowed):
    record.add(Caller(LAKE), [Verdict(Request(LAKE, action, "*"), Decision(is_allowed))])


def refused(record):
    return [each["action"] for each in record.refused()]


def test_a_call_that_is_refused_again_is_the_newest_again(tmp_path):
    record = CallRecord(tmp_path)
    for action in ("sqs:ReceiveMessage", "sns:Publish", "sqs:ReceiveMessage"):
        called(record, action, is_allowed=False)

    assert refused(record) == ["sns:Publish", "sqs:ReceiveMessage"]


def test_the_oldest_refusals_are_forgotten(tmp_path):
    record = CallRecord(tmp_path)
    for number in range(MOST_REFUSALS_KEPT + 2):
        called(record, f"s3:Get{number}", is_allowed=False)

    assert refused(record) == [f"s3:Get{number}" for number in range(2, MOST_REFUSALS_KEPT + 2)]


def test_each_kind_of_call_is_written_once(tmp_path):
    record = CallRecord(tmp_path)
    for is_allowed in (True, False, True, False):
        called(record, "s3:GetObject", is_allowed=is_allowed)
    lines = map(json.loads, (tmp_path / "calls.jsonl").read_text().splitlines())

    assert [(each["action"], each["is_allowed"]) for each in lines] == [("s3:GetObject", True), ("s3:GetObject", False)]
