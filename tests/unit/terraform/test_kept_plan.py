"""What a kept plan tells, and when two plans are the same."""

from copy import deepcopy
from pathlib import Path

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform.kept_plan import (
    SUMMARY_TEXT_CHARACTERS,
    KeptPlan,
    changes_of,
    counted,
    differences,
    keep,
    summary,
)

PROJECT = Path("/somewhere/lakehouse")


def resource(address, *actions, **change):
    return {"address": address, "change": {"actions": list(actions), **change}}


def shown(*resources, **outputs):
    return {"resource_changes": list(resources), "output_changes": outputs}


def changed(*resources, **outputs):
    return changes_of(shown(*resources, **outputs), PROJECT)


BUCKET = resource("aws_s3_bucket.a", "update", before={"tags": {}}, after={"tags": {"a": "b"}}, after_unknown={})


def test_what_stays_and_what_is_only_read_is_no_change():
    assert changed(resource("a", "no-op"), resource("data.b", "read"), out={"actions": ["no-op"]}) == {}


def test_what_is_taken_over_unchanged_is_a_change():
    assert counted(changed(resource("a", "no-op", importing={"id": "x"}))) == "1 to import"


def test_values_are_shown_but_sensitive_ones():
    change = resource(
        "a",
        "create",
        before=None,
        after={"name": "n", "key": "secret", "list": ["open", "secret", "more"], "none": None},
        after_sensitive={"key": True, "list": [False, True], "none": True},
    )

    assert changed(change)["a"]["after"] == {
        "name": "n", "key": "(sensitive)", "list": ["open", "(sensitive)", "more"], "none": None,
    }  # fmt: skip


def test_two_checkouts_of_the_same_sources_plan_the_same():
    def plan(project):
        change = resource("a", "create", after={"source": f"{project}/build/a.zip", "more": [f"{project}/b"]})
        return changes_of(shown(change), Path(project))

    assert differences(plan("/home/one/checkout"), plan("/two")) == []


@pytest.mark.parametrize(
    ("present", "line"),
    [
        ([BUCKET, resource("b", "create")], "b: would create, which the reviewed plan does not"),
        ([], "aws_s3_bucket.a: the reviewed plan would update, this one leaves it"),
        ([resource("aws_s3_bucket.a", "delete")], "aws_s3_bucket.a: would delete, the reviewed plan would update"),
    ],
)
def test_each_difference_is_named(present, line):
    assert differences(changed(BUCKET), changed(*present)) == [line]


@pytest.mark.parametrize("side", ["before", "after", "after_unknown"])
def test_another_value_before_or_after_is_a_difference(side):
    other = deepcopy(BUCKET)
    other["change"][side]["acl"] = "private"

    assert differences(changed(BUCKET), changed(other)) == ["aws_s3_bucket.a: other values of acl"]


def test_counts_are_of_resources_and_a_replacement_counts_twice():
    plan = changed(BUCKET, resource("b", "delete", "create"), resource("c", "create"), out={"actions": ["create"]})

    assert counted(plan) == "2 to add, 1 to change, 1 to destroy"


def test_a_plan_of_outputs_only_is_told():
    assert counted(changed(out={"actions": ["create"], "after": 1})) == "outputs only"
    assert counted({}) == "nothing to change"


def test_a_long_plan_is_cut_in_the_summary_and_says_so():
    text = summary("dev", changed(BUCKET), "x" * (2 * SUMMARY_TEXT_CHARACTERS))

    assert len(text) < SUMMARY_TEXT_CHARACTERS + 300
    assert "plan.txt has all of it" in text


def test_nothing_to_change_is_one_line():
    assert summary("dev", {}, "No changes.") == "### Plan for dev: nothing to change\n"


def test_what_is_kept_is_read_again(tmp_path):
    kept = KeptPlan(tmp_path / "plan")
    keep(kept, "dev", "text\n", shown(BUCKET), PROJECT)

    assert kept.changes() == changed(BUCKET)
    assert kept.text.read_text() == "text\n"


def test_a_folder_without_a_plan_is_named(tmp_path):
    with pytest.raises(LakehouseError, match="holds no kept plan") as caught:
        KeptPlan(tmp_path).changes()
    assert "--out" in caught.value.next_step
