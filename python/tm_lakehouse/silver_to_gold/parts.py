"""What each invocation of dbt in a run left, and the run that they make together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from tm_lakehouse.cost.prices import DOLLARS_PER_TIB_SCANNED
from tm_lakehouse.cost.statements import Statement
from tm_lakehouse.silver_to_gold.artifacts import RunFacts, RunSummary, invocation_id, summarise
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness


@dataclass(frozen=True)
class Part:
    """One invocation of `dbt build`: a whole run, or one layer of it. Times are UTC, in ISO 8601.

    `run_results` is dbt's artifact; None where dbt ended before it ran anything.
    """

    started_at: str
    finished_at: str
    elapsed_seconds: float
    exit_code: int
    reason: str | None
    run_results: Mapping[str, Any] | None
    freshness: tuple[SourceFreshness, ...] = ()

    @property
    def built(self) -> list[str]:
        """Names of the models that it built."""
        results = self.run_results["results"] if self.run_results else []
        ids = [result["unique_id"].split(".") for result in results if result["status"] == "success"]
        return [name for kind, _, name, *_ in ids if kind == "model"]

    def as_dict(self) -> dict[str, Any]:
        """As kept between the layers of a run."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Reads what `as_dict` gave."""
        return cls(**{**kept, "freshness": tuple(SourceFreshness(**each) for each in kept["freshness"])})


def together(run_id: str, parts: Sequence[Part]) -> RunFacts:
    """When a run began and ended, and how."""
    return RunFacts(
        run_id=run_id,
        started_at=parts[0].started_at,
        finished_at=parts[-1].finished_at,
        elapsed_seconds=sum(part.elapsed_seconds for part in parts),
        exit_code=max(part.exit_code for part in parts),
        reason=next((part.reason for part in parts if part.reason), None),
    )


def joined_results(parts: Sequence[Part]) -> dict[str, Any] | None:
    """dbt's run_results.json for all parts: the last one's, with the results of all."""
    left = [part.run_results for part in parts if part.run_results]
    if not left:
        return None
    return {
        **left[-1],
        "elapsed_time": sum(each["elapsed_time"] for each in left),
        "results": [result for each in left for result in each["results"]],
    }


def invocation_ids(parts: Sequence[Part]) -> list[str]:
    """What dbt calls its invocations, also in the comment before each of their statements."""
    return [invocation_id(part.run_results) for part in parts if part.run_results]


def summary_of(
    run_id: str,
    parts: Sequence[Part],
    statements: Sequence[Statement] = (),
    dollars_per_tib: float = DOLLARS_PER_TIB_SCANNED,
) -> RunSummary:
    """The summary of a run; `statements` are those that it sent."""
    summary = summarise(together(run_id, parts), joined_results(parts), statements, dollars_per_tib)
    freshness = tuple(each for part in parts for each in part.freshness)
    return replace(summary, invocation_ids=tuple(invocation_ids(parts)), freshness=freshness)
