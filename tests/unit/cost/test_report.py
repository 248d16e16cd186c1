"""Lines of the cost report."""

from datetime import UTC, datetime

import pytest

from tm_lakehouse.cost.job_runs import JobRun
from tm_lakehouse.cost.prices import MIB, TIB
from tm_lakehouse.cost.report import athena_lines, glue_lines
from tm_lakehouse.cost.statements import Statement


def statement(day, scanned, invocation_id=None, node=None):
    at = datetime(2025, 9, day, tzinfo=UTC)
    return Statement(f"q{day}", at, "DML", "SUCCEEDED", scanned, 1, False, "SELECT\n 1", invocation_id, node)


STATEMENTS = [
    statement(2, 20 * MIB, "i1", "model.p.a"),
    statement(2, 1, "i1"),
    statement(1, 30 * MIB, "i1", "model.p.a"),
    statement(1, 0),
]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("day", {"2025-09-01": 40, "2025-09-02": 30}),
        ("run", {"i1": 60, "not dbt": 10}),
        ("node", {"model.p.a": 50, "dbt itself": 10, "not dbt": 10}),
        ("statement", {"q1 SELECT 1": 40, "q2 SELECT 1": 30}),
    ],
)
def test_statements_are_summed_by_group(by, groups):
    lines = athena_lines(STATEMENTS, by, 5.0)
    assert [(line.group, line.bytes_billed) for line in lines] == [(name, mib * MIB) for name, mib in groups.items()]
    assert sum(line.count for line in lines) == 4
    assert sum(line.bytes_scanned for line in lines) == 50 * MIB + 1
    assert sum(line.dollars for line in lines) == pytest.approx(70 * MIB / TIB * 5.0)


def test_runs_are_summed_by_job_and_by_day():
    at = datetime(2025, 9, 1, tzinfo=UTC)
    runs = [JobRun("silver", "a", at, "SUCCEEDED", 3600, 2), JobRun("silver", "b", at.replace(day=2), "FAILED", 60, 2)]
    (line,) = glue_lines(runs, "run", 0.44)
    assert (line.group, line.count, line.dpu_hours) == ("silver", 2, pytest.approx(2 + 2 / 60))
    assert line.dollars == pytest.approx(line.dpu_hours * 0.44)
    assert [each.group for each in glue_lines(runs, "day", 0.44)] == ["2025-09-01 silver", "2025-09-02 silver"]
