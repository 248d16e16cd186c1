"""The steps of docs/deploy.md as they stand there, in a checkout of one's own, against an account without anything."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import pytest
from bounded_roles import bounded_roles, out_of_bounds
from github_tokens import github_tokens

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli import target
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.settings import Settings

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]

DOCUMENTED = re.compile(r"`((?:make|tm-lakehouse) [^`]*?(?:ENV=dev|--env dev)\b[^`]*)`")
ASKING = ("make bootstrap", "make apply")
ROUNDS = 20
WORKFLOW = "repo:tagmarshal/lakehouse:environment:local"


@dataclass
class Checkout:
    """The project as a user has it after a clone. `role` are a session's keys, where a workflow runs the commands."""

    root: Path
    files: Path
    role: Mapping[str, str] = field(default_factory=dict)

    def run(self, documented: str) -> str:
        """Run a command of the page for the local AWS, which plays the account; what it printed."""
        command = documented.replace("ENV=dev", "ENV=local").replace("--env dev", "--env local")
        command = command.replace("FOLDER", str(self.files))
        if command.startswith(ASKING):
            command += " YES=1"
        environment = {name: value for name, value in os.environ.items() if name != "TM_TARGET"} | dict(self.role)
        environment["PATH"] = f"{self.root / '.venv' / 'bin'}:{environment['PATH']}"
        done = subprocess.run(
            command, shell=True, cwd=self.root, env=environment, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout + done.stderr

    def set_value(self, name: str, value: str) -> None:
        """Change a value of the environment, as step 1 says."""
        file = self.root / "terraform" / "environments" / "local" / "terraform.tfvars"
        text, count = re.subn(rf"^{name}( *)= \S+", rf"{name}\1= {value}", file.read_text("utf-8"), flags=re.MULTILINE)
        assert count == 1
        file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def checkout(local_aws, tmp_path_factory) -> Iterator[Checkout]:
    """This checkout's files in another folder, set up, and an AWS that nobody has used."""
    root, files = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("deliveries")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=project_root(), capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project_root() / name, root / name)
    generate_folder(files, [CourseOrder(find_profile("erinhills"), ROUNDS)], Options(seed=1, file_format="csv"))
    with local_aws():
        checkout = Checkout(root, files)
        checkout.run("make up")
        yield checkout


@pytest.fixture(scope="module")
def finished(checkout) -> Checkout:
    """All steps are done: the account's administrator prepares it, a workflow deploys, a user runs and checks."""
    page = (project_root() / "docs" / "deploy.md").read_text(encoding="utf-8").partition("## Who may what")[0]
    bootstrap, *deploying, land, silver, gold, run, doctor = DOCUMENTED.findall(page)
    assert [bootstrap, *deploying] == ["make bootstrap ENV=dev", "make plan ENV=dev", "make apply ENV=dev"]

    told = checkout.run(bootstrap)
    boundary, deployer = (_arn(told, kind) for kind in ("policy/boundary-", "role/apply-"))
    checkout.set_value("permissions_boundary_arn", f'"{boundary}"')
    checkout.set_value("orchestrator", '"mwaa"')
    with github_tokens() as token:
        for command in deploying:
            checkout.role = _session(deployer, token(WORKFLOW))
            checkout.run(command)
    checkout.role = {}
    for command in (land, run, silver, gold, doctor):
        checkout.run(command)
    return checkout


def test_what_was_landed_is_read_in_gold(finished, monkeypatch):
    for name, value in target.read_record(target.record_path("local", target.LAKEHOUSE_RECORD)).items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_environment()
    readers = Athena(settings.athena_workgroup, settings.db_gold)
    counted = readers.query("SELECT course_id, count(*) FROM fact_rounds GROUP BY course_id").rows
    assert counted == [["erinhills", str(ROUNDS)]]


def test_every_role_that_worked_is_bounded_and_loses_nothing_by_it(finished):
    iam, names = boto3.client("iam"), bounded_roles("tm-lakehouse")
    bounds = {
        iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        for name in names
    }

    assert len(names) >= 6
    assert {str(bound).partition("policy/")[2] for bound in bounds} == {"boundary-tm-lakehouse"}
    assert {name: taken for name in names if (taken := out_of_bounds(name))} == {}


def _arn(told: str, kind: str) -> str:
    found = re.search(rf"arn:aws:iam::\d+:{kind}[\w-]+", told)
    assert found, told
    return found.group()


def _session(role: str, token: str) -> dict[str, str]:
    """Keys of a workflow's session, with the endpoint that they came from."""
    sts = boto3.client("sts")
    given = sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="workflow", WebIdentityToken=token)
    keys = given["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
