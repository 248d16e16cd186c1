"""The API source against a real HTTP server that misbehaves in every way it can."""

import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from scripted_api import (
    DRIPPING_BODY,
    DRIPPING_HEAD,
    ScriptedApi,
    answer,
    chunked,
    cut,
    reset,
    silent,
    until_closed,
    zipped,
)

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing import rounds_api
from tm_lakehouse.source_to_landing.api_access import ApiAccess
from tm_lakehouse.source_to_landing.patience import Patience
from tm_lakehouse.source_to_landing.rounds_api import ApiUnavailableError, RoundsApi

KEY = "the-secret-key"
PERIOD = (date(2024, 1, 1), date(2024, 1, 31))
FIRST = '{"_id": "a1",  "course": "Erin Hills", "pace": 1.10, "n": 1e2}'
SECOND = '{"_id":"a2","course":"Erin \\n Hills \u2028 ü"}'
ROUNDS = f"[{FIRST}, {SECOND}]"
LINES = [FIRST, SECOND]
ATTEMPTS = 3


@pytest.fixture
def server():
    with ScriptedApi() as api:
        yield api


@pytest.fixture
def waits():
    """The seconds that would have been waited."""
    return []


@pytest.fixture
def fetch(server, tmp_path, waits):
    """Let the server answer with a script, and give the lines that were fetched."""

    def run(*script, base="", timeout=5.0, patience=None, **options):
        server.script[:] = script
        access = ApiAccess(server.url + base, KEY, timeout, "keys/api")
        path = tmp_path / "erinhills.rounds.jsonl"
        patience = patience or Patience(attempts=ATTEMPTS, sleep=waits.append)
        with RoundsApi(access, patience, **options) as api:
            count = api.fetch(api.address("erinhills", *PERIOD), path)
        lines = path.read_bytes().decode().split("\n")
        assert lines.pop() == ""
        assert len(lines) == count
        return lines

    return run


@pytest.fixture
def refused(fetch):
    """Let the server answer with a script that must fail; gives the error, which never holds the key."""

    def run(*script, **options) -> LakehouseError:
        with pytest.raises(LakehouseError) as caught:
            fetch(*script, **options)
        assert KEY not in caught.value.reason + caught.value.next_step
        return caught.value

    return run


@pytest.fixture
def elsewhere():
    """Another host's server, which must never be asked."""
    with ScriptedApi() as other:
        yield other
        assert other.requests == []


def page(*rounds, following=None):
    return json.dumps({"rounds": [{"_id": one, "course": "Erin Hills"} for one in rounds], "next": following})


def ids(lines):
    return [json.loads(line)["_id"] for line in lines]


def test_the_request_names_course_and_dates_and_carries_the_key(fetch, server):
    fetch(answer(ROUNDS), base="/api")
    [request] = server.requests
    assert request.path == "/api/v1/rounds"
    assert request.query == {"course_id": "erinhills", "start_date": "2024-01-01", "end_date": "2024-01-31"}
    assert request.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "sound",
    [
        answer(ROUNDS),
        answer("\ufeff " + ROUNDS.replace(", {", " ,\r\n\t{")),
        answer(ROUNDS, Content_Type="application/json; charset=iso-8859-1"),
        answer(f' {{"count": [2, {{"rounds": 1}}], "rounds" : {ROUNDS}, "next": null}} \n'),
        answer(f'{{"next": "", "rounds": {ROUNDS}}}'),
        zipped(ROUNDS),
        chunked([ROUNDS[:70], ROUNDS[70:]], is_ended=True),
        until_closed(ROUNDS),
    ],
    ids=["list", "blanks", "wrong charset", "object", "next first", "gzip", "chunked", "until closed"],
)
def test_rounds_come_as_lines_with_their_very_texts(fetch, sound):
    assert fetch(sound) == LINES


def test_line_breaks_between_values_become_blanks(fetch):
    assert fetch(answer('[{"_id":\n "a1",\r\n"n": 1.0}]')) == ['{"_id":  "a1",  "n": 1.0}']


def test_no_rounds_are_no_lines(fetch):
    assert fetch(answer('{"rounds": []}')) == []


# Pages


