"""A lakehouse deployed by a workflow, in an account of its own. On the local AWS only: tokens are of our own issuer."""

import secrets
from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from github_tokens import github_tokens
from trial_lakehouse import ADOPTED_BYTES, ADOPTED_KEY, Trial, destroy, make_trial, remove_bootstrap

from tm_lakehouse.terraform import state_bucket


@pytest.fixture(scope="package")
def account_id(aws) -> Iterator[str]:
    """An account of these tests' own: the local AWS takes a 12-digit access key for the account's id."""
    own = f"3{secrets.randbelow(10**11):011d}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", own)
        # boto3's own session has taken the other tests' key.
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield own


@pytest.fixture(scope="package")
def trial(account_id, tmp_path_factory) -> Iterator[Trial]:
    """A lakehouse applied by a workflow, whose landing bucket existed before, packaged as one script (Pattern A)."""
    trial = make_trial(tmp_path_factory.mktemp("trial"), account_id, [account_id])
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=trial.bucket("landing-zone"))
    s3.put_object(Bucket=trial.bucket("landing-zone"), Key=ADOPTED_KEY, Body=ADOPTED_BYTES)
    state_bucket.create(trial.lakehouse.values.state_bucket)
    trial.bootstrap.init()
    assert trial.bootstrap.plan()
    trial.bootstrap.apply()
    bounded = {
        **trial.lakehouse.variables,
        "permissions_boundary_arn": trial.bootstrap.output("permissions_boundary_arn"),
    }
    with github_tokens() as token:
        trial = replace(trial, lakehouse=replace(trial.lakehouse, variables=bounded), token=token)
        with trial.workflow() as lakehouse:
            lakehouse.init()
            assert lakehouse.plan()
            lakehouse.apply()
        yield trial
        destroy(trial)
    remove_bootstrap(trial)
