"""Section 4: Athena's workgroup and where results go."""

from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed
from tm_lakehouse.errors import LakehouseError

_APPLY = "Run `make apply`: Terraform makes it so again."
ENGINE = "Athena engine version 3"


def _group(deployment: Deployment) -> Any:
    return deployment.client("athena").get_work_group(WorkGroup=deployment.settings.athena_workgroup)["WorkGroup"]


def _workgroup(deployment: Deployment) -> Verdict:
    group = _group(deployment)
    if group["State"] != "ENABLED":
        return failed(f"{group['Name']} is {group['State'].lower()}", "Enable it: `aws athena update-work-group`.")
    enforced = group["Configuration"].get("EnforceWorkGroupConfiguration")
    return none_of([] if enforced else [f"{group['Name']} lets clients set other results"], group["Name"], _APPLY)


def _results(deployment: Deployment) -> Verdict:
    given = _group(deployment)["Configuration"].get("ResultConfiguration", {})
    offenders = []
    if given.get("OutputLocation") != deployment.settings.athena_results:
        offenders.append(f"results go to {given.get('OutputLocation')}, not {deployment.settings.athena_results}")
    if given.get("EncryptionConfiguration", {}).get("EncryptionOption") != "SSE_KMS":
        offenders.append("results are not encrypted by a key of the zone")
    return none_of(offenders, deployment.settings.athena_results, _APPLY)


def _cutoff(deployment: Deployment) -> Verdict:
    limit = _group(deployment)["Configuration"].get("BytesScannedCutoffPerQuery")
    offenders = [] if limit else ["a query may scan without limit"]
    return none_of(offenders, f"{limit or 0:,} bytes a query", "Set scan_limit_bytes, then `make apply`.")


def _engine(deployment: Deployment) -> Verdict:
    chosen = _group(deployment)["Configuration"].get("EngineVersion", {}).get("SelectedEngineVersion")
    return none_of([] if chosen == ENGINE else [f"the engine is {chosen}"], ENGINE, _APPLY)


def _answers(deployment: Deployment) -> Verdict:
    """One query that reads nothing and so costs nothing."""
    try:
        answer = Athena(deployment.settings.athena_workgroup).query("SELECT 1")
    except LakehouseError as error:
        return failed(error.reason, "Read the message: the workgroup, its bucket or its key refuses.")
    return passed(f"SELECT 1 gave {answer.rows[0][0]}")


LINES = (
    Line("athena.workgroup", "The workgroup is open, and its settings hold", _workgroup),
    Line("athena.results", "Results go where they belong, encrypted", _results),
    Line("athena.cutoff", "No query scans without limit", _cutoff),
    Line("athena.engine", "The engine is version 3", _engine),
    Line("athena.answers", "A query is answered", _answers),
)
