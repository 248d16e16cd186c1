"""From landing to Gold, stage by stage: what each stage holds, and where the rest went. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tm_lakehouse.run_report.facts import Facts, GoldCounts, SilverCounts
from tm_lakehouse.run_summary import RunSummary


@dataclass(frozen=True)
class Loss:
    """What did not go on to a stage, and why."""

    name: str
    count: int
    why: str


@dataclass(frozen=True)
class Stage:
    """What a stage holds. What the stage before held is this count, the losses, and `unaccounted`: 0 in a sound run."""

    name: str
    count: int
    losses: tuple[Loss, ...] = ()
    unaccounted: int = 0


@dataclass(frozen=True)
class Flow:
    """The stages of rounds, or of slots."""

    unit: str
    stages: tuple[Stage, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every unit of every stage is accounted for."""
        return not any(stage.unaccounted for stage in self.stages)


def flows(facts: Facts) -> tuple[Flow, ...]:
    """Rounds and slots; none where no run told of a delivery."""
    told = [summary for run in facts.silver for summary in run.summaries]
    return (_rounds(facts, told), _slots(facts, told)) if told else ()


def followed_by(stages: Sequence[Stage], name: str, count: int, losses: Iterable[Loss]) -> list[Stage]:
    """With a further stage, which counts `count`; what the losses don't explain is unaccounted for."""
    shown = tuple(loss for loss in losses if loss.count)
    unaccounted = stages[-1].count - count - sum(loss.count for loss in shown)
    return [*stages, Stage(name, count, shown, unaccounted)]


def _rounds(facts: Facts, told: Sequence[RunSummary]) -> Flow:
    stages = _landed_and_read(facts, told)
    losses = (
        Loss(
            "quarantined", _sum(told, "records_quarantined"), "the record, or each of its slots, may not enter Silver"
        ),
        Loss("duplicate", _sum(told, "rounds_duplicate"), "the same round stands in another record of the delivery"),
        Loss("superseded", _sum(told, "rounds_superseded"), "a later delivery has replaced the round"),
    )
    stages = followed_by(stages, "in Silver", _sum(told, "rounds_written"), losses)
    why = "no slot of the round tells its hole or section"
    return Flow("rounds", _to_gold(stages, facts, _Counted("rounds", "real_rounds", "rounds", why)))


def _slots(facts: Facts, told: Sequence[RunSummary]) -> Flow:
    stages = [Stage("read", _sum(told, "slots_read"))]
    losses = (
        Loss("empty", _sum(told, "empty_slots"), "no field has a value: a CSV pads short rounds"),
        Loss("quarantined", _sum(told, "quarantined_slots"), "the slot, or its record, may not enter Silver"),
        Loss("duplicate", _sum(told, "duplicates"), "the same slot of the same round stands in the delivery twice"),
        Loss("superseded", _sum(told, "superseded"), "a later delivery has replaced the round"),
    )
    stages = followed_by(stages, "in Silver", _sum(told, "rows_written"), losses)
    why = "neither hole nor section is known, so that Gold does not count it"
    return Flow("slots", _to_gold(stages, facts, _Counted("rows", "real_rows", "fixes", why)))


class _Counted(NamedTuple):
    """What is counted in Silver, of it what Gold must count, and in Gold; and why Gold leaves the rest out."""

    held: str
    real: str
    in_gold: str
    why_not: str


def _to_gold(stages: Sequence[Stage], facts: Facts, counted: _Counted) -> tuple[Stage, ...]:
    """With what became of Silver's part in Gold, where there is a Gold and both could be counted.

    Only where several runs are told of may a later one have replaced rounds before Gold read: where it is one run,
    what Silver lacks of it is unaccounted for.
    """
    if facts.seen_by_gold is None or facts.gold_counts is None:
        return tuple(stages)
    held, real = (_total(facts.seen_by_gold.values(), name) for name in (counted.held, counted.real))
    in_gold = _total(facts.gold_counts.values(), counted.in_gold)
    if held != stages[-1].count:
        may_be_replaced = len(facts.silver) > 1
        replaced = max(0, stages[-1].count - held) if may_be_replaced else 0
        why = "a later run replaced the round before Gold read"
        stages = followed_by(stages, "seen by Gold", held, [Loss("replaced", replaced, why)])
    return tuple(followed_by(stages, "in Gold", in_gold, [Loss("without a place", held - real, counted.why_not)]))


def _landed_and_read(facts: Facts, told: Sequence[RunSummary]) -> list[Stage]:
    """Landing counts records too, unless it can't be told, or other files are landed by now."""
    read = _sum(told, "records_read")
    landed = facts.landed
    prefixes = {(each.course_id, each.ingest_date) for each in told}
    if landed is None or len(prefixes) != len(told):
        return [Stage("read", read)]
    by_name = {(prefix.course_id, str(prefix.ingest_date)): files for prefix, files in landed.items()}
    counted = [by_name.get((each.course_id, each.ingest_date)) for each in told]
    records = [
        files.records
        for files, each in zip(counted, told, strict=True)
        if files and files.fingerprint == each.source_fingerprint and files.records is not None
    ]
    if len(records) != len(told):
        return [Stage("read", read)]
    return followed_by([Stage("landed", sum(records))], "read", read, ())


def _sum(told: Iterable[RunSummary], name: str) -> int:
    return sum(int(getattr(each, name)) for each in told)


def _total(counts: Iterable[SilverCounts | GoldCounts], name: str) -> int:
    return sum(int(getattr(each, name)) for each in counts)
