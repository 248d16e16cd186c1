"""A plan that one workflow keeps and another applies, and what no longer is the reviewed one."""

from dataclasses import replace

import boto3
import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform.kept_plan import KeptPlan, counted, differences

LIMITS_BYTES = (20_000_000_000, 30_000_000_000)


def kept(trial, folder, limit_bytes):
    """The plan of a workflow that may only plan, with another limit of what a query scans."""
    with trial.workflow(plans_only=True) as lakehouse:
        changed = replace(lakehouse, variables={**lakehouse.variables, "scan_limit_bytes": limit_bytes})
        changed.plan()
        changed.keep_plan(KeptPlan(folder))
    return KeptPlan(folder)


def applied(trial, plan):
    with trial.workflow() as lakehouse:
        if changes := lakehouse.take_plan(plan):
            lakehouse.apply()
    return changes


def limit_bytes(trial):
    group = boto3.client("athena").get_work_group(WorkGroup=trial.prefix)["WorkGroup"]
    return group["Configuration"]["BytesScannedCutoffPerQuery"]


@pytest.fixture(scope="module")
def limited(trial):
    """The trial; its limit is as it was in the end."""
    before = limit_bytes(trial)
    yield trial
    with trial.workflow() as lakehouse:
        if lakehouse.plan():
            lakehouse.apply()
    assert limit_bytes(trial) == before


@pytest.fixture(scope="module")
def reviewed(limited, tmp_path_factory):
    return kept(limited, tmp_path_factory.mktemp("reviewed"), LIMITS_BYTES[0])


def test_a_plan_is_told_as_people_read_it_and_without_the_machines_paths(limited, reviewed):
    assert counted(reviewed.changes()) == "1 to change"
    assert "scanned_cutoff_per_query" in reviewed.text.read_text()
    assert reviewed.summary.read_text().startswith("### Plan for trial: 1 to change\n")
    assert str(limited.lakehouse.project) not in reviewed.changes_file.read_text()


def test_the_same_plan_made_again_is_the_reviewed_one_and_another_is_not(limited, reviewed, tmp_path):
    assert differences(reviewed.changes(), kept(limited, tmp_path / "again", LIMITS_BYTES[0]).changes()) == []
    other = differences(reviewed.changes(), kept(limited, tmp_path / "other", LIMITS_BYTES[1]).changes())

    assert len(other) == 1
    assert other[0].endswith(": other values of configuration")


def test_another_workflow_applies_just_that_plan_and_no_second_time(limited, reviewed):
    assert applied(limited, reviewed) is True
    assert limit_bytes(limited) == LIMITS_BYTES[0]

    with pytest.raises(LakehouseError, match="plan is stale") as caught:
        applied(limited, reviewed)
    assert "plan again" in caught.value.next_step
