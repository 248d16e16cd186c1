"""Which trust policies let Glue assume a role for a job."""

import pytest

from tm_localstack.service_role import role_arn, trusts

ACCOUNT = "000000000000"
GLUE = "glue.amazonaws.com"
JOB = f"arn:aws:glue:us-east-1:{ACCOUNT}:job/silver"
SOUND = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}


def condition(operator: str, key: str, value: object) -> dict[str, object]:
    return {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    ("difference", "trusted"),
    [
        ({}, True),
        ({"Principal": {"Service": ["ec2.amazonaws.com", "glue.amazonaws.com"]}}, True),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, False),
        ({"Principal": {"AWS": "arn:aws:iam::000000000000:root"}}, False),
        ({"Action": ["sts:TagSession", "sts:AssumeRole"]}, True),
        ({"Action": "sts:*"}, True),
        ({"Action": "sts:TagSession"}, False),
        ({"Effect": "Deny"}, False),
        (condition("StringEquals", "aws:SourceAccount", ACCOUNT), True),
        (condition("StringEquals", "aws:SourceAccount", "111111111111"), False),
        (condition("ArnLike", "aws:SourceArn", "arn:aws:glue:*:000000000000:job/silver*"), True),
        (condition("ArnLike", "aws:SourceArn", ["arn:aws:glue:*:*:job/gold", "arn:aws:glue:*:*:job/silver"]), True),
        (condition("ArnLike", "aws:SourceArn", "arn:aws:glue:*:*:job/gold"), False),
        (condition("StringEquals", "aws:PrincipalOrgID", "o-1"), False),
        (condition("Bool", "aws:SourceAccount", ACCOUNT), False),
    ],
)
def test_statement_trusts_glue_for_this_job(difference, trusted):
    policy = {"Statement": [SOUND | difference]}
    assert trusts(policy, GLUE, account_id=ACCOUNT, source_arn=JOB) is trusted


def test_a_denial_wins():
    policy = {"Statement": [SOUND, SOUND | {"Effect": "Deny"}]}
    assert not trusts(policy, GLUE, account_id=ACCOUNT, source_arn=JOB)


def test_one_statement_need_not_be_in_a_list():
    assert trusts({"Statement": SOUND}, GLUE, account_id=ACCOUNT, source_arn=JOB)


def test_role_is_named_by_arn_or_name():
    assert role_arn("silver", ACCOUNT) == f"arn:aws:iam::{ACCOUNT}:role/silver"
    assert role_arn("arn:aws:iam::1:role/path/silver", ACCOUNT) == "arn:aws:iam::1:role/path/silver"
