"""A report as it is shown: facts put in order and summed up, none of them invented. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tm_lakehouse.cost.prices import scan_dollars
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.landing_to_silver.run_records import Failure
from tm_lakehouse.run_report.accounts import Account, accounts
from tm_lakehouse.run_report.facts import CourseMap, Facts, Publication, Score, SilverRun, Unread
from tm_lakehouse.run_report.flow import Flow, flows
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_to_gold.artifacts import SOUND, NodeResult
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness

Status = Literal["succeeded", "failed", "doubtful"]
SUCCEEDED = "SUCCEEDED"
# What of a run's stage times is of the whole run; the rest is of each delivery, and summed up.
_WHOLE_RUN = ("tasks", "commit")


@dataclass(frozen=True)
class Times:
    """A part of the flow and when it ran. `began` is None where only a duration is known."""

    name: str
    seconds: float
    began: datetime | None = None


@dataclass(frozen=True)
class ReasonCount:
    """Lines of the quarantine with one reason, and how many deliveries have some."""

    reason: str
    lines: int
    deliveries: int


@dataclass(frozen=True)
class Change:
    """A course's scores now, and its total before; None where the course, or the run before, had none."""

    score: Score
    before: float | None

    @property
    def difference(self) -> float | None:
        """Points gained or lost, to two decimals."""
        if self.before is None or self.score.total is None:
            return None
        return round(self.score.total - self.before, 2)


@dataclass(frozen=True)
class CostLine:
    """What a part of the run costs. `quantity` is in `unit`."""

    name: str
    quantity: float
    unit: str
    dollars: float


@dataclass(frozen=True)
class Gold:
    """dbt's part. Nodes that failed come first, then what was skipped for them, then the rest, the slowest first."""

    run_id: str
    succeeded: bool
    reason: str | None
    models: Mapping[str, int]
    tests: Mapping[str, int]
    failed: tuple[NodeResult, ...]
    nodes: tuple[NodeResult, ...]
    publication: Publication | None


@dataclass(frozen=True)
class Report:
    """Everything that a report tells."""

    run_id: str
    environment: str
    made_at: datetime
    status: Status
    problems: tuple[str, ...]
    silver: tuple[SilverRun, ...]
    flows: tuple[Flow, ...]
    accounts: tuple[Account, ...]
    deliveries: tuple[RunSummary, ...]
    failures: tuple[Failure, ...]
    unreadable_values: Mapping[str, int]
    unknown_columns: Mapping[str, int]
    times: tuple[Times, ...]
    gold: Gold | None
    quality: tuple[Change, ...] | None
    earlier_run_id: str | None
    reasons: tuple[ReasonCount, ...]
    examples: tuple[QuarantinedRecord, ...]
    costs: tuple[CostLine, ...]
    freshness: tuple[SourceFreshness, ...]
    versions: tuple[tuple[str, str], ...]
    snapshots: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    unread: tuple[Unread, ...]
    course_map: CourseMap | None
    bytes_billed_for_report: int

    @property
    def dollars(self) -> float:
        """What the run costs; the report's own queries are not in it."""
        return sum(line.dollars for line in self.costs)


def build_report(facts: Facts) -> Report:
    """Sum up what was read."""
    told = tuple(summary for run in facts.silver for summary in run.summaries)
    found_flows, found_accounts = flows(facts), accounts(facts)
    problems = _problems(facts, found_flows, found_accounts)
    return Report(
        run_id=facts.run_id,
        environment=facts.environment,
        made_at=facts.made_at,
        status=_status(facts, problems),
        problems=problems,
        silver=facts.silver,
        flows=found_flows,
        accounts=found_accounts,
        deliveries=told,
        failures=tuple(failure for run in facts.silver for failure in run.failures),
        unreadable_values=_summed(each.unreadable_values for each in told),
        unknown_columns=_summed(each.unknown_columns for each in told),
        times=_times(facts),
        gold=_gold(facts),
        quality=_quality(facts),
        earlier_run_id=facts.earlier_run_id,
        reasons=_reasons(told),
        examples=facts.quarantined.examples if facts.quarantined else (),
        costs=_costs(facts),
        freshness=facts.gold.freshness if facts.gold else (),
        versions=_versions(facts, told),
        snapshots=_snapshots(facts, told),
        links=tuple(facts.links.items()),
        unread=facts.unread,
        course_map=facts.course_map,
        bytes_billed_for_report=facts.bytes_billed_for_report,
    )


def sound_first(nodes: Iterable[NodeResult]) -> tuple[NodeResult, ...]:
    """Failures first, then warnings, then what was skipped, then the rest; each the slowest first."""
    order = {"warn": 1, "skipped": 2}
    return tuple(
        sorted(
            nodes, key=lambda node: (order.get(node.status, 3) if node.status in SOUND else 0, -node.seconds, node.name)
        )
    )


def _status(facts: Facts, problems: Sequence[str]) -> Status:
    has_failed = any(run.glue.state != SUCCEEDED for run in facts.silver) or (
        facts.gold is not None and not facts.gold.succeeded
    )
    return "failed" if has_failed else "doubtful" if problems else "succeeded"


