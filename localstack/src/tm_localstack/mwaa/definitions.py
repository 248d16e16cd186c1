"""An environment's definition: what a request must say, what AWS adds, and what an update changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

AIRFLOW_VERSION = "3.0.6"
SUBNETS = 2
MAX_SCHEDULERS = 5

LOG_GROUPS = {
    "DagProcessingLogs": "DAGProcessing",
    "SchedulerLogs": "Scheduler",
    "TaskLogs": "Task",
    "WebserverLogs": "WebServer",
    "WorkerLogs": "Worker",
}
LOG_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


@dataclass(frozen=True)
class EnvironmentClass:
    """What a class of environments allows. `tasks` run at once on each worker."""

    tasks: int
    max_workers: int
    schedulers: range
    web_servers: range


CLASSES = {
    "mw1.micro": EnvironmentClass(3, 1, range(1, 2), range(1, 2)),
    "mw1.small": EnvironmentClass(5, 25, range(2, 6), range(2, 6)),
    "mw1.medium": EnvironmentClass(10, 25, range(2, 6), range(2, 6)),
    "mw1.large": EnvironmentClass(20, 25, range(2, 6), range(2, 6)),
    "mw1.xlarge": EnvironmentClass(40, 25, range(2, 6), range(2, 6)),
    "mw1.2xlarge": EnvironmentClass(80, 25, range(2, 6), range(2, 6)),
}
DEFAULT_CLASS = "mw1.small"

# Each file is named by its path, with a version that may be left out.
VERSIONED_FILES = ("Plugins", "Requirements", "StartupScript")

Definition = dict[str, Any]


class DefinitionError(Exception):
    """AWS would refuse the definition; the text says why."""


def completed(request: Mapping[str, Any], *, account_id: str, region: str) -> Definition:
    """A new environment's definition with AWS's defaults.

    Raises:
        DefinitionError: AWS would refuse it.
    """
    given = {name: value for name, value in request.items() if name != "Tags" and value is not None}
    name = str(request["Name"])
    class_name = given.get("EnvironmentClass", DEFAULT_CLASS)
    limits = _class(class_name)
    defaults = {
        "AirflowVersion": AIRFLOW_VERSION,
        "AirflowConfigurationOptions": {},
        "EnvironmentClass": class_name,
        "MinWorkers": 1,
        "MaxWorkers": min(10, limits.max_workers),
        "Schedulers": limits.schedulers.start,
        "MinWebservers": limits.web_servers.start,
        "MaxWebservers": limits.web_servers.start,
        "WebserverAccessMode": "PRIVATE_ONLY",
        "EndpointManagement": "SERVICE",
        "WeeklyMaintenanceWindowStart": "SUN:03:30",
    }
    logging = _logging({}, given.get("LoggingConfiguration", {}), name=name, here=f"{region}:{account_id}")
    definition = {**defaults, **given, "LoggingConfiguration": logging}
    check(definition)
    return definition


def updated(old: Definition, request: Mapping[str, Any], *, account_id: str, region: str) -> Definition:
    """The definition after an update: what the request does not say stays.

    Raises:
        DefinitionError: AWS would refuse it.
    """
    not_kept = ("Name", "LoggingConfiguration", "NetworkConfiguration", "WorkerReplacementStrategy")
    given = {name: value for name, value in request.items() if name not in not_kept and value is not None}
    kept = {name: value for name, value in old.items() if not _is_dropped(name, given)}
    here = f"{region}:{account_id}"
    changed = request.get("LoggingConfiguration") or {}
    logging = _logging(old["LoggingConfiguration"], changed, name=old["Name"], here=here)
    network = {**old["NetworkConfiguration"], **(request.get("NetworkConfiguration") or {})}
    definition = {**kept, **given, "LoggingConfiguration": logging, "NetworkConfiguration": network}
    check(definition)
    return definition


def check(definition: Definition) -> None:
    """Raise DefinitionError for what AWS would refuse and the API's model does not say."""
    problems = [problem for problem in _problems(definition) if problem]
    if problems:
        raise DefinitionError(" ".join(problems))


def files(definition: Definition) -> dict[str, tuple[str, str | None]]:
    """Path and version in the bucket of each file that the environment names, by kind."""
    return {
        kind: (definition[f"{kind}S3Path"], definition.get(f"{kind}S3ObjectVersion"))
        for kind in VERSIONED_FILES
        if definition.get(f"{kind}S3Path")
    }


def bucket(definition: Definition) -> str:
    """Name of the source bucket."""
    return str(definition["SourceBucketArn"]).split(":::", 1)[1]


def _problems(definition: Definition) -> list[str | None]:
    limits = _class(definition["EnvironmentClass"])
    version = definition["AirflowVersion"]
    subnets = definition["NetworkConfiguration"].get("SubnetIds") or []
    groups = definition["NetworkConfiguration"].get("SecurityGroupIds") or []
    levels = [entry["LogLevel"] for entry in definition["LoggingConfiguration"].values()]
    workers, schedulers = (definition["MinWorkers"], definition["MaxWorkers"]), definition["Schedulers"]
    servers = (definition["MinWebservers"], definition["MaxWebservers"])
    checks = {
        f"Unsupported Airflow version {version}: the local MWAA runs {AIRFLOW_VERSION}.": version == AIRFLOW_VERSION,
        f"Exactly {SUBNETS} subnets are needed, in two availability zones; {len(subnets)} given.": (
            len(set(subnets)) == len(subnets) == SUBNETS
        ),
        "At least one security group is needed.": bool(groups),
        f"MinWorkers {workers[0]} and MaxWorkers {workers[1]} are not within 1 to {limits.max_workers}.": (
            1 <= workers[0] <= workers[1] <= limits.max_workers
        ),
        f"Schedulers {schedulers} is not one of {list(limits.schedulers)}.": schedulers in limits.schedulers,
        f"MinWebservers {servers[0]} and MaxWebservers {servers[1]} are not within {list(limits.web_servers)}.": (
            servers[0] <= servers[1] and set(servers) <= set(limits.web_servers)
        ),
        f"A log level is none of {', '.join(LOG_LEVELS)}.": set(levels) <= set(LOG_LEVELS),
        "A version of a file is given without its path.": not _versions_without_path(definition),
    }
    return [problem for problem, holds in checks.items() if not holds]


def _class(name: str) -> EnvironmentClass:
    if name not in CLASSES:
        raise DefinitionError(f"EnvironmentClass {name} is not one of {', '.join(CLASSES)}.")
    return CLASSES[name]


def _versions_without_path(definition: Definition) -> list[str]:
    versions = [kind for kind in VERSIONED_FILES if definition.get(f"{kind}S3ObjectVersion")]
    return [kind for kind in versions if not definition.get(f"{kind}S3Path")]


def _is_dropped(name: str, given: Mapping[str, Any]) -> bool:
    """A new path without a version means its newest version, not the one of the old path."""
    kind = name.removesuffix("S3ObjectVersion")
    return name.endswith("S3ObjectVersion") and f"{kind}S3Path" in given


def _logging(old: Mapping[str, Any], given: Mapping[str, Any], *, name: str, here: str) -> Definition:
    return {
        kind: {
            "Enabled": kind == "TaskLogs",
            "LogLevel": "INFO",
            **old.get(kind, {}),
            **(given.get(kind) or {}),
            "CloudWatchLogGroupArn": f"arn:aws:logs:{here}:log-group:airflow-{name}-{group}",
        }
        for kind, group in LOG_GROUPS.items()
    }
