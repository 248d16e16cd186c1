"""What a dbt run's artifacts say, in one object: models and tests by status, times, rows and bytes. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dbt_artifacts_parser.parser import parse_run_results_v6

SOUND = frozenset({"success", "pass", "warn", "skipped", "no-op"})


@dataclass(frozen=True)
class NodeResult:
    """One model or test of a run. `rows_affected` is what a model wrote, `failures` what a test found.

    `relation` is the table or view that a model made, as database.name.
    """

    name: str
    kind: str
    status: str
    seconds: float
    rows_affected: int | None
    bytes_scanned: int | None
    failures: int | None
    message: str | None
    relation: str | None = None


@dataclass(frozen=True)
class RunSummary:
    """One dbt run. Counts by status; bytes and rows are sums over the nodes that tell them.

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


def summarise(facts: RunFacts, run_results: Mapping[str, Any] | None) -> RunSummary:
    """The summary of a run; `run_results` is None where dbt ended before it ran anything."""
    nodes = tuple(_nodes(run_results)) if run_results else ()
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
        bytes_scanned=sum(node.bytes_scanned or 0 for node in nodes),
        nodes=nodes,
    )


def _nodes(run_results: Mapping[str, Any]) -> Iterable[NodeResult]:
    for result in parse_run_results_v6(dict(run_results)).results:
        kind, _, name = result.unique_id.split(".")[:3]
        response = result.adapter_response
        yield NodeResult(
            name=name,
            kind=kind,
            status=result.status.value,
            seconds=round(result.execution_time, 3),
            rows_affected=_count(response.get("rows_affected")) if kind == "model" else None,
            bytes_scanned=_count(response.get("data_scanned_in_bytes")),
            failures=result.failures,
            message=result.message,
            relation=_relation(result.relation_name) if kind == "model" else None,
        )


def _relation(quoted: str | None) -> str | None:
    """dbt's name of a relation, without its catalog and quotes; an ephemeral model has none."""
    return ".".join(part.strip('"') for part in quoted.split(".")[-2:]) if quoted else None


def _count(value: Any) -> int | None:
    """dbt says -1 where the engine told no number."""
    return int(value) if isinstance(value, int | float) and value >= 0 else None


def _by_status(nodes: Iterable[NodeResult], kind: str) -> dict[str, int]:
    return dict(sorted(Counter(node.status for node in nodes if node.kind == kind).items()))
