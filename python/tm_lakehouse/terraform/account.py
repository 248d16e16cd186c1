"""Whose credentials these are, asked before anything is made with them."""

from collections.abc import Collection

import boto3
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError, ProfileNotFound

from tm_lakehouse.errors import LakehouseError


def check(environment: str, allowed: Collection[str] | None) -> str:
    """The account of the current credentials.

    Raises:
        LakehouseError: there are none, AWS refuses them, or the environment allows other accounts only.
    """
    try:
        account = str(boto3.client("sts").get_caller_identity()["Account"])
    except (NoCredentialsError, NoRegionError, ProfileNotFound) as error:
        raise LakehouseError(
            f"There are no AWS credentials for {environment}: {error}",
            "Sign in (AWS_PROFILE, SSO or OIDC) and set AWS_REGION.",
        ) from None
    except ClientError as error:
        raise LakehouseError(
            f"AWS refuses the credentials for {environment}: {error.response['Error'].get('Message', error)}",
            "Sign in again; the session may have expired.",
        ) from None
    if allowed and account not in allowed:
        raise LakehouseError(
            f"These credentials are of account {account}, and {environment} allows only {', '.join(allowed)}.",
            f"Use credentials of that account, or correct terraform/environments/{environment}/terraform.tfvars.",
        )
    return account