def test_pages_follow_each_other_in_order(fetch, server):
    lines = fetch(
        answer(page("a", "b", following=f"{server.url}/v1/rounds?page=2")),
        answer(page(following="/elsewhere/v2?page=3")),
        answer(page("c", following="?page=4#fragment")),
        answer('[{"_id": "d"}]', Link='</v1/rounds?page=1>; rel="prev", <?page=5>; rel="last next"'),
        answer(page("e")),
    )
    assert ids(lines) == ["a", "b", "c", "d", "e"]
    asked = [(request.path, request.query.get("page")) for request in server.requests]
    assert asked == [
        ("/v1/rounds", None),
        ("/v1/rounds", "2"),
        ("/elsewhere/v2", "3"),
        ("/elsewhere/v2", "4"),
        ("/elsewhere/v2", "5"),
    ]
    assert {request.headers["Authorization"] for request in server.requests} == {f"Bearer {KEY}"}


@pytest.mark.parametrize("again", [("b", "c", "d"), ("b",)], ids=["more", "less"])
def test_nothing_stays_of_a_try_that_failed_half_way(fetch, again):
    half = until_closed(page("b", "c")[:-10])
    assert ids(fetch(answer(page("a", following="?page=2")), half, answer(page(*again)))) == ["a", *again]


@pytest.mark.parametrize("form", ["{}/v1/rounds?page=2", "{}/?key=the-secret-key"])
def test_the_key_goes_to_no_other_host(refused, elsewhere, form):
    error = refused(answer(page("a", following=form.format(elsewhere.url))))
    assert "lies elsewhere" in error.reason
    assert elsewhere.url in error.reason


@pytest.mark.parametrize("following", ["//127.0.0.1:1/x", "https://127.0.0.1/", "ftp://x", "http://user:name@{host}/"])
def test_another_scheme_port_or_user_is_another_place(refused, server, following):
    host = server.url.removeprefix("http://")
    assert "lies elsewhere" in refused(answer(page("a", following=following.format(host=host)))).reason
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("following", "reason"), [("http://x:port/", "has no address"), (7, "no address"), ({"href": "x"}, "no address")]
)
def test_a_next_page_that_is_no_address(refused, following, reason):
    assert reason in refused(answer(page("a", following=following))).reason


@pytest.mark.parametrize("back", ["?p=2", "?p=2#again"])
def test_pages_in_a_circle_end(refused, server, back):
    error = refused(answer(page("a", following="?p=2")), answer(page("b", following=back)))
    assert "2 were read, and the next is one of them" in error.reason
    assert len(server.requests) == 2


def test_a_page_that_comes_again_under_another_address_ends_it(refused):
    script = [answer(page("a", following=f"?p={number}")) for number in range(2, 5)]
    assert "repeats an earlier one" in refused(*script).reason


def test_empty_pages_may_repeat(fetch):
    script = [answer(page(following=f"?p={number}")) for number in range(2, 5)]
    assert ids(fetch(*script, answer(page("a")))) == ["a"]


def test_pages_without_end_end(refused, server):
    script = [answer(page(f"{number}", following=f"?p={number}")) for number in range(9)]
    assert "4 were read, and more would follow" in refused(*script, most_pages=4).reason
    assert len(server.requests) == 4


def test_memory_holds_neither_the_pages_nor_one_of_them(server, tmp_path):
    def large(number):
        rounds = [{"_id": f"{number}-{place}", "slots": ["x" * 1000] * 50} for place in range(200)]
        return json.dumps({"rounds": rounds, "next": f"?page={number}" if number < 3 else None})

    server.script[:] = [zipped(large(number)) for number in range(1, 4)]
    with RoundsApi(ApiAccess(server.url, KEY, 5, "x")) as api:
        tracemalloc.start()
        assert api.fetch(api.address("erinhills", *PERIOD), tmp_path / "file.jsonl") == 600
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    # Three pages of 10 MB; what is held is a window of a million characters and a round.
    assert peak < 8_000_000


# Failures for the moment


@pytest.mark.parametrize(
    "failure",
    [
        answer("slow down", 429),
        answer("oops", 500),
        answer("busy", 503),
        cut(ROUNDS),
        cut("[", 0),
        chunked([ROUNDS], is_ended=False),
        until_closed(ROUNDS[:-20]),
        answer(""),
        zipped(ROUNDS, keep=40),
        zipped(ROUNDS, keep=-9),
        zipped(ROUNDS, spoil=True),
        answer(ROUNDS, Content_Encoding="gzip"),
        answer('[{"_id": tru}]'),
        answer(f'{{"rounds": {ROUNDS}'),
        answer(f'{{"rounds": {ROUNDS} "next": null}}'),
        answer(f"{ROUNDS} {ROUNDS}"),
        answer(f'{{"rounds": {ROUNDS}}} more'),
        reset,
        lambda handler: handler.raw(b"what is HTTP?\r\n\r\n"),
        lambda handler: handler.raw(b""),
    ],
)
def test_what_may_pass_is_tried_again(fetch, server, waits, failure):
    assert fetch(failure, failure, answer(ROUNDS)) == LINES
    assert len(server.requests) == ATTEMPTS
    assert len(waits) == ATTEMPTS - 1


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (answer("", 503), "503 Service Unavailable"),
        (cut(ROUNDS), "without sending complete message body"),
        (answer("[1, 2"), "breaks off"),
        (answer("", 200), "it is empty"),
        (answer("", 500, "oh [/red] the-secret-key"), "500 oh [/red] ***"),
    ],
)
def test_lasting_failures_end_with_the_reason(refused, server, failure, reason):
    error = refused(*[failure] * ATTEMPTS)
    assert isinstance(error, ApiUnavailableError)
    assert reason in error.reason
    assert f"({ATTEMPTS} tries)" in error.reason
    assert server.url in error.next_step
    assert len(server.requests) == ATTEMPTS


