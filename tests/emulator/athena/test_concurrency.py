"""Many queries at a time."""

import pytest

pytestmark = pytest.mark.aws_page("service-limits")
SLOW = "select count(*) from unnest(sequence(1, 9000)) as a(x), unnest(sequence(1, 9000)) as b(y), "
SLOW += "unnest(sequence(1, 9000)) as c(z) where x * y = 7"


def test_twenty_queries_at_once_all_end_with_their_own_result(query, iceberg):
    table = iceberg("id bigint")
    query(f"insert into {table} select x from unnest(sequence(1, 1000)) as t(x)")
    started = [query.start(f"select {number} + sum(id) * 0 from {table}") for number in range(20)]
    for number, query_id in enumerate(started):
        execution = query.wait(query_id)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        results = query.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        assert results[1]["Data"][0]["VarCharValue"] == str(number)
        statistics = execution["Statistics"]
        parts = ("QueryQueueTimeInMillis", "EngineExecutionTimeInMillis", "ServiceProcessingTimeInMillis")
        whole = statistics["TotalExecutionTimeInMillis"]
        assert 0 < statistics["EngineExecutionTimeInMillis"] <= whole
        assert abs(whole - sum(statistics[part] for part in parts)) <= whole * 0.5 + 50


@pytest.mark.aws_page("API_StopQueryExecution")
def test_queries_that_wait_and_that_run_are_stopped(query, wait_until):
    started = [query.start(SLOW) for _ in range(20)]
    try:
        states = lambda: [each["Status"]["State"] for each in executions(query, started)]  # noqa: E731
        wait_until(lambda: "RUNNING" in states(), 60, "a query runs")
        assert set(states()) <= {"QUEUED", "RUNNING"}
    finally:
        for query_id in started:
            query.athena.stop_query_execution(QueryExecutionId=query_id)
    wait_until(lambda: set(states()) == {"CANCELLED"}, 60, "all are cancelled")
    assert query.table("select 1") == [["1"]]


def executions(query, ids):
    return query.athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"]
