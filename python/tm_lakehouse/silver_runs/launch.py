"""Start Silver runs on Glue, and what became of each delivery."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tm_lakehouse.glue_run import POLL_SECONDS, FinishedRun, GlueRun, TooManyRunsError
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import Failure, failures_of_run, summaries_of_run
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended, and what it tells of its deliveries: those it committed, and those it left out."""

    prefixes: Sequence[Prefix]
    finished: FinishedRun
    summaries: list[RunSummary]
    failures: list[Failure]

    @property
    def has_told(self) -> bool:
        """Whether the run got as far as to tell of its deliveries; if not, its cause lies in none of them."""
        return bool(self.summaries or self.failures)


def start_run(settings: Settings, prefixes: Sequence[Prefix]) -> GlueRun:
    """Start one run over some deliveries.

    Raises:
        LakehouseError: there is no such job.
        TooManyRunsError: no further run of it may be active.
    """
    asked = ",".join(prefix.key.rstrip("/") for prefix in prefixes)
    return GlueRun.start(settings.glue_job_silver, {"--bronze-prefixes": asked})


def outcome_of(store: ObjectStore, settings: Settings, prefixes: Sequence[Prefix], finished: FinishedRun) -> RunOutcome:
    """Read what an ended run has told."""
    bucket = settings.bucket_observability
    summaries = summaries_of_run(store, bucket, prefixes, finished.run_id)
    done = {(each.course_id, each.ingest_date) for each in summaries}
    others = [each for each in prefixes if (each.course_id, each.ingest_date.isoformat()) not in done]
    return RunOutcome(prefixes, finished, summaries, failures_of_run(store, bucket, others, finished.run_id))


class Backfill:
    """Many runs, a few at a time. `active` are the started ones that have not ended."""

    def __init__(self, store: ObjectStore, settings: Settings, runs: Sequence[Sequence[Prefix]], parallel: int) -> None:
        self._store = store
        self._settings = settings
        self._waiting = list(runs)
        self._parallel = parallel
        self.active: dict[GlueRun, Sequence[Prefix]] = {}

    def outcomes(self, on_line: Callable[[str], None]) -> Iterator[RunOutcome]:
        """Run all, giving each outcome as it comes. After a run that told of no delivery no further one starts."""
        while self._waiting or self.active:
            self._start()
            for run, prefixes in list(self.active.items()):
                finished = run.poll(on_line)
                if finished is None:
                    continue
                del self.active[run]
                outcome = outcome_of(self._store, self._settings, prefixes, finished)
                if not outcome.has_told:
                    self._waiting.clear()
                yield outcome
            time.sleep(POLL_SECONDS)

    def _start(self) -> None:
        while self._waiting and len(self.active) < self._parallel:
            try:
                run = start_run(self._settings, self._waiting[0])
            except TooManyRunsError:
                # Someone else's run is active; it will end.
                return
            self.active[run] = self._waiting.pop(0)
