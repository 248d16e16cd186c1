"""Refusals in AWS's words and codes, by its page "Troubleshoot access denied error messages"."""

import pytest

from tm_localstack.iam.evaluation import BOUNDARY, IDENTITY, RESOURCE, Decision, Principal, Request
from tm_localstack.iam.refusals import refusal

ARN = "arn:aws:sts::111122223333:assumed-role/lake/run"
LAKE = Principal("AssumedRole", ARN, "111122223333", "arn:aws:iam::111122223333:role/lake")


@pytest.mark.parametrize(
    ("action", "resource", "decision", "ending"),
    [
        (
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            Decision(False, IDENTITY),
            'on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action',
        ),
        (
            "glue:GetTable",
            "arn:g",
            Decision(False, IDENTITY, is_explicit=True),
            "on resource: arn:g with an explicit deny in an identity-based policy",
        ),
        (
            "kms:Decrypt",
            "arn:k",
            Decision(False, RESOURCE),
            "on resource: arn:k because no resource-based policy allows the kms:Decrypt action",
        ),
        (
            "logs:PutLogEvents",
            "*",
            Decision(False, BOUNDARY),
            "perform: logs:PutLogEvents because no permissions boundary allows the logs:PutLogEvents action",
        ),
    ],
)
def test_a_refusal_names_who_what_and_why(action, resource, decision, ending):
    message = refusal(Request(LAKE, action, resource), decision, "x").message
    assert message.startswith(f"User: {ARN} is not authorized to perform: {action}")
    assert message.endswith(ending)


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("s3", "AccessDenied", 403),
        ("sts", "AccessDenied", 403),
        ("glue", "AccessDeniedException", 400),
        ("athena", "AccessDeniedException", 400),
        ("mwaa", "AccessDeniedException", 403),
        ("ec2", "UnauthorizedOperation", 403),
        ("sns", "AuthorizationError", 403),
    ],
)
def test_each_service_has_its_code(service, code, status):
    # S3 answers so where a key is refused, too.
    found = refusal(Request(LAKE, "kms:Decrypt", "arn:x"), Decision(False), service)
    assert (found.code, found.status) == (code, status)
