"""The whole checklist, in the order of the flow, and its findings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from tm_lakehouse.doctor import buckets, catalog, conductor, gold, jobs, permissions, queries, upkeep
from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Status, Verdict, failed
from tm_lakehouse.errors import LakehouseError

LINES: tuple[Line, ...] = (
    *buckets.LINES, *catalog.LINES, *jobs.LINES, *queries.LINES, *conductor.LINES, *gold.LINES, *permissions.LINES,
    *upkeep.LINES,
)  # fmt: skip
SECTIONS = tuple(dict.fromkeys(line.section for line in LINES))


@dataclass(frozen=True)
class Finding:
    """One line with what came of it."""

    name: str
    claim: str
    status: Status
    evidence: str
    remedy: str


def examine(deployment: Deployment, lines: Sequence[Line], tell: Callable[[str], None]) -> list[Finding]:
    """Judge every line; one that can't be judged fails with the reason, and the others go on."""
    findings = []
    for line in lines:
        tell(line.name)
        verdict = _judged(line, deployment)
        findings.append(Finding(line.name, line.claim, verdict.status, verdict.evidence, verdict.remedy))
    return findings


def chosen(lines: Iterable[Line], wanted: Sequence[str]) -> list[Line]:
    """The lines of some sections, or single ones by name; all where nothing is named.

    Raises:
        LakehouseError: there is no such section or line.
    """
    known = list(lines)
    names = {name for line in known for name in (line.section, line.name)}
    if unknown := [name for name in wanted if name not in names]:
        sections = ", ".join(dict.fromkeys(line.section for line in known))
        raise LakehouseError(f"There is no section or line {unknown[0]!r}.", f"Sections are {sections}.")
    return [line for line in known if not wanted or line.name in wanted or line.section in wanted]


def _judged(line: Line, deployment: Deployment) -> Verdict:
    try:
        return line.judge(deployment)
    except LakehouseError as error:
        return failed(error.reason, error.next_step)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        is_refused = "AccessDenied" in code or code == "AuthorizationError"
        remedy = "Look with a role that may read it." if is_refused else "Run `make apply`, then look again."
        return failed(f"{error.operation_name}: {code}: {error.response['Error'].get('Message', '')}", remedy)
    except BotoCoreError as error:
        return failed(f"AWS does not answer: {error}", "Check the network, or start the local AWS with `make up`.")
