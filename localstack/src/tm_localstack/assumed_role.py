"""Credentials of a role for a service that works under it."""

import json
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to

from tm_localstack.service_role import trusts


class RoleRefusedError(Exception):
    """There is no such role, or it does not let the service assume it."""


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of a role."""

    access_key_id: str
    secret_access_key: str
    session_token: str

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def client(self, service: str, *, region: str, endpoint_url: str) -> Any:
        """A client that works under the role."""
        session = boto3.Session(self.access_key_id, self.secret_access_key, self.session_token, region)
        make: Any = session.client
        return make(service, endpoint_url=endpoint_url, config=Config(retries={"mode": "standard"}))


def assume(role_arn: str, service: str, *, account_id: str, region: str, source_arn: str, session: str) -> Credentials:
    """Credentials of a role of the account, assumed for a service on behalf of the resource `source_arn`.

    Raises:
        RoleRefusedError: no such role, or its trust policy does not let the service in.
    """
    clients = connect_to(aws_access_key_id=account_id, region_name=region)
    try:
        policy: Any = clients.iam.get_role(RoleName=role_arn.rsplit("/", 1)[-1])["Role"]["AssumeRolePolicyDocument"]
    except ClientError as error:
        raise RoleRefusedError(role_arn) from error
    document = json.loads(policy) if isinstance(policy, str) else policy
    if not trusts(document, service, account_id=account_id, source_arn=source_arn):
        raise RoleRefusedError(role_arn)
    found = clients.sts.assume_role(RoleArn=role_arn, RoleSessionName=session)["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
