"""What a dbt run's artifacts say, in one object: models and tests by status, times, rows and bytes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tm_lakehouse.cost.prices import DOLLARS_PER_TIB_SCANNED, scan_dollars
from tm_lakehouse.cost.statements import Statement
from tm_lakehouse.silver_to_gold.dbt_schemas import read_run_results
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness

SOUND = frozenset({"success", "pass", "warn", "skipped", "no-op"})


@dataclass(frozen=True)
class NodeResult:
    """One model or test of a run. `rows_affected` is what a model wrote, `failures` what a test found.

    `relation` is the table or view that a model made, as database.name. Bytes are those of all its statements; billed
    are Athena's, with ten megabytes at least for each.
    """

    name: str
    kind: str
    status: str
    seconds: float
    rows_affected: int | None
    bytes_scanned: int
    failures: int | None
    message: str | None
    relation: str | None = None
    statements: int = 0
    bytes_billed: int = 0
    dollars: float = 0.0


@dataclass(frozen=True)
class RunSummary:
    """One dbt run. Counts by status; rows are the sum over the nodes that tell them; bytes and dollars are those of all
    statements that the run sent, also of those that no node sent.

    `tested_snapshots` is what a whole run that succeeded left, by table; `publication` shows it to readers.
    """

    run_id: str
    succeeded: bool
    exit_code: int
    reason: str | None
    dbt_version: str | None
    started_at: str
    finished_at: str
    elapsed_seconds: float
    models: Mapping[str, int]
    tests: Mapping[str, int]
    rows_affected: int
    bytes_scanned: int
    nodes: tuple[NodeResult, ...]
    tested_snapshots: Mapping[str, int | None] = field(default_factory=dict)
    publication: str | None = None
    statements: int = 0
    bytes_billed: int = 0
    dollars: float = 0.0
    invocation_ids: tuple[str, ...] = ()
    freshness: tuple[SourceFreshness, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As written to summary.json."""
        return asdict(self)

    def relations(self, database: str) -> list[str]:
        """The tables and views that the run's models made in a database."""
        named = [node.relation.split(".") for node in self.nodes if node.relation]
        return sorted(name for place, name in named if place == database)

    def failed(self) -> list[NodeResult]:
        """Nodes that ended in an error or a failed test; skipped ones only follow from these."""
        return [node for node in self.nodes if node.status not in SOUND]


@dataclass(frozen=True)
class RunFacts:
    """What the artifacts don't tell: who ran dbt, when, and how it ended."""

    run_id: str
    started_at: str
    finished_at: str
    elapsed_seconds: float
    exit_code: int
    reason: str | None = None


def invocation_id(run_results: Mapping[str, Any]) -> str:
    """What dbt calls an invocation, also in the comment before each of its statements."""
    return str(run_results["metadata"]["invocation_id"])


def summarise(
    facts: RunFacts,
    run_results: Mapping[str, Any] | None,
    statements: Sequence[Statement] = (),
    dollars_per_tib: float = DOLLARS_PER_TIB_SCANNED,
) -> RunSummary:
    """The summary of a run; `run_results` is None where dbt ended before it ran anything.

    `statements` are those that the run sent.
    """
    nodes = tuple(_nodes(run_results, statements, dollars_per_tib)) if run_results else ()
    billed = sum(each.bytes_billed for each in statements)
    return RunSummary(
        run_id=facts.run_id,
        succeeded=facts.exit_code == 0,
        exit_code=facts.exit_code,
        reason=facts.reason,
        dbt_version=run_results["metadata"]["dbt_version"] if run_results else None,
        started_at=facts.started_at,
        finished_at=facts.finished_at,
        elapsed_seconds=round(facts.elapsed_seconds, 3),
        models=_by_status(nodes, "model"),
        tests=_by_status(nodes, "test"),
        rows_affected=sum(node.rows_affected or 0 for node in nodes),
        bytes_scanned=sum(each.bytes_scanned for each in statements),
        nodes=nodes,
        statements=len(statements),
        bytes_billed=billed,
        dollars=scan_dollars(billed, dollars_per_tib),
        invocation_ids=(invocation_id(run_results),) if run_results else (),
    )


def _nodes(
    run_results: Mapping[str, Any], statements: Sequence[Statement], dollars_per_tib: float
) -> Iterable[NodeResult]:
    sent: dict[str | None, list[Statement]] = defaultdict(list)
    for statement in statements:
        sent[statement.node].append(statement)
    for result in read_run_results(run_results).results:
        kind, _, name = result.unique_id.split(".")[:3]
        response = result.adapter_response
        own = sent[result.unique_id]
        billed = sum(each.bytes_billed for each in own)
        yield NodeResult(
            name=name,
            kind=kind,
            status=result.status.value,
            seconds=round(result.execution_time, 3),
            rows_affected=_count(response.get("rows_affected")) if kind == "model" else None,
            bytes_scanned=sum(each.bytes_scanned for each in own),
            failures=result.failures,
            message=result.message,
            relation=_relation(result.relation_name) if kind == "model" else None,
            statements=len(own),
            bytes_billed=billed,
            dollars=scan_dollars(billed, dollars_per_tib),
        )


def _relation(quoted: str | None) -> str | None:
    """dbt's name of a relation, without its catalog and quotes; an ephemeral model has none."""
    return ".".join(part.strip('"') for part in quoted.split(".")[-2:]) if quoted else None


def _count(value: Any) -> int | None:
    """dbt says -1 where the engine told no number."""
    return int(value) if isinstance(value, int | float) and value >= 0 else None


def _by_status(nodes: Iterable[NodeResult], kind: str) -> dict[str, int]:
    return dict(sorted(Counter(node.status for node in nodes if node.kind == kind).items()))
