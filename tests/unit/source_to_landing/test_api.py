"""The API source, against an HTTP server that is only played."""

import json
from datetime import date
from types import SimpleNamespace

import httpx
import pytest
import respx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_none

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.api import RoundsApi, _is_temporary, api_from, fetch_file, source_of
from tm_lakehouse.source_to_landing.inspect_file import inspect_file

BASE = "https://api.example.test"
PERIOD = (date(2024, 1, 1), date(2024, 1, 31))
ANSWER = '[{"_id": "a1",\n "course": "Erin Hills", "pace": 1.10, "n": 1e2}, {"_id":"a2","course":"Erin \\n Hills"}]'
LINES = ['{"_id": "a1",  "course": "Erin Hills", "pace": 1.10, "n": 1e2}', '{"_id":"a2","course":"Erin \\n Hills"}']


@pytest.fixture
def api():
    retries = Retrying(
        stop=stop_after_attempt(3), wait=wait_none(), retry=retry_if_exception(_is_temporary), reraise=True
    )
    return RoundsApi(BASE + "/", "the-key", 5, retries)


@pytest.fixture
def route():
    with respx.mock(base_url=BASE) as server:
        yield server.get("/v1/rounds")


def fetched(api):
    return list(api.rounds("erinhills", *PERIOD))


def test_the_request_names_course_and_dates_and_carries_the_key(api, route):
    route.respond(text="[]")
    fetched(api)
    request = route.calls.last.request
    assert dict(request.url.params) == {
        "course_id": "erinhills",
        "start_date": "2024-01-01",
        "end_date": "2024-01-31",
    }
    assert request.headers["authorization"] == "Bearer the-key"


@pytest.mark.parametrize(
    "answer",
    [ANSWER, f'{{"rounds": {ANSWER}}}', f' {{"count": [2, {{"rounds": 1}}], "rounds" : {ANSWER}, "next": null}}'],
)
def test_rounds_come_as_lines_with_their_very_texts(api, route, answer):
    route.respond(text=answer)
    assert fetched(api) == LINES


@pytest.mark.parametrize("status", [429, 500, 503])
def test_temporary_failures_are_tried_again(api, route, status):
    route.side_effect = [httpx.Response(status), httpx.ConnectTimeout("slow"), httpx.Response(200, text=ANSWER)]
    assert fetched(api) == LINES
    assert route.call_count == 3


def test_lasting_failures_end_with_the_reason(api, route):
    route.respond(503)
    with pytest.raises(LakehouseError, match="503 Service Unavailable"):
        fetched(api)
    assert route.call_count == 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_not_tried_again(api, route, status):
    route.respond(status)
    with pytest.raises(LakehouseError, match=str(status)):
        fetched(api)
    assert route.call_count == 1


def test_no_answer_ends_with_the_reason(api, route):
    route.side_effect = httpx.ConnectError("refused")
    with pytest.raises(LakehouseError, match="does not answer: refused"):
        fetched(api)


@pytest.mark.parametrize(
    "answer", ["", "hello", '"[]"', "{}", '{"rounds": {}}', '{"rounds": 1}', '[{"_id": 1}', "[1, 2", "{"]
)
def test_an_answer_without_rounds_ends_with_the_reason(api, route, answer):
    route.respond(text=answer)
    with pytest.raises(LakehouseError, match="can't be read"):
        fetched(api)


def test_the_file_can_be_landed(api, route, tmp_path):
    route.respond(text=ANSWER)
    path = fetch_file(api, tmp_path, "erinhills", *PERIOD)
    assert path.name == "erinhills.rounds_20240101_20240131.jsonl"
    assert inspect_file(path).rows == 2
    assert [json.loads(line)["_id"] for line in path.read_text().splitlines()] == ["a1", "a2"]


def secret(text):
    return SimpleNamespace(get_secret_value=lambda SecretId: {"SecretString": text} if SecretId == "keys/api" else {})  # noqa: N803


def settings(**values):
    return SimpleNamespace(**{"api_base_url": BASE, "api_secret": "keys/api", "api_timeout": 5.0} | values)


@pytest.mark.parametrize("text", ["the-key", "the-key\n", '{"api_key": "the-key"}'])
def test_the_key_comes_from_the_secret(route, text):
    route.respond(text="[]")
    fetched(api_from(settings(), secret(text)))
    assert route.calls.last.request.headers["authorization"] == "Bearer the-key"


@pytest.mark.parametrize(("missing", "name"), [("api_base_url", "TM_API_BASE_URL"), ("api_secret", "TM_API_SECRET")])
def test_an_incomplete_configuration_is_named(missing, name):
    with pytest.raises(LakehouseError, match=name):
        api_from(settings(**{missing: ""}), secret("the-key"))


def test_the_source_is_the_address_without_the_key():
    source = source_of(settings(), "erinhills", *PERIOD)
    assert source == f"{BASE}/v1/rounds?course_id=erinhills&start_date=2024-01-01&end_date=2024-01-31"
