"""The summary of a dbt run."""

import json
from datetime import UTC, datetime

import pytest

from tm_lakehouse.cost.statements import Statement
from tm_lakehouse.silver_to_gold.artifacts import RunFacts, summarise

FACTS = RunFacts("r1", "2024-01-15T10:00:00+00:00", "2024-01-15T10:00:09+00:00", 9.87654, exit_code=1)


def sent(node, bytes_scanned):
    """A statement of the run."""
    at = datetime(2024, 1, 15, 10, 0, 1, tzinfo=UTC)
    return Statement("q", at, "DML", "SUCCEEDED", bytes_scanned, 7, False, "SELECT 1", "i", node)


FACT, KEY = "model.tm_lakehouse.fact_rounds", "test.tm_lakehouse.key.1a2b"
STATEMENTS = [sent(FACT, 60), sent(FACT, 40), sent(KEY, 11), sent(None, 5)]


def result(unique_id, status, failures=None, message=None, **response):
    return {
        "unique_id": unique_id,
        "status": status,
        "timing": [],
        "thread_id": "Thread-1",
        "execution_time": 1.23456,
        "adapter_response": response,
        "message": message,
        "failures": failures,
        "compiled": True,
        "compiled_code": "SELECT 1",
        "relation_name": None,
        "batch_results": None,
    }


@pytest.fixture
def run_results():
    return {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
            "dbt_version": "1.11.16",
            "generated_at": "2024-01-15T10:00:09Z",
            "invocation_id": "i",
            "env": {},
        },
        "results": [
            result("model.tm_lakehouse.fact_rounds", "success", rows_affected=8),
            result("model.tm_lakehouse.dim_course", "skipped"),
            result("model.tm_lakehouse.broken", "error", message="COLUMN_NOT_FOUND", rows_affected=-1),
            result("test.tm_lakehouse.key.1a2b", "fail", 2, "Got 2 results", rows_affected=2),
            result("test.tm_lakehouse.zone.3c4d", "warn", 1),
        ],
        "elapsed_time": 9.0,
        "args": {},
    }


def test_counts_models_and_tests_by_status_and_sums_what_they_cost(run_results):
    summary = summarise(FACTS, run_results, STATEMENTS)
    assert summary.models == {"error": 1, "skipped": 1, "success": 1}
    assert summary.tests == {"fail": 1, "warn": 1}
    assert (summary.rows_affected, summary.bytes_scanned) == (8, 111 + 5)
    assert (summary.statements, summary.bytes_billed) == (4, 4 * 10 * 2**20)
    assert summary.dollars == 4 * 10 * 2**20 / 2**40 * 5
    assert summary.invocation_ids == ("i",)
    assert summary.elapsed_seconds == 9.877
    assert summary.dbt_version == "1.11.16"
    assert not summary.succeeded


def test_names_are_the_nodes_own_and_unknown_numbers_are_none(run_results):
    nodes = {node.name: node for node in summarise(FACTS, run_results).nodes}
    assert nodes.keys() == {"fact_rounds", "dim_course", "broken", "key", "zone"}
    assert nodes["broken"].rows_affected is None
    assert nodes["key"].rows_affected is None
    assert nodes["key"].failures == 2
    assert nodes["fact_rounds"].seconds == 1.235


def test_a_node_costs_what_all_its_statements_cost(run_results):
    nodes = {node.name: node for node in summarise(FACTS, run_results, STATEMENTS, dollars_per_tib=2.0).nodes}
    assert (nodes["fact_rounds"].statements, nodes["fact_rounds"].bytes_scanned) == (2, 100)
    assert nodes["fact_rounds"].dollars == 20 * 2**20 / 2**40 * 2.0
    assert (nodes["dim_course"].statements, nodes["dim_course"].bytes_billed) == (0, 0)


def test_failures_leave_out_warnings_and_what_was_skipped_for_them(run_results):
    assert [node.name for node in summarise(FACTS, run_results).failed()] == ["broken", "key"]


def test_run_that_ended_before_its_first_node_has_a_summary_too():
    summary = summarise(FACTS, None)
    assert (summary.models, summary.tests, summary.nodes) == ({}, {}, ())
    assert json.loads(json.dumps(summary.as_dict()))["run_id"] == "r1"
