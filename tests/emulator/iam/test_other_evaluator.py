"""Generated cases, decided by this emulator's evaluator and by one that other people wrote: MiniStack's."""

import json
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tm_localstack.iam.documents import parse
from tm_localstack.iam.evaluation import Policies, Principal, Request, decide
from tm_localstack.launcher.settings import PROJECT

PYTHON = PROJECT / ".runtime" / "iam_oracle" / "bin" / "python"
PROBE = Path(__file__).resolve().parents[2] / "support" / "iam_oracle_probe.py"
CASES = 5000
ACCOUNT = "111122223333"
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/lake", f"arn:aws:sts::{ACCOUNT}:assumed-role/lake/run"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
CALLERS = {"AssumedRole": (SESSION, ROLE), "User": (USER, USER)}
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
ACTION_PATTERNS = ("*", "s3:*", "s3:Get*", "S3:putobject", "s3:GetObject", "s3:?utObject", "glue:*")
RESOURCES = ("arn:aws:s3:::lake/silver/a", "arn:aws:s3:::lake/gold/b", "arn:aws:s3:::lake")
RESOURCE_PATTERNS = (
    "*", "arn:aws:s3:::*", "arn:aws:s3:::lake/*", "arn:aws:s3:::lake/silver/?", "arn:aws:s3:::Lake/*",
    "arn:aws:s3:::lake", "arn:aws:s3:::lake/gold/b",
)  # fmt: skip
NAMED = ("*", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ROLE, SESSION, USER, "arn:aws:iam::444455556666:root")
CONDITIONS = (
    {"StringEquals": {"s3:prefix": ["silver/", "gold/"]}},
    {"StringNotEquals": {"s3:prefix": "silver/"}},
    {"StringLike": {"s3:prefix": "si*"}},
    {"StringNotLike": {"s3:prefix": "si*"}},
    {"StringEqualsIfExists": {"s3:prefix": "gold/"}},
    {"StringEqualsIgnoreCase": {"s3:prefix": "SILVER/"}},
    {"Null": {"s3:prefix": "true"}},
    {"Null": {"s3:prefix": "false"}},
    {"NumericLessThan": {"s3:max-keys": "10"}},
    {"NumericGreaterThanEquals": {"s3:max-keys": "10"}},
    {"StringLike": {"s3:prefix": "*"}, "NumericEquals": {"s3:max-keys": "7"}},
)


class Generator:
    """Cases by a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, patterns):
        found = self.random.sample(patterns, self.random.randint(1, 2))
        return found if self.random.random() < 0.5 else found[0]

    def statement(self, *, has_principal=False):
        chance = self.random.random
        made = {"Effect": "Deny" if chance() < 0.25 else "Allow"}
        made["NotAction" if chance() < 0.15 else "Action"] = self.some(ACTION_PATTERNS)
        made["NotResource" if chance() < 0.15 else "Resource"] = self.some(RESOURCE_PATTERNS)
        if chance() < 0.4:
            made["Condition"] = self.random.choice(CONDITIONS)
        if has_principal:
            named = self.some(NAMED)
            made["Principal"] = "*" if named == "*" and chance() < 0.5 else {"AWS": named}
        return made

    def document(self, **more):
        statements = [self.statement(**more) for _ in range(self.random.randint(1, 3))]
        return {"Version": "2012-10-17", "Statement": statements}

    def case(self):
        chance = self.random.random
        kind = self.random.choice(list(CALLERS))
        context = {"s3:prefix": self.random.choice(("silver/", "gold/", "")), "s3:max-keys": self.random.choice("579")}
        return {
            "kind": kind,
            "principal": CALLERS[kind][0],
            "account": ACCOUNT,
            "action": self.random.choice(ACTIONS),
            "resource": self.random.choice(RESOURCES),
            "context": {key: value for key, value in context.items() if chance() < 0.7},
            "identity": [self.document() for _ in range(self.random.randint(0, 2))],
            "boundary": [self.document()] if chance() < 0.3 else None,
            "session": [self.document()] if kind == "AssumedRole" and chance() < 0.3 else None,
            "own": self.document(has_principal=True) if chance() < 0.6 else None,
            "is_own_needed": chance() < 0.3,
        }


def ours(case):
    principal = Principal(case["kind"], case["principal"], case["account"], CALLERS[case["kind"]][1])
    context = {key: (value,) for key, value in case["context"].items()}
    policies = Policies(
        identity=tuple(map(parse, case["identity"])),
        boundary=parse(case["boundary"][0]) if case["boundary"] else None,
        session=tuple(map(parse, case["session"])) if case["session"] else None,
        resource=parse(case["own"]) if case["own"] else (),
        is_resource_policy_needed=case["is_own_needed"],
    )
    return decide(Request(principal, case["action"], case["resource"], context), policies).is_allowed


@pytest.fixture(scope="module")
def decided():
    """Each case with both decisions."""
    assert PYTHON.is_file(), f"{PYTHON} is missing: `make test` installs it."
    cases = [Generator(seed).case() for seed in range(CASES)]
    done = subprocess.run(
        [str(PYTHON), str(PROBE)], input=json.dumps(cases), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(zip(cases, map(ours, cases), json.loads(done.stdout), strict=True))


def test_both_evaluators_decide_alike(decided):
    different = [case for case, mine, theirs in decided if mine != theirs]
    assert not different, f"{len(different)} of {CASES}, the first: {json.dumps(different[0], indent=1)}"


def test_the_cases_are_of_both_kinds(decided):
    counted = Counter(mine for _, mine, _ in decided)
    assert min(counted[True], counted[False]) > CASES / 10
