"""Roles for workflows of GitHub: only the right workflow's genuine token assumes them.

The issuer is one of the test's own, which the emulator is told to ask instead of GitHub's.
"""

import pytest
from github_tokens import HOST, ISSUER, github_tokens
from iam_policies import policy

SUBJECT = "repo:tagmarshal/lakehouse:environment:dev"


@pytest.fixture(scope="module")
def issuer(aws):
    """Ask for tokens of these claims: genuine ones, or forged."""
    with github_tokens() as token:
        yield lambda path="token", **changed: token(**({"sub": SUBJECT, "path": path} | changed))


@pytest.fixture
def provider(client):
    """The account's OpenID Connect provider for GitHub's workflows."""
    iam = client("iam")
    arn = iam.create_open_id_connect_provider(
        Url=ISSUER, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    yield arn
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


@pytest.fixture
def role(client, provider, unique):
    """A role for one environment of one repository."""
    iam, name = client("iam"), unique("tm-deployer")
    only = {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com", f"{HOST}:sub": SUBJECT}}
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": only,
    }
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    yield arn
    iam.delete_role(RoleName=name)


@pytest.fixture
def assume(client, role):
    """Assume the role by a token."""
    sts = client("sts")
    return lambda token: sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="workflow", WebIdentityToken=token
    )


def test_the_workflow_that_the_role_is_for_assumes_it(assume, issuer):
    assert assume(issuer())["Credentials"]["SessionToken"]


@pytest.mark.parametrize(
    "subject",
    [
        "repo:tagmarshal/lakehouse:environment:prod",
        "repo:tagmarshal/lakehouse:pull_request",
        "repo:tagmarshal/lakehouse:ref:refs/heads/main",
        "repo:somebody/lakehouse:environment:dev",
        f"{SUBJECT}x",
    ],
)
def test_another_workflow_does_not(assume, issuer, refused, subject):
    message = refused(lambda: assume(issuer(sub=subject)))
    assert "sts:AssumeRoleWithWebIdentity" in message


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("forged", {}),
        ("token", {"exp": 1_700_000_000}),
        ("token", {"aud": "somebody-else"}),
        ("token", {"iss": "https://gitlab.com"}),
    ],
)
def test_a_token_that_proves_nothing_is_refused(assume, issuer, refused, path, changed):
    refused(lambda: assume(issuer(path, **changed)), code="InvalidIdentityToken")


def test_what_is_no_token_is_refused(assume, refused):
    refused(lambda: assume("no.token"), code="InvalidIdentityToken")
