"""Asks Athena for a run's counts, scores and fixes, each at the snapshot that the run left."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tm_lakehouse.athena import Athena, QueryResult
from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_date
from tm_lakehouse.run_report import sql
from tm_lakehouse.run_report.facts import CourseMap, Fix, GoldCounts, Score, SilverCounts, SilverRun
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary
from tm_lakehouse.tables.fact_telemetry_event import TABLE

ASKED_AT_ONCE = 4
MOST_FIXES = 3000


class Tables:
    """The tables of a deployment. `bytes_billed` is what all that was asked costs."""

    def __init__(self, athena: Athena, settings: Settings) -> None:
        self._athena = athena
        self._settings = settings
        self._silver = f'"{settings.db_silver}"."{TABLE.name}"'
        self.bytes_billed = 0

    def silver_counts(self, runs: Sequence[SilverRun]) -> dict[tuple[str, Prefix], SilverCounts]:
        """By run and delivery, at the run's own snapshot."""
        committed = [run for run in runs if _snapshot(run.summaries) is not None]
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            counted = list(pool.map(lambda run: self.counts_at(run.summaries), committed))
        return {
            (run.glue.run_id, prefix): counts
            for run, found in zip(committed, counted, strict=True)
            for prefix, counts in found.items()
        }

    def counts_at(self, summaries: Sequence[RunSummary]) -> dict[Prefix, SilverCounts]:
        """By delivery, at the newest snapshot of these runs."""
        snapshot_id = _snapshot(summaries)
        if snapshot_id is None:
            return {}
        result = self._ask(sql.silver_counts(self._silver, snapshot_id, summaries))
        return {
            _prefix(record): SilverCounts(*(int(str(record[name])) for name in sql.SILVER_COUNTS))
            for record in result.records()
        }

    def gold_counts(self, gold: GoldSummary, prefixes: Sequence[Prefix]) -> dict[Prefix, GoldCounts] | None:
        """By delivery, as the build was tested; None where it left nothing that was."""
        snapshot_id = gold.tested_snapshots.get("fact_rounds")
        if snapshot_id is None or not prefixes:
            return None
        result = self._ask(sql.gold_counts(self._built("fact_rounds"), snapshot_id, prefixes))
        return {
            _prefix(record): GoldCounts(int(str(record["rounds"])), int(str(record["fixes"])))
            for record in result.records()
        }

    def scores(self, gold: GoldSummary) -> tuple[Score, ...] | None:
        """Of every course, as the build was tested; None where it left nothing that was."""
        snapshot_id = gold.tested_snapshots.get("data_quality_overview")
        if snapshot_id is None:
            return None
        rows = self._ask(sql.scores(self._built("data_quality_overview"), snapshot_id)).rows
        return tuple(Score(str(course), *(_decimal(each) for each in values)) for course, *values in rows)

    def course_map(self, summaries: Sequence[RunSummary]) -> CourseMap | None:
        """Fixes of the delivery that brought most rows; None where none brought any."""
        written = [each for each in summaries if each.rows_written and each.snapshot_id is not None]
        if not written:
            return None
        chosen = max(written, key=lambda each: each.rows_written)
        statement = sql.map_fixes(self._silver, int(chosen.snapshot_id or 0), chosen, MOST_FIXES)
        rows = self._ask(statement).rows
        fixes = (Fix(float(str(row[0])), float(str(row[1])), _whole(row[2]), _whole(row[3])) for row in rows)
        return CourseMap(chosen.course_id, tuple(fixes))

    def _built(self, name: str) -> str:
        return f'"{self._settings.db_gold_build}"."{name}"'

    def _ask(self, statement: str) -> QueryResult:
        result = self._athena.query(statement)
        self.bytes_billed += result.bytes_billed
        return result


def _snapshot(summaries: Sequence[RunSummary]) -> int | None:
    """The snapshot of the last run that told one."""
    told = [each for each in summaries if each.snapshot_id is not None]
    return max(told, key=lambda each: each.finished_at).snapshot_id if told else None


def _prefix(record: Mapping[str, str | None]) -> Prefix:
    return Prefix(str(record["course_id"]), parse_date(str(record["ingest_date"])))


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None else None


def _decimal(text: str | None) -> float | None:
    return float(text) if text is not None else None
