"""What is read from dbt's JSON log."""

import json

import pytest

from tm_lakehouse.silver_to_gold.log_events import read_line


def line(event, message, **data):
    return json.dumps({"info": {"name": event, "msg": message, "level": "info", "ts": "T"}, "data": data})


@pytest.mark.parametrize(("event", "total"), [("LogModelResult", "total"), ("LogTestResult", "num_models")])
def test_finished_node_is_told_with_its_place_in_the_run(event, total):
    node = {"node_info": {"node_name": "fact_rounds"}, "status": "success", "index": 3, "execution_time": 1.26}
    read = read_line(line(event, "OK", **node, **{total: 9}))
    assert str(read.node) == "3/9 fact_rounds: success, 1.3 s"


def test_failure_of_dbt_itself_is_told_apart_from_a_node():
    read = read_line(line("MainEncounteredError", "Encountered an error", exc="Env var required: 'TM_DB_GOLD'"))
    assert read.fatal == "Env var required: 'TM_DB_GOLD'"
    assert read.node is None


def test_other_events_are_only_text():
    read = read_line(line("FoundResourceCounts", "Found 20 models"))
    assert (read.message, read.node, read.fatal) == ("Found 20 models", None, None)
    assert read.text == "T info: Found 20 models"


@pytest.mark.parametrize("raw", ["Traceback (most recent call last):\n", "42\n", '"text"\n', "[]\n", "{}\n"])
def test_line_that_is_no_event_is_kept_as_it_is(raw):
    assert read_line(raw).text == raw.rstrip()
