"""What an environment tells of itself where part of it can't be read."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tm_lakehouse import overview
from tm_lakehouse.overview import Fact, facts


def _refused(_settings):
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, "GetJobRuns")


def _silent(_settings):
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


def _known(name):
    return lambda _settings: Fact(name, "known", {"value": 1})


@pytest.fixture
def looks(monkeypatch):
    for name in ("account", "airflow", "pending", "silver", "gold"):
        monkeypatch.setattr(overview, f"_{name}", _known(name))
    return monkeypatch


def test_what_may_not_be_read_hides_nothing_else(looks):
    looks.setattr(overview, "_silver", _refused)
    found = {fact.name: fact for fact in facts(SimpleNamespace(), looks_for_pending=True)}

    assert list(found) == ["account", "airflow", "pending", "silver", "gold"]
    assert "not authorized" in found["silver"].text
    assert "not authorized" in found["silver"].values["error"]
    assert found["gold"].text == "known"


def test_looking_for_what_is_owed_can_be_left_out(looks):
    looks.setattr(overview, "_pending", _refused)

    assert "pending" not in {fact.name for fact in facts(SimpleNamespace(), looks_for_pending=False)}


def test_an_aws_that_does_not_answer_is_a_failure(looks):
    looks.setattr(overview, "_account", _silent)

    with pytest.raises(EndpointConnectionError):
        list(facts(SimpleNamespace(), looks_for_pending=True))
