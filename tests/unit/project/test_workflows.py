"""Workflows call what the Makefile has, with roles that only their own environment's jobs get."""

import re
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[3]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE))


def jobs(path):
    return yaml.safe_load(path.read_text())["jobs"].values()


def steps(path):
    return [step for job in jobs(path) for step in job.get("steps", ())]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_makes_targets_that_there_are(path):
    called = re.findall(r"^make ([a-z0-9-]+)", "\n".join(step.get("run", "") for step in steps(path)), re.MULTILINE)
    called += [target for job in jobs(path) for target in job.get("strategy", {}).get("matrix", {}).get("target", ())]

    assert set(called) <= TARGETS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_role_is_assumed_only_in_an_environment_and_never_by_a_key(path):
    for job in jobs(path):
        assumes = [step for step in job.get("steps", ()) if "configure-aws-credentials" in step.get("uses", "")]
        assert bool(assumes) == (job.get("permissions", {}).get("id-token") == "write" and "steps" in job)
        for step in assumes:
            is_planning = "AWS_PLAN_ROLE_ARN" in step["with"]["role-to-assume"]
            assert job["environment"].endswith("-plan") == is_planning
            assert not [name for name in step["with"] if "key" in name]
