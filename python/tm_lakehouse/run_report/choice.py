"""Which runs a report is of: one of Gold's with the Silver runs it took, or one that Gold has not taken yet. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.run_report.facts import GlueRun
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary
from tm_lakehouse.silver_to_gold.run_id import began_at

LATEST_TOLD = 5
# How many builds of Gold are looked at before and after a moment for one that fits.
LOOKED_AT = 10

ReadGold = Callable[[str], GoldSummary | None]


@dataclass(frozen=True)
class Chosen:
    """The runs of one report. `earlier` is the build of Gold before, whose tests held."""

    silver: tuple[GlueRun, ...]
    gold: GoldSummary | None = None
    earlier: GoldSummary | None = None

    @property
    def run_id(self) -> str:
        """What the report is called: Gold's run, else the Silver job's."""
        return self.gold.run_id if self.gold else self.silver[-1].run_id


def choose(wanted: str | None, silver: Iterable[GlueRun], gold_ids: Iterable[str], read_gold: ReadGold) -> Chosen:
    """The runs that `wanted` names, or the latest.

    Raises:
        LakehouseError: there is no such run, or no run at all.
    """
    runs = sorted(silver, key=lambda run: run.started_at)
    ids = by_time(gold_ids)
    if wanted in ids:
        return _of_gold(wanted, runs, ids, read_gold)
    if wanted is not None:
        named = [run for run in runs if run.run_id == wanted]
        if not named:
            raise _unknown(wanted, runs, ids)
        return of_silver(tuple(named), named[-1].finished_at or named[-1].started_at, ids, read_gold)
    newest = next(
        (found for each in reversed(ids[-LOOKED_AT:]) if (found := read_gold(each)) and not _is_part(found)), None
    )
    if runs and (newest is None or moment(newest.started_at) < _end(runs[-1])):
        return of_silver((runs[-1],), _end(runs[-1]), ids, read_gold)
    if newest is None:
        raise LakehouseError(
            "Nothing has run yet, so there is nothing to report.", "Run `tm-lakehouse silver --pending`."
        )
    return _of_gold(newest.run_id, runs, ids, read_gold)


def of_silver(runs: tuple[GlueRun, ...], since: datetime, gold_ids: Sequence[str], read_gold: ReadGold) -> Chosen:
    """Silver runs and the first build of Gold that began after them, if there is one."""
    after = [each for each in gold_ids if _is_since(each, since)]
    candidates = (read_gold(each) for each in after[:LOOKED_AT])
    gold = next((each for each in candidates if each and moment(each.started_at) >= since and not _is_part(each)), None)
    return Chosen(runs, gold, _earlier(gold, gold_ids, read_gold) if gold else None)


def by_time(gold_ids: Iterable[str]) -> list[str]:
    """Gold's runs by when they began; a run that was given a name tells no time and comes first."""
    return sorted(gold_ids, key=lambda run_id: (_began(run_id) is not None, run_id))


def moment(text: str) -> datetime:
    """An ISO time."""
    return datetime.fromisoformat(text)


def _of_gold(run_id: str, runs: Sequence[GlueRun], ids: Sequence[str], read_gold: ReadGold) -> Chosen:
    gold = read_gold(run_id)
    if gold is None:
        raise LakehouseError(
            f"The run {run_id} of Gold left no summary: it was killed, or goes on.",
            "Wait for its end, or name another.",
        )
    earlier = _earlier(gold, ids, read_gold)
    since = moment(earlier.started_at) if earlier else None
    taken = (run for run in runs if run.finished_at and run.finished_at <= moment(gold.started_at))
    return Chosen(tuple(run for run in taken if since is None or _end(run) > since), gold, earlier)


def _earlier(gold: GoldSummary, ids: Sequence[str], read_gold: ReadGold) -> GoldSummary | None:
    """The last build before it that could be shown to readers."""
    began = moment(gold.started_at)
    before = [each for each in ids if each != gold.run_id and not _is_since(each, began)][-LOOKED_AT:]
    for each in reversed(before):
        found = read_gold(each)
        if found and found.tested_snapshots and moment(found.started_at) < began:
            return found
    return None


def _is_part(gold: GoldSummary) -> bool:
    """Whether it built a selection of models, which is work on a model and no run of the flow."""
    return gold.succeeded and not gold.tested_snapshots


def _end(run: GlueRun) -> datetime:
    return run.finished_at or run.started_at


def _is_since(run_id: str, since: datetime) -> bool:
    began = _began(run_id)
    # An id tells whole seconds.
    return began is None or began >= since.replace(microsecond=0)


def _began(run_id: str) -> datetime | None:
    try:
        return began_at(run_id)
    except ValueError:
        return None


def _unknown(wanted: str, runs: Sequence[GlueRun], ids: Sequence[str]) -> LakehouseError:
    latest = [*reversed(ids[-LATEST_TOLD:]), *(run.run_id for run in reversed(runs[-LATEST_TOLD:]))]
    told = f"The latest are {', '.join(latest)}." if latest else "Nothing has run yet."
    return LakehouseError(f"There is no run {wanted!r} of Gold, nor of the Silver job within Glue's 90 days.", told)