def test_nobody_listens(tmp_path):
    api = RoundsApi(ApiAccess("http://127.0.0.1:1", KEY, 1, "x"), Patience(attempts=1))
    with api, pytest.raises(ApiUnavailableError, match="Connection refused"):
        api.fetch(api.address("erinhills", *PERIOD), tmp_path / "file.jsonl")


def test_silence_beyond_the_time_out(fetch, server):
    assert fetch(silent, answer(ROUNDS), timeout=0.2) == LINES
    assert len(server.requests) == 2


@pytest.mark.parametrize("drip", [DRIPPING_HEAD, DRIPPING_BODY], ids=["head", "body"])
def test_an_answer_that_drips_is_cut_as_a_whole(fetch, refused, monkeypatch, drip):
    monkeypatch.setattr(rounds_api, "_ANSWER_TIMEOUTS", 1.5)
    assert fetch(drip, answer(ROUNDS), timeout=0.2) == LINES
    error = refused(drip, timeout=0.2, patience=Patience(attempts=1))
    assert "not complete within 0.3 s" in error.reason


def test_a_page_without_end_is_given_up(refused, monkeypatch):
    monkeypatch.setattr(rounds_api, "_MOST_PAGE_BYTES", 1000)
    assert "more than 1,000 bytes" in refused(answer("[" + " " * 2000 + "]")).reason


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_in_seconds_and_as_a_date(fetch, waits, status):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    fetch(answer("", status, Retry_After="7"), answer("", status, Retry_After=moment), answer(ROUNDS))
    assert waits[0] == 7
    assert 38 <= waits[1] <= 40


# Failures for good


@pytest.mark.parametrize(
    ("status", "reason", "next_step"),
    [
        (401, "refuses the key: 401 Unauthorized", "put-secret-value --secret-id keys/api"),
        (403, "refuses the key: 403 Forbidden", "put-secret-value --secret-id keys/api"),
        (404, "refuses the request: 404 Not Found", "{url}"),
        (400, "refuses the request: 400 Bad Request", "course id"),
        (204, "refuses the request: 204 No Content", "{url}"),
    ],
)
def test_a_refusal_is_not_tried_again(refused, server, status, reason, next_step):
    error = refused(answer("", status))
    assert reason in error.reason
    assert next_step.format(url=server.url) in error.next_step
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(refused, server, elsewhere, status):
    error = refused(answer("", status, Location=f"{elsewhere.url}/?key={KEY}"))
    assert f"sends on to {elsewhere.url}/?key=***" in error.reason
    assert "TM_API_BASE_URL" in error.next_step
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><body>Please log in", "it begins with '<html>"),
        ("hello the-secret-key", "hello ***"),
        ('"[]"', "it begins with"),
        ("{}", "it has no rounds"),
        ('{"error": "no such course"}', "it has no rounds"),
        ('{"rounds": {}}', "no list"),
        ('{"rounds": null}', "no list"),
        ('{"rounds": [], "rounds": []}', "twice"),
        ('[{"_id": "Gr\u00fcn"}]'.encode("latin-1"), "it is not UTF-8"),
        ('[{"_id": "a"}]'.encode("utf-16"), "it is not UTF-8"),
    ],
)
def test_an_answer_that_is_something_else_is_not_tried_again(refused, server, body, reason):
    error = refused(answer(body))
    assert "holds no list of rounds" in error.reason
    assert reason in error.reason
    assert server.url in error.next_step
    assert len(server.requests) == 1


def test_an_encoding_that_nobody_asked_for(refused):
    assert "comes as br" in refused(answer(ROUNDS, Content_Encoding="br")).reason
