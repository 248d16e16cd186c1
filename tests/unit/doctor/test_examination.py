"""What the doctor makes of lines that can't be judged, and of a choice of lines."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tm_lakehouse.doctor.examination import LINES, SECTIONS, chosen, examine
from tm_lakehouse.doctor.verdict import Line, none_of, passed
from tm_lakehouse.errors import LakehouseError


def raising(error):
    def judge(_):
        raise error

    return Line("x.line", "It holds", judge)


@pytest.mark.parametrize(
    ("error", "evidence", "remedy"),
    [
        (LakehouseError("Gone.", "Bring it back."), "Gone.", "Bring it back."),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetX"), "GetX: AccessDenied: no", "role"),
        (ClientError({"Error": {"Code": "NoSuchThing"}}, "GetX"), "GetX: NoSuchThing", "make apply"),
        (EndpointConnectionError(endpoint_url="http://x"), "AWS does not answer", "make up"),
    ],
)
def test_a_line_that_cannot_be_judged_fails_and_the_next_is_judged(error, evidence, remedy):
    after = Line("x.after", "It holds too", lambda _: passed("seen"))
    first, second = examine(None, [raising(error), after], lambda _: None)

    assert first.status == "fail"
    assert evidence in first.evidence
    assert remedy in first.remedy
    assert (second.status, second.evidence) == ("pass", "seen")


def test_names_are_unique_and_every_section_can_be_chosen():
    assert len({line.name for line in LINES}) == len(LINES)
    assert SECTIONS == ("buckets", "catalog", "jobs", "athena", "airflow", "dbt", "iam", "upkeep")
    for section in SECTIONS:
        assert {line.section for line in chosen(LINES, [section])} == {section}
    assert [line.name for line in chosen(LINES, ["upkeep.logs"])] == ["upkeep.logs"]


def test_a_section_that_there_is_not_is_named():
    with pytest.raises(LakehouseError, match="no section or line 'bucket'") as caught:
        chosen(LINES, ["bucket"])
    assert "buckets" in caught.value.next_step


def test_only_the_first_offenders_are_shown():
    assert none_of(list("abcde"), "", "").evidence == "a; b; c; and 2 more"
