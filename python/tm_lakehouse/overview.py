"""An environment at a glance: its account, what is owed, and the last run of each stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.settings import Settings

PENDING_NAMED = 3


@dataclass(frozen=True)
class Fact:
    """One line of the overview: a text for people, values for programs."""

    name: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


def facts(settings: Settings, *, looks_for_pending: bool) -> Iterator[Fact]:
    """Each as soon as it is known. What may not be read says so and hides nothing of the rest.

    Raises:
        EndpointConnectionError: AWS does not answer.
    """
    looks: dict[str, Callable[[Settings], Fact]] = {"account": _account, "airflow": _airflow}
    looks |= {"pending": _pending} if looks_for_pending else {}
    looks |= {"silver": _silver, "gold": _gold}
    for name, look in looks.items():
        try:
            yield look(settings)
        except EndpointConnectionError:
            raise
        except (ClientError, BotoCoreError, LakehouseError) as error:
            yield Fact(name, f"can't be read: {error}", {"error": str(error)})


def _account(settings: Settings) -> Fact:
    import boto3

    session = boto3.session.Session()
    account = session.client("sts").get_caller_identity()["Account"]
    text = f"{settings.env} in {account}, {session.region_name}"
    return Fact("account", text, {"environment": settings.env, "account": account, "region": session.region_name})


def _airflow(settings: Settings) -> Fact:
    """The environment that conducts, and its newest run of the pipeline."""
    from tm_lakehouse.airflow_run import AirflowEnvironment

    name = settings.airflow_environment
    if not name:
        return Fact("airflow", "none conducts: `tm-lakehouse silver` and `gold` do it by hand", {"name": None})
    environment = AirflowEnvironment(name)
    status = environment.status()
    if status != "AVAILABLE":
        return Fact("airflow", f"{name} is {status}", {"name": name, "status": status})
    last = environment.newest_run()
    text = f"{last.state}: run {last.run_id}" if last else "no run of the pipeline yet"
    values = {"run_id": last.run_id, "state": last.state, "began_at": last.began_at} if last else None
    return Fact("airflow", f"{name} is {status}; {text}", {"name": name, "status": status, "last_run": values})


def _pending(settings: Settings) -> Fact:
    """What is landed and not yet in Silver."""
    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs.choice import still_pending

    found = [prefix.key for prefix in still_pending(S3ObjectStore(), settings, Selection())]
    named = ", ".join(found[:PENDING_NAMED]) + (", ..." if len(found) > PENDING_NAMED else "")
    text = f"{len(found):,} deliveries landed and not in Silver: {named}"
    return Fact("pending", text if found else "nothing: Silver holds all that landed", {"deliveries": found})


def _silver(settings: Settings) -> Fact:
    """The newest run of the job."""
    import boto3

    runs = boto3.client("glue").get_job_runs(JobName=settings.glue_job_silver, MaxResults=1)["JobRuns"]
    if not runs:
        return Fact("silver", "no run yet", {"run_id": None})
    run = runs[0]
    began = f"{run['StartedOn']:%Y-%m-%d %H:%M}"
    seconds = run.get("ExecutionTime", 0)
    text = f"{run['JobRunState']} run of {began} ({seconds} s): {run['Id']}"
    values = {"run_id": run["Id"], "state": run["JobRunState"], "began_at": began, "execution_seconds": seconds}
    return Fact("silver", text, values)


def _gold(settings: Settings) -> Fact:
    """What readers see."""
    from tm_lakehouse.gold_publication.gold import Gold
    from tm_lakehouse.gold_publication.plan import newest

    record = newest(Gold.of(settings).journal.read())
    if record is None:
        return Fact("gold", "nothing has been published yet", {"publication": None})
    at, rows = record.finished_at or record.started_at, sum(table.rows or 0 for table in record.tables)
    minute = at[:16].replace("T", " ")
    text = f"readers see {record.kind} {record.record_id} of {minute}: {len(record.tables)} tables, {rows:,} rows"
    return Fact("gold", text, {record.kind: record.record_id, "at": at, "tables": len(record.tables), "rows": rows})
