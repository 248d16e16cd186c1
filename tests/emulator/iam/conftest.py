"""Roles with the policies that a test gives them, and clients that work under them."""

import secrets
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from iam_policies import policy


class Role:
    """One role; `client` gives clients of a session of its own."""

    def __init__(self, arn: str, name: str, sessions: Callable[..., dict[str, str]]) -> None:
        self.arn, self.name, self._sessions = arn, name, sessions

    def client(self, service: str, session_policy: str | None = None) -> object:
        """A client under the role; `session_policy` narrows the session."""
        keys = self._sessions(self.arn, session_policy)
        return boto3.client(service, **keys)


@pytest.fixture
def account(client) -> str:
    return client("sts").get_caller_identity()["Account"]


@pytest.fixture
def make_role(client, account, wait_until) -> Iterator[Callable[..., Role]]:
    """Make roles that the account trusts; they go in the end."""
    iam, sts, made = client("iam"), client("sts"), []

    def sessions(arn: str, session_policy: str | None) -> dict[str, str]:
        narrowed = {"Policy": session_policy} if session_policy else {}

        def keys() -> dict[str, str] | None:
            try:
                found = sts.assume_role(RoleArn=arn, RoleSessionName="test", **narrowed)["Credentials"]
            except ClientError:
                # AWS takes a moment to know a new role.
                return None
            names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            given = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
            return dict(zip(given, (found[name] for name in names), strict=True))

        return wait_until(keys, 30, f"a session of {arn}")

    def make(*statements: dict[str, object], trusted: object = None, boundary: str | None = None) -> Role:
        name = f"tm-test-{secrets.token_hex(4)}"
        principal = trusted or {"AWS": f"arn:aws:iam::{account}:root"}
        trust = policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
        bounds = {"PermissionsBoundary": boundary} if boundary else {}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **bounds)["Role"]["Arn"]
        made.append(name)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=policy(*statements))
        return Role(arn, name, sessions)

    yield make
    for name in made:
        for attached in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=attached)
        iam.delete_role(RoleName=name)


@pytest.fixture
def make_policy(client) -> Iterator[Callable[..., str]]:
    """Make managed policies, by ARN; they go in the end."""
    iam, made = client("iam"), []

    def make(*statements: dict[str, object]) -> str:
        document = policy(*statements)
        made.append(
            iam.create_policy(PolicyName=f"tm-test-{secrets.token_hex(4)}", PolicyDocument=document)["Policy"]["Arn"]
        )
        return made[-1]

    yield make
    for arn in made:
        iam.delete_policy(PolicyArn=arn)
