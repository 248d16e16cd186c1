"""What runs have told of deliveries in the observability bucket: summaries of the done, failures of the others."""

import datetime as dt
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from tm_lakehouse.landing_to_silver.landed import Selection
from tm_lakehouse.landing_to_silver.object_store import CONNECTIONS, ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_prefix
from tm_lakehouse.run_summary import RunSummary

SUMMARIES, FAILURES, PLANS = "silver", "silver-failures", "silver-plans"


@dataclass(frozen=True)
class Failure:
    """Why a run left a delivery out: one per run, course and ingest date."""

    run_id: str
    course_id: str
    ingest_date: str
    failed_at: str
    reason: str


def write_summary(store: ObjectStore, bucket: str, summary: RunSummary) -> None:
    """One JSON line at `silver/course_id=.../ingest_date=.../run_id=.../summary.json`."""
    folder = f"course_id={summary.course_id}/ingest_date={summary.ingest_date}/run_id={summary.run_id}"
    store.put(f"s3://{bucket}/{SUMMARIES}/{folder}/summary.json", (summary.to_json() + "\n").encode("utf-8"))


def write_plan(store: ObjectStore, bucket: str, plan: RunSummary) -> None:
    """One JSON line at `silver-plans/course_id=.../ingest_date=.../run_id=.../plan.json`: what a commit is to do."""
    folder = f"course_id={plan.course_id}/ingest_date={plan.ingest_date}/run_id={plan.run_id}"
    store.put(f"s3://{bucket}/{PLANS}/{folder}/plan.json", (plan.to_json() + "\n").encode("utf-8"))


def write_failure(store: ObjectStore, bucket: str, run_id: str, prefix: Prefix, reason: str) -> None:
    """One JSON line at `silver-failures/course_id=.../ingest_date=.../run_id=.../failure.json`."""
    failed_at = dt.datetime.now(dt.UTC).isoformat()
    failure = Failure(run_id, prefix.course_id, prefix.ingest_date.isoformat(), failed_at, reason)
    text = json.dumps(asdict(failure), ensure_ascii=False) + "\n"
    store.put(f"s3://{bucket}/{FAILURES}/{prefix.key}run_id={run_id}/failure.json", text.encode("utf-8"))


def read_summaries(store: ObjectStore, bucket: str, selection: Selection) -> list[RunSummary]:
    """The summaries of all runs of the selected deliveries, by course, date and run."""
    return _read(store, f"s3://{bucket}/{SUMMARIES}/", selection)


def read_plans(store: ObjectStore, bucket: str, selection: Selection) -> list[RunSummary]:
    """The plans of runs that were to let rounds of the selected deliveries go, committed or not."""
    return _read(store, f"s3://{bucket}/{PLANS}/", selection)


def _read(store: ObjectStore, root: str, selection: Selection) -> list[RunSummary]:
    courses = sorted(selection.courses) or [name.removeprefix("course_id=") for name in store.folders(root)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        listings = pool.map(lambda course: _keys(store, root, course, selection), courses)
        uris = sorted(uri for listing in listings for uri in listing)
        return list(pool.map(lambda uri: RunSummary.from_json(store.get(uri).decode("utf-8")), uris))


def summaries_of_run(store: ObjectStore, bucket: str, prefixes: Iterable[Prefix], run_id: str) -> list[RunSummary]:
    """What a run tells of those deliveries that it has committed."""
    texts = _of_run(store, f"s3://{bucket}/{SUMMARIES}/", prefixes, run_id)
    return [RunSummary.from_json(text) for text in texts]


def failures_of_run(store: ObjectStore, bucket: str, prefixes: Iterable[Prefix], run_id: str) -> list[Failure]:
    """What a run tells of those deliveries that it has left out."""
    texts = _of_run(store, f"s3://{bucket}/{FAILURES}/", prefixes, run_id)
    return [Failure(**json.loads(text)) for text in texts]


def _of_run(store: ObjectStore, root: str, prefixes: Iterable[Prefix], run_id: str) -> list[str]:
    def read(prefix: Prefix) -> list[str]:
        return [store.get(each.uri).decode("utf-8") for each in store.list(f"{root}{prefix.key}run_id={run_id}/")]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return [text for texts in pool.map(read, sorted(prefixes)) for text in texts]


def _keys(store: ObjectStore, root: str, course: str, selection: Selection) -> list[str]:
    found = (each.uri for each in store.list(f"{root}course_id={course}/"))
    return [uri for uri in found if selection.has(parse_prefix(uri.removeprefix(root).partition("/run_id=")[0]))]