def _problems(facts: Facts, found_flows: Iterable[Flow], found_accounts: Iterable[Account]) -> tuple[str, ...]:
    """What a reader must know first, in sentences."""
    found = [
        f"The Silver run {run.glue.run_id} ended as {run.glue.state}: {run.glue.message or 'Glue tells no reason'}"
        for run in facts.silver
        if run.glue.state != SUCCEEDED
    ]
    found += [
        f"{each.course_id} {each.ingest_date} was left out: {each.reason}"
        for run in facts.silver
        for each in run.failures
    ]
    if facts.gold is not None and not facts.gold.succeeded:
        failed = [node.name for node in facts.gold.failed()]
        what = f"{len(failed)} of its models and tests failed: {', '.join(failed[:3])}" if failed else facts.gold.reason
        found.append(f"The build of Gold failed: {what or 'dbt tells no reason'}. Readers keep what they had.")
    found += [
        f"Of the {flow.unit} {stage.name}, {stage.unaccounted:+,} are not accounted for"
        for flow in found_flows
        for stage in flow.stages
        if stage.unaccounted
    ]
    found += [f"This does not hold: {each.name} ({'; '.join(each.wrong[:3])})" for each in found_accounts if each.wrong]
    return tuple(found)


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total.most_common())


def _times(facts: Facts) -> tuple[Times, ...]:
    found = []
    for run in facts.silver:
        name = "landing to Silver" if len(facts.silver) == 1 else f"landing to Silver {run.glue.run_id}"
        found.append(Times(name, run.glue.seconds, run.glue.started_at))
        found += [Times(f"{name}: {stage}", seconds) for stage, seconds in _stage_seconds(run).items()]
    if facts.gold:
        began = datetime.fromisoformat(facts.gold.started_at)
        found.append(Times("Silver to Gold (dbt)", facts.gold.elapsed_seconds, began))
    if facts.publication and facts.publication.finished_at:
        began, ended = (
            datetime.fromisoformat(str(each)) for each in (facts.publication.started_at, facts.publication.finished_at)
        )
        found.append(Times("publication", (ended - began).total_seconds(), began))
    return tuple(found)


def _stage_seconds(run: SilverRun) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for summary in run.summaries:
        for stage, each in summary.stage_seconds.items():
            seconds[stage] = (
                max(seconds.get(stage, 0.0), each) if stage in _WHOLE_RUN else seconds.get(stage, 0.0) + each
            )
    named = {stage: f"{stage}, summed over deliveries" if stage not in _WHOLE_RUN else stage for stage in seconds}
    return {named[stage]: round(each, 3) for stage, each in seconds.items()}


def _gold(facts: Facts) -> Gold | None:
    gold = facts.gold
    if gold is None:
        return None
    failed = sound_first(gold.failed())
    nodes = sound_first(gold.nodes)
    return Gold(gold.run_id, gold.succeeded, gold.reason, gold.models, gold.tests, failed, nodes, facts.publication)


def _quality(facts: Facts) -> tuple[Change, ...] | None:
    if facts.scores is None:
        return None
    before = {each.course_id: each.total for each in facts.earlier_scores or ()}
    return tuple(Change(score, before.get(score.course_id)) for score in facts.scores)


def _reasons(told: Sequence[RunSummary]) -> tuple[ReasonCount, ...]:
    lines = _summed(each.quarantine_reasons for each in told)
    return tuple(
        ReasonCount(reason, count, sum(reason in each.quarantine_reasons for each in told))
        for reason, count in lines.items()
    )


def _costs(facts: Facts) -> tuple[CostLine, ...]:
    lines = [
        CostLine(
            f"Glue, {run.glue.run_id}", run.glue.dpu_hours, "DPU-hours", run.glue.dpu_hours * facts.dollars_per_dpu_hour
        )
        for run in facts.silver
    ]
    if facts.gold:
        gold = facts.gold
        lines.append(
            CostLine(
                "Athena, dbt", gold.bytes_billed, "bytes billed", scan_dollars(gold.bytes_billed, facts.dollars_per_tib)
            )
        )
    return tuple(lines)


def _versions(facts: Facts, told: Sequence[RunSummary]) -> tuple[tuple[str, str], ...]:
    found = [("code that wrote Silver", each) for each in sorted({summary.code_version for summary in told})]
    found += [("Glue", each) for each in sorted({run.glue.glue_version or "" for run in facts.silver} - {""})]
    if facts.gold and facts.gold.dbt_version:
        found.append(("dbt", facts.gold.dbt_version))
    return tuple(found)


def _snapshots(facts: Facts, told: Sequence[RunSummary]) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], Any] = {}
    for summary in told:
        if summary.snapshot_id is not None:
            found["Silver, fact_telemetry_event", str(summary.snapshot_id)] = None
        if summary.topology_snapshot_id is not None:
            found["Silver, dim_facility_topology as read", str(summary.topology_snapshot_id)] = None
    if facts.gold:
        for table, snapshot_id in sorted(facts.gold.tested_snapshots.items()):
            found[f"Gold, {table}", str(snapshot_id) if snapshot_id is not None else "no row yet"] = None
    return tuple(found)
