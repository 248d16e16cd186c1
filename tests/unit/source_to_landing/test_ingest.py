"""Courses from the API to landing, each for itself, against a real HTTP server."""

import json
from datetime import date

import pytest
from scripted_api import ScriptedApi, answer, silent

from tm_lakehouse.source_to_landing.api_access import ApiAccess
from tm_lakehouse.source_to_landing.ingest import Period, ingest
from tm_lakehouse.source_to_landing.landing import Target
from tm_lakehouse.source_to_landing.patience import Patience
from tm_lakehouse.source_to_landing.rounds_api import RoundsApi

PERIOD = Period(date(2024, 1, 1), date(2024, 1, 31))
DAY = date(2024, 2, 1)
KEY = "course_id=erinhills/ingest_date=2024-02-01/erinhills.rounds_20240101_20240131.jsonl"
ROUND = '{"_id": "a1", "course": "Erin Hills",  "n": 1.10}'
OTHER = '{"_id": "b1", "course": "Erin Hills"}'


@pytest.fixture
def server():
    with ScriptedApi() as api:
        yield api


@pytest.fixture
def run(server, store):
    """Ingest courses with the server answering a script; gives what became of each."""

    def outcomes(*script, courses=("erinhills",), **options):
        server.script[:] = script
        with RoundsApi(ApiAccess(server.url, "the-key", 0.3, "keys/api"), Patience(attempts=1)) as api:
            return ingest(store, api, courses, PERIOD, Target("landing", "observability", DAY, **options))

    return outcomes


@pytest.fixture
def records(store):
    """The lines of all landing records."""

    def read():
        texts = [store.objects["observability", key][0].decode() for key in store.keys("observability")]
        return [json.loads(line) for text in texts for line in text.splitlines()]

    return read


def statuses(outcomes):
    return [outcome.landed.status for outcome in outcomes]


def test_what_the_server_sends_is_landed_and_recorded_without_the_key(run, store, server, records):
    run(answer(f"[{ROUND},{OTHER}]"))
    assert store.objects["landing", KEY][0].decode() == f"{ROUND}\n{OTHER}\n"
    [record] = records()
    assert record["source"] == f"{server.url}/v1/rounds?course_id=erinhills&start_date=2024-01-01&end_date=2024-01-31"
    assert (record["status"], record["key"], record["rows"]) == ("landed", KEY, 2)
    assert "the-key" not in json.dumps(record)


def test_the_same_bytes_again_change_nothing_however_they_are_paged(run, store):
    run(answer(f"[{ROUND},{OTHER}]"))
    again = run(answer(f'{{"rounds": [{ROUND}], "next": "?page=2"}}'), answer(f"[{OTHER}]"))
    assert statuses(again) == ["unchanged"]
    assert store.puts == 1


def test_other_bytes_need_replace_and_the_message_says_so(run, store):
    run(answer(f"[{ROUND}]"))
    [outcome] = run(answer(f"[{OTHER}]"))
    assert outcome.landed.status == "rejected"
    assert "--replace" in outcome.landed.reason
    assert statuses(run(answer(f"[{OTHER}]"), may_replace=True)) == ["replaced"]
    assert store.objects["landing", KEY][0].decode() == f"{OTHER}\n"


def test_no_rounds_land_nothing_and_are_recorded(run, store, records):
    [outcome] = run(answer('{"rounds": []}'))
    assert (outcome.landed.status, outcome.landed.rows, outcome.error) == ("empty", 0, None)
    assert store.keys("landing") == []
    assert [record["status"] for record in records()] == ["empty"]


@pytest.mark.parametrize("may_replace", [False, True])
def test_rounds_that_are_gone_from_the_api_are_not_dropped_in_silence(run, store, may_replace):
    run(answer(f"[{ROUND}]"))
    [outcome] = run(answer("[]"), may_replace=may_replace)
    assert outcome.landed.status == "rejected"
    assert "no rounds any more" in outcome.landed.reason
    assert store.objects["landing", KEY][0].decode() == f"{ROUND}\n"


def test_rounds_of_another_course_are_warned_about_and_refused_where_strict(run, store):
    foreign = answer('[{"_id": "p", "course": "Pinehurst No. 4"}]')
    [outcome] = run(foreign, is_strict=True)
    assert (outcome.landed.status, store.keys("landing")) == ("rejected", [])
    [outcome] = run(foreign)
    assert outcome.landed.status == "landed"
    assert "'Pinehurst No. 4' does not look like erinhills" in outcome.landed.warning


def test_rounds_that_landing_refuses_are_rejected(run):
    [outcome] = run(answer('[{"id": 1}]'))
    assert (outcome.landed.status, outcome.landed.reason) == ("rejected", "its first record has no _id or course")


def test_each_course_stands_alone(run, server, records):
    script = [answer("", 404), answer(f"[{ROUND}]"), answer("[]"), answer(f"[{ROUND}]", 500), answer(f"[{ROUND}]")]
    courses = ["gone", "../up", "erinhills", "dry", "poison", "erinhills-west"]
    assert statuses(run(*script, courses=courses)) == ["failed", "rejected", "landed", "empty", "failed", "landed"]
    assert [request.query["course_id"] for request in server.requests] == [
        course for course in courses if course != "../up"
    ]
    told = {record["course_id"]: (record["status"], record["reason"]) for record in records()}
    assert list(told) == courses
    assert "404 Not Found" in told["gone"][1]
    assert "500 Internal Server Error" in told["poison"][1]


def test_an_api_that_is_down_is_not_asked_for_every_course(run, server, records):
    courses = [f"course{number}" for number in range(6)]
    outcomes = run(answer("", 503), silent, answer("", 401), courses=courses)
    assert statuses(outcomes) == ["failed"] * 6
    assert len(server.requests) == 3
    assert "not asked for" in outcomes[-1].landed.reason
    assert len(records()) == 6


def test_failures_apart_from_each_other_stop_nothing(run, server):
    down, fine = answer("", 503), answer(f"[{ROUND}]")
    script = [down, down, fine, down, down, answer("", 404), down, fine]
    assert len(run(*script, courses=[f"course{number}" for number in range(8)])) == len(server.requests) == 8


def test_a_dry_run_writes_nothing(run, store):
    assert statuses(run(answer(f"[{ROUND}]"), answer("[]"), courses=["erinhills", "dry"], is_dry_run=True)) == [
        "landed",
        "empty",
    ]
    assert store.objects == {}


def test_an_interruption_keeps_the_record_of_what_was_done(run, store, records, server):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    def stopped(handler):
        store.find = interrupt
        answer(f"[{ROUND}]")(handler)

    with pytest.raises(KeyboardInterrupt):
        run(answer(f"[{ROUND}]"), stopped, courses=["erinhills", "other"])
    assert [(record["course_id"], record["status"]) for record in records()] == [("erinhills", "landed")]
