"""The proof that permissions are needed, on records made for it."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tm_localstack.iam.documents import parse

PROOF = Path(__file__).resolve().parents[2] / "iam_proof"
ROLE = "arn:aws:iam::000000000000:role/tm-lakehouse-reader"
SILVER, GOLD = "arn:aws:s3:::lake/silver/*", "arn:aws:s3:::lake/gold/*"


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """Permissions of one role by its statements and calls, and what was refused."""
    monkeypatch.syspath_prepend(str(PROOF))
    import proof
    import record

    def judge(statements, calls, justified=()):
        document = parse({"Version": "2012-10-17", "Statement": statements})
        _write(tmp_path / "policies.jsonl", [{"principal": ROLE, "statements": [asdict(each) for each in document]}])
        lines = [
            {"principal": ROLE, "action": action, "resource": resource, "is_allowed": is_allowed, "context": {}}
            for action, resource, is_allowed in calls
        ]
        _write(tmp_path / "calls.jsonl", lines)
        (role,) = record.read(tmp_path)
        return proof.permissions(role, [proof.Justification(*each) for each in justified]), role.refused

    return judge


def _write(file, lines):
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def allow(sid, actions, resource):
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


READ = allow("Read", ["s3:GetObject", "s3:GetObjectVersion"], [SILVER])


def test_an_action_that_a_call_needs_is_needed_and_another_is_not(judged):
    (needed, unused), refused = judged([READ], [("s3:GetObject", "arn:aws:s3:::lake/silver/a", True)])

    assert (needed.action, needed.needed_by.resource) == ("s3:getobject", "arn:aws:s3:::lake/silver/a")
    assert unused.has_no_ground
    assert refused == []


def test_what_two_statements_allow_neither_needs(judged):
    wider = allow("Wider", "s3:Get*", "*")
    found, _ = judged([READ, wider], [("s3:GetObject", "arn:aws:s3:::lake/silver/a", True)])

    assert [each.has_no_ground for each in found] == [True, True, True]
    assert found[0].used_by is not None
    assert found[2].is_for_everything


def test_a_reason_is_a_ground(judged):
    justified = [("read*", "Read", ("s3:getobjectversion",), "asked for by people")]
    found, _ = judged([READ], [("s3:GetObject", "arn:aws:s3:::lake/silver/a", True)], justified)

    assert [each.reason for each in found] == [None, "asked for by people"]
    assert not any(each.has_no_ground for each in found)


def test_a_refused_call_is_told(judged):
    _, refused = judged([READ], [("s3:GetObject", GOLD, False)])

    assert [(each.action, each.resource) for each in refused] == [("s3:GetObject", GOLD)]


def test_a_refusal_on_purpose_is_of_one_role_and_action(judged):
    _, refused = judged([READ], [("s3:GetObject", GOLD, False), ("s3:PutObject", GOLD, False)])
    import proof

    meant = proof.Refusal("reader", "s3:getobject", "it tries")
    assert [meant.covers("reader", each) for each in refused] == [True, False]
    assert not meant.covers("writer", refused[0])


def test_the_page_is_about_the_policies_as_they_are(monkeypatch):
    """Who changes a role runs `make iam-proof` again."""
    monkeypatch.syspath_prepend(str(PROOF))
    import page

    assert page.digest_told() == page.digest_of_policies()


def test_the_page_gives_every_permission_a_ground(monkeypatch):
    monkeypatch.syspath_prepend(str(PROOF))
    import page

    text = page.PAGE.read_text(encoding="utf-8")
    assert "permissions of" in text
    assert "NO REASON GIVEN" not in text
