"""Working under another role for a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@contextmanager
def under_role(role_arn: str, session_name: str) -> Iterator[None]:
    """Let this process, and those it starts, work under a role; afterwards as before. Good for one hour.

    Only for a process with one thing to do, such as a task: the credentials are those of the whole process.
    """
    import boto3

    given = boto3.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name)["Credentials"]
    before = {name: os.environ.get(name) for name in CREDENTIALS}
    values = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    os.environ.update(zip(CREDENTIALS, values, strict=True))
    _use_environment()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _use_environment()


def _use_environment() -> None:
    """What was made before keeps the credentials that it was made with."""
    import boto3

    from tm_lakehouse.landing_to_silver import object_store

    boto3.setup_default_session()
    object_store.forget_client()
