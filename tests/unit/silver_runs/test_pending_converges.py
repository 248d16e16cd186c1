"""Running what is pending brings Silver to what is landed, whatever was landed and run before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.replacement import Delivered, ExistingRound, plan_replacement
from tm_lakehouse.landing_to_silver.summaries import planned_change
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.pending import pending

DATES = [dt.date(2024, 6, day) for day in (1, 2, 3, 4)]
PREFIXES = [Prefix("erinhills", date) for date in DATES]
ROUNDS = st.frozensets(st.sampled_from("abcd"), max_size=4)
LANDINGS = st.tuples(st.just("land"), st.sampled_from(PREFIXES), st.tuples(ROUNDS, ROUNDS))
SOME = st.sets(st.sampled_from(PREFIXES), min_size=1)
RUNS = st.tuples(st.sampled_from(["run", "killed before its commit", "killed after its commit"]), SOME, st.none())


@dataclass
class Lake:
    """What is landed (rounds that can be written, and that can't), the table's rounds, and what runs have told."""

    landed: dict[Prefix, Delivered] = field(default_factory=dict)
    table: set[tuple[Prefix, str]] = field(default_factory=set)
    told: list[RunSummary] = field(default_factory=list)
    planned: list[RunSummary] = field(default_factory=list)
    runs: int = 0

    def run(self, prefixes: set[Prefix], *, commits: bool = True, tells: bool = True) -> None:
        delivered = {each: self.landed[each] for each in prefixes & self.landed.keys()}
        plan = plan_replacement(delivered, [ExistingRound("f", *prefix, each, 1) for prefix, each in self.table])
        self.runs += 1
        summaries = [self._summary(prefix, plan) for prefix in delivered]
        self.planned += [
            replace(each, finished_at=f"{self.runs:04}b") for each in map(planned_change, summaries) if each
        ]
        if not commits:
            return
        gone = {(Prefix(each.course_id, each.ingest_date), each.round_id) for each in plan.replaced}
        self.table -= gone
        self.table |= {(p, each) for p, of in delivered.items() for each in of.writable - plan.superseded[p]}
        self.told += summaries if tells else []

    def pending(self) -> set[Prefix]:
        return set(pending({each: fingerprint(of) for each, of in self.landed.items()}, self.told, self.planned))

    def expected(self) -> set[tuple[Prefix, str]]:
        """Each round once, as the last date brought it that could be written."""
        last = {each: prefix for prefix in sorted(self.landed) for each in self.landed[prefix].writable}
        return {(prefix, each) for each, prefix in last.items()}

    def _summary(self, prefix, plan) -> RunSummary:
        counted = dict.fromkeys(
            ["files_read", "bytes_read", "records_read", "slots_read", "rows_written", "empty_slots", "duplicates",
             "superseded", "quarantined_slots", "rounds_written", "rounds_duplicate", "records_quarantined",
             "files_written", "bytes_written"], 0,
        )  # fmt: skip
        return RunSummary(
            run_id=f"run-{self.runs}",
            course_id=prefix.course_id,
            ingest_date=prefix.ingest_date.isoformat(),
            started_at=f"{self.runs:04}a",
            finished_at=f"{self.runs:04}b",
            code_version="test",
            rounds_superseded=len(plan.superseded[prefix]),
            rounds_replaced=plan.rounds_replaced[prefix],
            rounds_not_replaced=plan.rounds_not_replaced[prefix],
            rounds_dropped=plan.rounds_dropped[prefix],
            rounds_taken_from={date.isoformat(): n for date, n in plan.rounds_taken_from[prefix].items()},
            rounds_superseded_by={date.isoformat(): n for date, n in plan.superseded_by[prefix].items()},
            source_fingerprint=fingerprint(self.landed[prefix]),
            **counted,
        )


def fingerprint(of: Delivered) -> str:
    return f"{sorted(of.writable)}{sorted(of.unwritable)}"


def after(history) -> Lake:
    lake = Lake()
    for kind, what, rounds in history:
        if kind == "land":
            lake.landed[what] = Delivered(rounds[0], rounds[1] - rounds[0])
        else:
            lake.run(what, commits=kind != "killed before its commit", tells=kind == "run")
    return lake


@given(st.lists(LANDINGS | RUNS, max_size=12))
def test_running_what_is_pending_until_nothing_is_gives_what_is_landed(history):
    lake = after(history)
    for _ in PREFIXES:
        if not (waiting := lake.pending()):
            break
        lake.run(waiting)

    assert lake.pending() == set()
    assert lake.table == lake.expected()


@given(st.lists(LANDINGS | RUNS, max_size=12))
def test_runs_in_parts_oldest_first_end_at_the_same(history):
    lake = after(history)
    for _ in range(len(PREFIXES) ** 2):
        if not (waiting := lake.pending()):
            break
        lake.run({min(waiting)})

    assert lake.pending() == set()
    assert lake.table == lake.expected()


@given(st.lists(LANDINGS, max_size=6), st.sampled_from(PREFIXES), ROUNDS)
def test_a_new_delivery_of_rounds_that_nobody_else_has_leaves_the_others_done(landings, prefix, rounds):
    lake = after(landings)
    lake.landed.pop(prefix, None)
    lake.run(set(lake.landed))
    for changed in (rounds, frozenset("x")):
        lake.landed[prefix] = Delivered(frozenset(f"own-{each}" for each in changed), frozenset())
        assert lake.pending() <= {prefix}
        lake.run({prefix})

    assert lake.pending() == set()
