"""Section 5: Airflow, where one conducts the pipeline."""

from collections.abc import Callable
from typing import Any

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed, told, warned
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.orchestration.pools import SILVER_RUNS

DAGS = ("course_pipeline", "reconcile", "backfill", "maintenance")
TESTED_VERSIONS = ("3.0.6", "3.2.1")
COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
_NONE = 'no Airflow conducts (orchestrator is not "mwaa")'
_HEALTH_PATH, _DAGS_PATH = "/monitor/health", "/dags"


def _conducted(judge: Callable[[Deployment, dict[str, Any]], Verdict]) -> Callable[[Deployment], Verdict]:
    """A judgement of the environment; where there is none, the line holds: by hand is a way to run it."""

    def of(deployment: Deployment) -> Verdict:
        name = deployment.settings.airflow_environment
        if not name:
            return passed(_NONE)
        mwaa = deployment.client("mwaa")
        try:
            environment = mwaa.get_environment(Name=name)["Environment"]
        except mwaa.exceptions.ResourceNotFoundException:
            return failed(f"there is no environment {name}", "Run `make apply`.")
        return judge(deployment, environment)

    return of


@_conducted
def _available(_: Deployment, environment: dict[str, Any]) -> Verdict:
    status = environment["Status"]
    why = environment.get("LastUpdate", {}).get("Error", {}).get("ErrorMessage", "")
    evidence = f"{environment['Name']} is {status}{': ' if why else ''}{why}"
    return passed(evidence) if status == "AVAILABLE" else failed(evidence, "Wait for it, or mend what it tells.")


@_conducted
def _version(_: Deployment, environment: dict[str, Any]) -> Verdict:
    version = environment["AirflowVersion"]
    if version in TESTED_VERSIONS:
        return passed(f"Airflow {version}")
    return warned(f"Airflow {version}", f"The DAGs are tested with {' and '.join(TESTED_VERSIONS)}.")


@_conducted
def _files(deployment: Deployment, environment: dict[str, Any]) -> Verdict:
    s3 = deployment.client("s3")
    bucket = environment["SourceBucketArn"].rpartition(":")[2]
    folder = environment["DagS3Path"].strip("/")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{folder}/").get("Contents", [])
    there = {each["Key"].removeprefix(f"{folder}/") for each in listed}
    missing = [f"{bucket}/{folder} has no {dag}.py" for dag in DAGS if f"{dag}.py" not in there]
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        missing.append(f"{bucket} is not versioned, which MWAA wants")
    return none_of(missing, f"{len(there)} files in {bucket}/{folder}", "Run `make apply`.")


@_conducted
def _healthy(deployment: Deployment, _: dict[str, Any]) -> Verdict:
    health = _ask(deployment, _HEALTH_PATH)
    states = {each: health.get(each, {}).get("status") for each in COMPONENTS}
    ill = [f"the {name} is {state}" for name, state in states.items() if state != "healthy"]
    return none_of(ill, ", ".join(COMPONENTS), "Look at its log groups (airflow-...); MWAA restarts what ends.")


@_conducted
def _dags_read(deployment: Deployment, _: dict[str, Any]) -> Verdict:
    found = {each["dag_id"]: each for each in _ask(deployment, _DAGS_PATH)["dags"]}
    wrong = [f"{dag} is not read" for dag in DAGS if dag not in found]
    wrong += [f"{dag} has import errors" for dag in DAGS if found.get(dag, {}).get("has_import_errors")]
    if wrong:
        return failed(told(wrong), "`aws mwaa invoke-rest-api --path /importErrors --method GET` tells why.")
    if paused := [dag for dag in DAGS if found[dag]["is_paused"]]:
        return warned(f"paused: {', '.join(paused)}", "Switch them on in Airflow's UI: `tm-lakehouse airflow`.")
    return passed(", ".join(DAGS))


@_conducted
def _pool(deployment: Deployment, _: dict[str, Any]) -> Verdict:
    pools = {each["name"]: each for each in _ask(deployment, "/pools")["pools"]}
    offenders = [] if SILVER_RUNS in pools else [f"there is no pool {SILVER_RUNS}: tasks would wait for ever"]
    return none_of(
        offenders, f"{pools.get(SILVER_RUNS, {}).get('slots')} slots", "Run `make apply`: it keeps the pools."
    )


def _ask(deployment: Deployment, path: str) -> dict[str, Any]:
    name = deployment.settings.airflow_environment
    mwaa = deployment.client("mwaa")
    try:
        answer = mwaa.invoke_rest_api(Name=name, Method="GET", Path=path)["RestApiResponse"]
    except (mwaa.exceptions.RestApiClientException, mwaa.exceptions.RestApiServerException) as error:
        raise LakehouseError(f"Airflow's API refused {path}: {error}", "See whether the environment is well.") from None
    return dict(answer)


LINES = (
    Line("airflow.available", "The environment is available", _available),
    Line("airflow.version", "Its version is one that the DAGs were tested with", _version),
    Line("airflow.files", "Its bucket is versioned and holds the DAGs", _files),
    Line("airflow.healthy", "Scheduler, triggerer and DAG processor are well", _healthy),
    Line("airflow.dags", "The DAGs are read and switched on", _dags_read),
    Line("airflow.pool", "The pool that tasks wait in is there", _pool),
)
