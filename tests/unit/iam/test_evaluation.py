"""The cases of AWS's page "Policy evaluation logic" and of the pages it leads to."""

import json

import pytest

from tm_localstack.iam.documents import MalformedPolicyError, parse
from tm_localstack.iam.evaluation import BOUNDARY, IDENTITY, RESOURCE, SESSION, Policies, Principal, Request, decide

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/lake"
SESSION_ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/lake/run"
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROOT_ARN = f"arn:aws:iam::{ACCOUNT}:root"
LAKE = Principal("AssumedRole", SESSION_ARN, ACCOUNT, ROLE)
ANN = Principal("User", USER_ARN, ACCOUNT, USER_ARN)
ROOT = Principal("Account", ROOT_ARN, ACCOUNT, ROOT_ARN)
GLUE = Principal("Service", "glue.amazonaws.com", "", "glue.amazonaws.com")
STRANGER = Principal("Anonymous", "anonymous", "", "anonymous")
OBJECT = "arn:aws:s3:::lake/silver/part-0"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"


def document(*statements, version="2012-10-17"):
    return parse({"Version": version, "Statement": list(statements)})


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def to(principal, **more):
    return {**allow(), "Principal": {"AWS": principal}, **more}


def decided(principal, action="s3:GetObject", target=OBJECT, context=None, **policies):
    return decide(Request(principal, action, target, context or {}), Policies(**policies))


def outcome(*arguments, **policies):
    decision = decided(*arguments, **policies)
    return "allowed" if decision.is_allowed else (decision.kind, decision.is_explicit)


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({}, (IDENTITY, False)),
        ({"identity": (document(allow()),)}, "allowed"),
        ({"identity": (document(allow()), document(deny()))}, (IDENTITY, True)),
        ({"identity": (document(allow("s3:PutObject")),)}, (IDENTITY, False)),
        ({"identity": (document(allow()),), "boundary": document(allow("s3:Put*"))}, (BOUNDARY, False)),
        ({"identity": (document(allow()),), "boundary": document(allow("s3:*"))}, "allowed"),
        ({"identity": (document(allow()),), "boundary": document(allow("*"), deny())}, (BOUNDARY, True)),
        ({"identity": (document(allow()),), "boundary": ()}, (BOUNDARY, False)),
        ({"boundary": document(allow())}, (IDENTITY, False)),
        ({"identity": (document(allow()),), "session": (document(allow("s3:PutObject")),)}, (SESSION, False)),
        ({"identity": (document(allow()),), "session": (document(allow()),)}, "allowed"),
        ({"identity": (document(allow()),), "session": (document(deny(), allow()),)}, (SESSION, True)),
        ({"identity": (document(allow()),), "resource": document({**deny(), "Principal": "*"})}, (RESOURCE, True)),
    ],
)
def test_a_roles_session_may_do_what_all_its_policies_leave(policies, expected):
    assert outcome(LAKE, **policies) == expected


@pytest.mark.parametrize(
    ("principal", "named", "expected"),
    [
        (LAKE, ROLE, "allowed"),
        (LAKE, SESSION_ARN, "allowed"),
        (LAKE, "*", "allowed"),
        (LAKE, f"arn:aws:iam::{ACCOUNT}:role/la*", (IDENTITY, False)),
        # The account's name only leaves it to the account's own policies.
        (LAKE, ROOT_ARN, (IDENTITY, False)),
        (LAKE, ACCOUNT, (IDENTITY, False)),
        (ANN, USER_ARN, "allowed"),
        (ANN, ROLE, (IDENTITY, False)),
        (STRANGER, "*", "allowed"),
        (STRANGER, ROOT_ARN, (RESOURCE, False)),
    ],
)
def test_a_resources_policy_lets_in_whom_it_names(principal, named, expected):
    assert outcome(principal, resource=document(to(named))) == expected


@pytest.mark.parametrize(("named", "expected"), [(ROLE, (BOUNDARY, False)), (SESSION_ARN, "allowed")])
def test_a_boundary_limits_what_is_granted_to_the_role_and_not_what_is_to_its_session(named, expected):
    assert outcome(LAKE, resource=document(to(named)), boundary=document(allow("s3:Put*"))) == expected


def test_a_boundary_does_not_limit_what_a_resource_grants_to_a_user():
    assert outcome(ANN, resource=document(to(USER_ARN)), boundary=document(allow("s3:Put*"))) == "allowed"


@pytest.mark.parametrize(
    ("named", "identity", "expected"),
    [
        (None, (document(allow("kms:*")),), (RESOURCE, False)),
        (ROOT_ARN, (), (IDENTITY, False)),
        (ROOT_ARN, (document(allow("kms:*")),), "allowed"),
        (ROLE, (), "allowed"),
    ],
)
def test_nobody_uses_a_key_that_its_own_policy_does_not_open(named, identity, expected):
    own = document(to(named, Action="kms:*")) if named else ()
    found = outcome(LAKE, "kms:Decrypt", KEY, identity=identity, resource=own, is_resource_policy_needed=True)
    assert found == expected


