"""Statements through an engine that the test scripts, and the answers that are kept."""

import threading

import pytest

from tm_lakehouse.athena import QueryFailedError, QueryResult
from tm_lakehouse.dashboard import lake as module
from tm_lakehouse.dashboard.frames import frame_of
from tm_lakehouse.dashboard.lake import Lake
from tm_lakehouse.dashboard.statement import Databases, Statement

DATABASES = Databases("silver", "gold", "observability")


class Engine:
    def __init__(self):
        self.asked = []
        self._lock = threading.Lock()

    def query(self, sql):
        with self._lock:
            self.asked.append(sql)
        if "broken" in sql:
            raise QueryFailedError("Athena: no", "q", "FAILED")
        return QueryResult(["sql"], ["varchar"], [[sql.splitlines()[-1]]], 5_000, 40, "q", bytes_billed=10 * 2**20)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def lake(engine, clock):
    return Lake(engine, DATABASES, 5.0, clock)


def statements(*texts):
    return [Statement(text, f"SELECT '{text}'") for text in texts]


def test_answers_come_in_the_order_of_the_questions(lake):
    answers = lake.read(*statements("c", "a", "b"))

    assert [answer.frame["sql"][0] for answer in answers] == ["SELECT 'c'", "SELECT 'a'", "SELECT 'b'"]
    assert answers[0].dollars == pytest.approx(10 / 2**20 * 5)
    assert (answers[0].bytes_scanned, answers[0].engine_ms, answers[0].is_kept) == (5_000, 40, False)


def test_statements_run_side_by_side(clock):
    both = threading.Barrier(2, timeout=10)

    class Waiting(Engine):
        def query(self, sql):
            both.wait()
            return super().query(sql)

    assert len(Lake(Waiting(), DATABASES, 5.0, clock).read(*statements("a", "b"))) == 2


def test_an_answer_is_kept_for_a_while(lake, engine, clock):
    lake.read(*statements("a"))
    clock.now = module.KEPT_SECONDS - 1
    assert lake.read(*statements("a"))[0].is_kept
    clock.now = module.KEPT_SECONDS
    assert not lake.read(*statements("a"))[0].is_kept

    assert len(engine.asked) == 2


def test_what_is_forgotten_is_asked_anew(lake, engine):
    lake.read(*statements("a"))
    lake.forget()
    lake.read(*statements("a"))

    assert len(engine.asked) == 2


def test_no_more_answers_are_kept_than_fit(lake, engine, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    for text in ("a", "b", "c"):
        lake.read(*statements(text))

    assert [lake.read(*statements(text))[0].is_kept for text in ("c", "b", "a")] == [True, True, False]


def test_a_refusal_is_raised_and_not_kept(lake, engine):
    for _ in range(2):
        with pytest.raises(QueryFailedError):
            lake.read(*statements("a", "broken"))

    assert sum("broken" in sql for sql in engine.asked) == 2


def test_columns_have_the_types_that_athena_tells():
    kinds = ["varchar", "bigint", "double", "decimal(38,3)", "boolean", "date", "timestamp"]
    row = ["x", "9007199254740993", "0.5", "1.250", "true", "2024-06-01", "2024-06-01 12:00:00.500"]
    frame = frame_of(QueryResult(list("abcdefg"), kinds, [row, [None] * 7], 0, 0, "q"))

    assert frame["b"][0] == 9007199254740993
    assert (frame["c"][0], frame["d"][0], bool(frame["e"][0])) == (0.5, 1.25, True)
    assert f"{frame['f'][0]:%Y-%m-%d} {frame['g'][0]:%H:%M:%S.%f}" == "2024-06-01 12:00:00.500000"
    assert frame.iloc[1].isna().all()
    assert frame_of(QueryResult(["n"], ["bigint"], [], 0, 0, "q"))["n"].sum() == 0


def test_a_frame_without_rows_has_its_columns_and_types():
    frame = frame_of(QueryResult(["t", "n"], ["timestamp", "varchar"], [], 0, 0, "q"))

    assert frame.empty
    assert frame["t"].dt.year.tolist() == []
