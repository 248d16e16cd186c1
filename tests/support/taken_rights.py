"""The project's commands on a lakehouse whose roles' statements can be taken away."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.orchestration.role import CREDENTIALS
from tm_lakehouse.settings import Settings

PREFIX = "tm-lakehouse"
DAY, BROKEN_DAY = "2024-06-01", "2024-06-02"
NEEDED = re.compile(r"^\| (?P<sid>\w+) \| `(?P<action>[\w:*]+)`[^|]*\| (?!\*not needed)")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    text: str


@dataclass(frozen=True)
class Lakehouse:
    """The project's commands on it, as the account's owner or under a role of the lakehouse."""

    log: Path

    @property
    def settings(self) -> Settings:
        return Settings.from_environment()

    def run(self, *arguments: str, role: str | None = None) -> Said:
        """One command to its end, however it ends."""
        program = str(Path(sys.executable).parent / "tm-lakehouse")
        environment = os.environ | (session(role) if role else {})
        done = subprocess.run(
            [program, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ tm-lakehouse {' '.join(arguments)}   # {role or 'owner'}: {done.returncode}\n{done.stdout}")
        return Said(done.returncode, done.stdout)


@contextmanager
def without(role: str, sid: str) -> Iterator[None]:
    """Take a statement of a role away for a while."""
    iam, name = boto3.client("iam"), f"{PREFIX}-{role}"
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    rest = [each for each in whole["Statement"] if each["Sid"] != sid]
    assert len(rest) == len(whole["Statement"]) - 1, f"{name} has no statement {sid}"
    place = {"RoleName": name, "PolicyName": policy}
    iam.put_role_policy(**place, PolicyDocument=json.dumps({**whole, "Statement": rest}))
    try:
        yield
    finally:
        iam.put_role_policy(**place, PolicyDocument=json.dumps(whole))


def needed_statements(roles: Container[str]) -> dict[tuple[str, str], list[str]]:
    """The actions that are needed of each statement, by role and statement, as docs/permissions.md tells."""
    found, role = defaultdict(list), ""
    for line in (project_root() / "docs" / "permissions.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            role = line.removeprefix("## ")
        elif (row := NEEDED.match(line)) and role in roles:
            found[role, row["sid"]].append(row["action"])
    return dict(found)


def last_refusal(lakehouse: Lakehouse) -> str:
    """What `status` tells of the newest call that a policy refused: action, resource and role."""
    return next(
        line for line in lakehouse.run("status", "--quick").text.splitlines() if line.startswith("iam")
    ).rstrip()


def session(role: str) -> dict[str, str]:
    """Keys of a session under a role of the lakehouse, by the names of their variables."""
    account = boto3.client("sts").get_caller_identity()["Account"]
    given = boto3.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/{PREFIX}-{role}", RoleSessionName="without"
    )["Credentials"]
    values = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return dict(zip(CREDENTIALS, values, strict=True))
