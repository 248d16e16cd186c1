"""What must be equal in a run, counted in two places that don't know of each other. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.run_report.facts import Facts
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.pending import prefix_of

Pair = tuple[str, object, object]


@dataclass(frozen=True)
class Account:
    """One equality over all deliveries. `holds` is None where one side could not be counted; `wrong` says where not."""

    name: str
    holds: bool | None
    compared: int
    wrong: tuple[str, ...] = ()


def accounts(facts: Facts) -> tuple[Account, ...]:
    """Every equality, with the deliveries that break it; none where no run told of a delivery."""
    told = [summary for run in facts.silver for summary in run.summaries]
    if not told:
        return ()
    return (
        _account("every landed file was read", _files(facts, told)),
        _account("every landed record was read", _records(facts, told)),
        _account("records read = written + superseded + duplicate + quarantined", _record_sums(told)),
        _account("slots read = written + empty + duplicate + superseded + quarantined", _slot_sums(told)),
        _account("the quarantine holds the lines that the run counted, by reason", _lines(facts, told)),
        _account("the quarantine's lines account for the slots that the run set aside", _slots(facts, told)),
        _account("Silver holds the rows that the run wrote", _rows(facts)),
        _account("Gold counts every real round of Silver", _gold(facts, lambda prefix: _rounds_of(facts, prefix))),
        _account("Gold counts every real row of Silver", _gold(facts, lambda prefix: _fixes_of(facts, prefix))),
    )


def _account(name: str, pairs: Iterable[Pair]) -> Account:
    known = [pair for pair in pairs if pair[1] is not None and pair[2] is not None]
    wrong = tuple(f"{where}: {left} and {right}" for where, left, right in known if left != right)
    return Account(name, not wrong if known else None, len(known), wrong)


def _where(summary: RunSummary) -> str:
    return f"{summary.course_id} {summary.ingest_date}"


def _files(facts: Facts, told: Iterable[RunSummary]) -> Iterator[Pair]:
    """By names, sizes and content tags. Files that were landed after the run are no fault of it."""
    for each in told:
        landed = (facts.landed or {}).get(prefix_of(each))
        if landed and landed.fingerprint == each.source_fingerprint:
            yield _where(each), landed.files, each.files_read


def _records(facts: Facts, told: Iterable[RunSummary]) -> Iterator[Pair]:
    for each in told:
        landed = (facts.landed or {}).get(prefix_of(each))
        if landed and landed.fingerprint == each.source_fingerprint:
            yield _where(each), landed.records, each.records_read


def _record_sums(told: Iterable[RunSummary]) -> Iterator[Pair]:
    for each in told:
        found = each.rounds_written + each.rounds_superseded + each.rounds_duplicate + each.records_quarantined
        yield _where(each), each.records_read, found


def _slot_sums(told: Iterable[RunSummary]) -> Iterator[Pair]:
    for each in told:
        found = each.rows_written + each.empty_slots + each.duplicates + each.superseded + each.quarantined_slots
        yield _where(each), each.slots_read, found


def _lines(facts: Facts, told: Iterable[RunSummary]) -> Iterator[Pair]:
    if facts.quarantined is None or not facts.quarantined.is_whole:
        return
    found: dict[tuple[str, Prefix], dict[str, int]] = {}
    for (run_id, prefix, reason), lines in facts.quarantined.lines.items():
        found.setdefault((run_id, prefix), {})[reason] = lines
    for each in told:
        yield _where(each), dict(each.quarantine_reasons), found.get((each.run_id, prefix_of(each)), {})


def _slots(facts: Facts, told: Iterable[RunSummary]) -> Iterator[Pair]:
    if facts.quarantined is None or not facts.quarantined.is_whole:
        return
    for each in told:
        yield _where(each), each.quarantined_slots, facts.quarantined.slots.get((each.run_id, prefix_of(each)), 0)


def _rows(facts: Facts) -> Iterator[Pair]:
    if facts.silver_counts is None:
        return
    for run in facts.silver:
        for each in run.summaries:
            counted = facts.silver_counts.get((run.glue.run_id, prefix_of(each)))
            if each.snapshot_id is not None:
                yield _where(each), each.rows_written, counted.rows if counted else 0


def _gold(facts: Facts, both: Callable[[Prefix], tuple[int, int]]) -> Iterator[Pair]:
    if facts.seen_by_gold is None or facts.gold_counts is None:
        return
    told = {prefix_of(each) for run in facts.silver for each in run.summaries}
    for prefix in sorted(told | facts.seen_by_gold.keys() | facts.gold_counts.keys()):
        yield f"{prefix.course_id} {prefix.ingest_date}", *both(prefix)


def _rounds_of(facts: Facts, prefix: Prefix) -> tuple[int, int]:
    seen, gold = (facts.seen_by_gold or {}).get(prefix), (facts.gold_counts or {}).get(prefix)
    return seen.real_rounds if seen else 0, gold.rounds if gold else 0


def _fixes_of(facts: Facts, prefix: Prefix) -> tuple[int, int]:
    seen, gold = (facts.seen_by_gold or {}).get(prefix), (facts.gold_counts or {}).get(prefix)
    return seen.real_rows if seen else 0, gold.fixes if gold else 0
