"""Makes the report of a run: reads what there is, sums it up, writes the page, keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.run_report.attempts import Attempts
from tm_lakehouse.run_report.choice import Chosen, by_time, choose, of_silver
from tm_lakehouse.run_report.facts import Facts, GlueRun, LandedFiles, Publication, SilverRun
from tm_lakehouse.run_report.page import render
from tm_lakehouse.run_report.read_gold import gold_reader, gold_run_ids, read_publication
from tm_lakehouse.run_report.read_quarantine import read_quarantine
from tm_lakehouse.run_report.read_silver import read_glue_runs, read_landed, read_silver_runs
from tm_lakehouse.run_report.read_tables import Tables
from tm_lakehouse.run_report.report import Report, build_report
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_runs.pending import latest_summaries, prefix_of
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary
from tm_lakehouse.silver_to_gold.publish import artifacts_prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE, DATA = "report.html", "report.json"
# After a backfill Gold may take hundreds of runs at once; each is counted by a query of its own.
MOST_RUNS = 20


@dataclass
class SilverPart:
    """What the landing zone and the Silver job's summaries tell: whoever starts the job may read it."""

    runs: tuple[SilverRun, ...] = ()
    landed: Mapping[Prefix, LandedFiles] | None = None
    attempts: Attempts = field(default_factory=Attempts)


def reports_prefix(run_id: str) -> str:
    """Where a run's report lies in the observability bucket."""
    return f"reports/run_id={run_id}/"


def choose_run(settings: Settings, wanted: str | None) -> Chosen:
    """The run of that id, or the latest.

    Raises:
        LakehouseError: there is no such run, or none at all.
    """
    s3 = _s3()
    runs = read_glue_runs(settings.glue_job_silver, datetime.now(UTC))
    bucket = settings.bucket_observability
    return choose(wanted, runs, gold_run_ids(s3, bucket), gold_reader(s3, bucket))


def choose_since(settings: Settings, runs: tuple[GlueRun, ...], since: datetime) -> Chosen | None:
    """These Silver runs and the build of Gold that began after a moment; None where nothing ran."""
    s3, bucket = _s3(), settings.bucket_observability
    chosen = of_silver(runs, since, by_time(gold_run_ids(s3, bucket)), gold_reader(s3, bucket))
    return chosen if chosen.silver or chosen.gold else None


def read_silver_part(
    store: ObjectStore, settings: Settings, runs: Sequence[GlueRun], *, may_read_files: bool = True
) -> SilverPart:
    """Read what some runs told, and what is landed of their deliveries: of the last ones, where they are many.

    `may_read_files`: False for a caller who may list landed files and read none.
    """
    attempts = Attempts()
    if len(runs) > MOST_RUNS:
        what = f"{len(runs) - MOST_RUNS:,} earlier runs of the Silver job"
        attempts.leave_out(what, f"a report tells of {MOST_RUNS} at most; name one of them to see it")
        runs = runs[-MOST_RUNS:]
    told = attempts.read("what the Silver job told", lambda: read_silver_runs(store, settings, runs))
    prefixes = [prefix for run in runs for prefix in run.prefixes]
    landed = attempts.read(
        "what is landed", lambda: read_landed(store, settings, prefixes, may_read_files=may_read_files)
    )
    return SilverPart(told if told is not None else tuple(map(SilverRun, runs)), landed, attempts)


def make_report(
    store: ObjectStore, settings: Settings, chosen: Chosen, part: SilverPart, links: Mapping[str, str]
) -> Report:
    """Read the rest and sum it up. What can't be read is told in the report."""
    attempts = part.attempts
    told = [summary for run in part.runs for summary in run.summaries]
    gold = chosen.gold
    tables = Tables(Athena(settings.athena_workgroup), settings)
    counts = attempts.read("Silver's rows", lambda: tables.silver_counts(part.runs)) if told else None
    seen = None
    if counts is not None and len(part.runs) == 1:
        seen = {prefix: each for (_, prefix), each in counts.items()}
    elif told:
        latest = list(latest_summaries(told).values())
        seen = attempts.read("Silver's rows when Gold was built", lambda: tables.counts_at(latest))
    prefixes = sorted({prefix_of(each) for each in told})
    gold_counts = attempts.read("Gold's rows", lambda: tables.gold_counts(gold, prefixes)) if gold else None
    earlier = chosen.earlier
    facts = Facts(
        run_id=chosen.run_id,
        environment=settings.env,
        made_at=datetime.now(UTC),
        silver=part.runs,
        landed=part.landed,
        quarantined=attempts.read("the quarantine", lambda: read_quarantine(store, settings.bucket_quarantine, told)),
        silver_counts=counts,
        seen_by_gold=seen,
        gold=gold,
        gold_counts=gold_counts,
        publication=attempts.read("the publication", lambda: _publication(settings, gold)),
        scores=attempts.read("data quality", lambda: tables.scores(gold)) if gold else None,
        earlier_scores=attempts.read("data quality of the run before", lambda: tables.scores(earlier))
        if earlier
        else None,
        course_map=attempts.read("the map's fixes", lambda: tables.course_map(told)) if told else None,
        earlier_run_id=earlier.run_id if earlier else None,
        bytes_billed_for_report=tables.bytes_billed,
        dollars_per_dpu_hour=settings.price_glue_dpu_hour,
        dollars_per_tib=settings.price_athena_tib,
        links=_links(settings, chosen) | dict(links),
        unread=tuple(attempts.unread),
    )
    return build_report(facts)


def values(report: Report) -> dict[str, Any]:
    """The data behind the page, as JSON has them."""
    return {name: _plain(value) for name, value in asdict(report).items()}


def keep(settings: Settings, report: Report, page: str) -> str:
    """Put page and data into the observability bucket; the page's address."""
    s3, prefix = _s3(), reports_prefix(report.run_id)
    data = json.dumps(values(report), ensure_ascii=False, indent=2)
    bodies = {DATA: (data, "application/json"), PAGE: (page, "text/html; charset=utf-8")}
    for name, (body, content_type) in bodies.items():
        s3.put_object(
            Bucket=settings.bucket_observability, Key=prefix + name, Body=body.encode(), ContentType=content_type
        )
    return f"s3://{settings.bucket_observability}/{prefix}{PAGE}"


def make_and_keep(
    store: ObjectStore, settings: Settings, chosen: Chosen, part: SilverPart, links: Mapping[str, str]
) -> str:
    """Make a report and keep it; the page's address."""
    report = make_report(store, settings, chosen, part, links)
    return keep(settings, report, render(report))


def _publication(settings: Settings, gold: GoldSummary | None) -> Publication | None:
    return read_publication(_s3(), settings.bucket_observability, gold.run_id) if gold else None


def _links(settings: Settings, chosen: Chosen) -> dict[str, str]:
    bucket = f"s3://{settings.bucket_observability}"
    links = {"this report": f"{bucket}/{reports_prefix(chosen.run_id)}{PAGE}"}
    if chosen.silver:
        links["run summaries of Silver"] = f"{bucket}/silver/"
        links["quarantine"] = f"s3://{settings.bucket_quarantine}/silver/"
        links["log of the Silver job"] = f"/aws-glue/jobs/error, stream {chosen.silver[-1].run_id}"
    if chosen.gold:
        links["dbt's artifacts"] = f"{bucket}/{artifacts_prefix(chosen.gold.run_id)}"
    return links


def _plain(value: Any) -> Any:
    """Values as JSON has them: keys that are tuples are not among a report's."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return value.isoformat()


def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")
