"""The policy simulator's answers: what AWS's page of SimulatePrincipalPolicy says of them."""

import json

import pytest

from tm_localstack.iam.caller import Caller
from tm_localstack.iam.documents import MalformedPolicyError, parse
from tm_localstack.iam.evaluation import Principal
from tm_localstack.iam.simulation import read, simulate, with_more

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/lake"
OBJECT = "arn:aws:s3:::lake/silver/part-0"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def results(*statements, boundary=None, **request):
    principal = Principal("AssumedRole", f"arn:aws:sts::{ACCOUNT}:assumed-role/lake/simulation", ACCOUNT, ROLE)
    caller = Caller(principal, (parse(document(*statements)),), boundary=boundary and parse(document(*boundary)))
    asked = {"ActionNames": ["s3:GetObject"], "ResourceArns": [OBJECT], **request}
    return simulate(with_more(caller, asked), read(asked))


def words(*statements, **request):
    return [each["EvalDecision"] for each in results(*statements, **request)]


def test_every_action_is_asked_of_every_resource():
    found = results(allow("s3:Get*"), ActionNames=["s3:GetObject", "s3:PutObject"], ResourceArns=["a", "b"])

    assert [(each["EvalActionName"], each["EvalResourceName"], each["EvalDecision"]) for each in found] == [
        ("s3:GetObject", "a", "allowed"),
        ("s3:GetObject", "b", "allowed"),
        ("s3:PutObject", "a", "implicitDeny"),
        ("s3:PutObject", "b", "implicitDeny"),
    ]


def test_a_deny_is_told_from_silence():
    assert words(allow(), {**allow(), "Effect": "Deny"}) == ["explicitDeny"]
    assert words(allow("s3:PutObject")) == ["implicitDeny"]


def test_without_a_resource_it_is_everything():
    assert [each["EvalResourceName"] for each in results(allow(), ResourceArns=[])] == ["*"]


def test_circumstances_are_given_and_what_is_missing_is_told():
    condition = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    statement = allow(Condition=condition)
    entry = {"ContextKeyName": "KMS:viaservice", "ContextKeyValues": ["s3.us-east-1.amazonaws.com"]}
    (without,) = results(statement)

    assert (without["EvalDecision"], without["MissingContextValues"]) == ("implicitDeny", ["kms:viaservice"])
    (given,) = results(statement, ContextEntries=[entry])
    assert (given["EvalDecision"], given["MissingContextValues"]) == ("allowed", [])


def test_a_variable_of_a_resource_that_has_no_value_is_told():
    (found,) = results(allow(resource="arn:aws:s3:::lake/${aws:username}/*"))

    assert found["MissingContextValues"] == ["aws:username"]


def test_the_boundary_bounds_and_is_told_by_itself():
    (bound,) = results(allow(), boundary=[allow("s3:PutObject")])

    assert bound["EvalDecision"] == "implicitDeny"
    assert bound["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert "PermissionsBoundaryDecisionDetail" not in results(allow())[0]


def test_policies_of_the_question_are_added_and_its_boundary_takes_the_others_place():
    assert words(PolicyInputList=[document(allow())]) == ["allowed"]
    asked = {"PermissionsBoundaryPolicyInputList": [document(allow())]}
    assert words(allow(), boundary=[allow("s3:PutObject")], **asked) == ["allowed"]


def test_a_resources_policy_counts_where_it_is_given():
    own = document({**allow(), "Principal": {"AWS": ROLE}})

    assert words(allow("s3:PutObject"), ResourcePolicy=own) == ["allowed"]


def test_what_is_no_policy_is_refused():
    with pytest.raises(MalformedPolicyError):
        words(allow(), PolicyInputList=["{"])