def test_the_accounts_own_user_may_do_all_but_what_a_resource_denies():
    assert outcome(ROOT) == "allowed"
    assert outcome(ROOT, resource=document({**deny(), "Principal": "*"})) == (RESOURCE, True)


@pytest.mark.parametrize(
    ("service", "expected"), [("glue.amazonaws.com", "allowed"), ("ec2.amazonaws.com", (RESOURCE, False))]
)
def test_a_service_assumes_the_roles_that_trust_it(service, expected):
    trust = parse({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}})
    found = outcome(GLUE, "sts:AssumeRole", ROLE, resource=trust, is_resource_policy_needed=True)
    assert found == expected


def test_a_statement_that_names_all_but_some_is_about_the_others():
    others = document({"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE, SESSION_ARN]}, "Action": "*", "Resource": "*"})
    identity = (document(allow()),)
    assert outcome(LAKE, identity=identity, resource=others) == "allowed"
    assert outcome(ANN, identity=identity, resource=others) == (RESOURCE, True)


def test_another_account_needs_both_sides():
    request = Request(ANN, "s3:GetObject", OBJECT, {}, resource_account_id="444455556666")
    own, theirs = (document(allow()),), document(to(USER_ARN))
    assert decide(request, Policies(identity=own, resource=theirs)).is_allowed
    assert decide(request, Policies(identity=own)).kind == RESOURCE
    assert decide(request, Policies(resource=theirs)).kind == IDENTITY


@pytest.mark.parametrize(
    ("statement", "action", "resource", "is_allowed"),
    [
        (allow("S3:getobject"), "s3:GetObject", OBJECT, True),
        (allow("s3:Get*"), "s3:GetObjectVersion", OBJECT, True),
        (allow("s3:Get?bject"), "s3:GetObject", OBJECT, True),
        (allow("s3:Get?bject"), "s3:Getbject", OBJECT, False),
        (allow(["s3:List*", "s3:Put*"]), "s3:GetObject", OBJECT, False),
        (allow(resource="arn:aws:s3:::lake/silver/*"), "s3:GetObject", OBJECT, True),
        (allow(resource="arn:aws:s3:::lake/Silver/*"), "s3:GetObject", OBJECT, False),
        (allow(resource="arn:aws:s3:::lake/silver/part-?"), "s3:GetObject", OBJECT, True),
        (allow(resource="arn:aws:s3:::lake"), "s3:GetObject", OBJECT, False),
        (allow(resource="arn:aws:s3:::*"), "s3:GetObject", OBJECT, True),
        (allow(resource="arn:aws:*:::lake/*"), "s3:GetObject", OBJECT, True),
        (allow(resource="arn:aws:s3"), "s3:GetObject", OBJECT, True),
        (allow("glue:*", "arn:aws:glue:*:table/a/b"), "glue:GetTable", "arn:aws:glue:us-east-1:1:table/a/b", False),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "s3:GetObject", OBJECT, True),
        ({"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}, "s3:GetObject", OBJECT, False),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::lake/*"}, "s3:GetObject", OBJECT, False),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::other/*"}, "s3:GetObject", OBJECT, True),
    ],
)
def test_actions_match_without_regard_to_case_and_resources_with_it(statement, action, resource, is_allowed):
    assert decided(LAKE, action, resource, identity=(document(statement),)).is_allowed is is_allowed


HOME = "arn:aws:s3:::lake/${aws:username}/*"


@pytest.mark.parametrize(
    ("pattern", "context", "is_allowed"),
    [
        (HOME, {"aws:username": ("silver",)}, True),
        (HOME, {"aws:username": ("gold",)}, False),
        # A value's own wildcards mean nothing.
        (HOME, {"aws:username": ("*",)}, False),
        (HOME, {}, False),
        ("arn:aws:s3:::lake/${aws:username, 'silver'}/*", {}, True),
        ("arn:aws:s3:::lake/silver/part${*}0", {}, False),
    ],
)
def test_variables_stand_for_the_callers_values(pattern, context, is_allowed):
    identity = (document(allow(resource=pattern)),)
    assert decided(ANN, context=context, identity=identity).is_allowed is is_allowed


def test_documents_of_the_older_version_know_no_variables():
    older = document(allow(resource=HOME), version="2008-10-17")
    assert not decided(ANN, context={"aws:username": ("silver",)}, identity=(older,)).is_allowed


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"Statement": [{"Action": "*"}]}), "{"])
def test_what_is_no_policy_is_told(text):
    with pytest.raises(MalformedPolicyError):
        parse(text)
