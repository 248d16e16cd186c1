"""A lakehouse made for tests, deployed as a workflow of GitHub's deploys it: by a token, under a deployer's role."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from github_tokens import HOST

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.terraform import state_bucket
from tm_lakehouse.terraform.runner import Bootstrap, Lakehouse

REPOSITORY = "tagmarshal/lakehouse"
NAMES_OF_KEYS = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}
ADOPTED_KEY = "course_id=erinhills/ingest_date=2024-01-15/erinhills.csv"
ADOPTED_BYTES = b"landed before Terraform"


@dataclass(frozen=True)
class Trial:
    """One lakehouse made for these tests, with a name prefix that nothing else has."""

    prefix: str
    account_id: str
    lakehouse: Lakehouse
    token: Callable[..., str] | None = None

    def bucket(self, zone: str) -> str:
        return f"{self.prefix}-{zone}"

    @property
    def bootstrap(self) -> Bootstrap:
        variables = {"databases": list(self._databases), "github_repository": REPOSITORY}
        return Bootstrap(self.lakehouse.project, self.lakehouse.name, self.lakehouse.state, variables)

    @property
    def _databases(self) -> Iterator[str]:
        given = self.lakehouse.variables["databases"]
        yield from given.values()
        yield f"{given['gold']}_build"

    def session(self, role: str, github_environment: str) -> dict[str, str]:
        """Keys of a workflow's session, by the names of their variables."""
        assert self.token
        arn = f"arn:aws:iam::{self.account_id}:role/{role}-{self.prefix}"
        token = self.token(f"repo:{REPOSITORY}:environment:{github_environment}")
        given = boto3.client("sts").assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="workflow", WebIdentityToken=token
        )["Credentials"]
        return {variable: given[key] for variable, key in NAMES_OF_KEYS.items()}

    @contextmanager
    def workflow(self, *, plans_only: bool = False) -> Iterator[Lakehouse]:
        """The lakehouse, in the hands of a workflow that applies, or only plans."""
        role = ("plan", "trial-plan") if plans_only else ("apply", "trial")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.session(*role).items():
                patch.setenv(name, value)
            yield self.lakehouse

    def client(self, service: str, *, plans_only: bool = False) -> object:
        """A client under the role of a workflow."""
        keys = self.session(*(("plan", "trial-plan") if plans_only else ("apply", "trial")))
        return boto3.client(service, **{name.lower(): value for name, value in keys.items()})


def make_trial(folder: Path, account_id: str, allowed: list[str]) -> Trial:
    """Its values and sources, in a folder of its own; nothing is applied."""
    prefix = f"trial-{secrets.token_hex(4)}"
    shutil.copytree(project_root() / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    environments = folder / "terraform" / "environments"
    (environments / "dev").rename(environments / "trial")
    _set(environments / "trial" / "backend.hcl", bucket=f'"{prefix}-state"')
    _set(
        environments / "trial" / "terraform.tfvars",
        allowed_account_ids=f'["{allowed[0]}"]',
        name_prefix=f'"{prefix}"',
        suffix='""',
        adopt_buckets='["landing"]',
    )
    database = prefix.replace("-", "_")
    variables = {
        "databases": {name: f"{database}_{name}" for name in ("silver", "gold", "observability")},
        "package_directory": str(project_root() / "terraform" / "modules" / "glue_jobs" / "tests" / "package"),
        "packaging": "script",
        "api": {"base_url": "https://api.example.test"},
    }
    return Trial(prefix, account_id, Lakehouse(folder, "trial", folder / "state", variables))


def _set(file: Path, **values: str) -> None:
    text = file.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(rf"^{name}( *)=.*$", rf"{name}\1= {value}", text, flags=re.MULTILINE)
        assert count == 1, f"{file} does not set {name}"
    file.write_text(text, encoding="utf-8")


def destroy(trial: Trial) -> None:
    """Remove the lakehouse, as a workflow."""
    with trial.workflow() as lakehouse:
        if lakehouse.plan(destroy=True):
            lakehouse.apply()


def remove_bootstrap(trial: Trial) -> None:
    """By hand: the state's bucket holds what tells of the rest."""
    iam, kms = boto3.client("iam"), boto3.client("kms")
    key = boto3.client("s3").get_bucket_encryption(Bucket=trial.lakehouse.values.state_bucket)
    state_bucket.remove(trial.lakehouse.values.state_bucket)
    assert not state_bucket.exists(trial.lakehouse.values.state_bucket)
    policies = {trial.lakehouse.variables["permissions_boundary_arn"]}
    for role in (f"plan-{trial.prefix}", f"apply-{trial.prefix}"):
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            policies.add(attached["PolicyArn"])
        iam.delete_role(RoleName=role)
    for policy in policies:
        iam.delete_policy(PolicyArn=policy)
    provider = f"arn:aws:iam::{trial.account_id}:oidc-provider/{HOST}"
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    rule = key["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    kms.delete_alias(AliasName=f"alias/terraform-state-{trial.prefix}")
    kms.schedule_key_deletion(KeyId=rule["KMSMasterKeyID"], PendingWindowInDays=7)
