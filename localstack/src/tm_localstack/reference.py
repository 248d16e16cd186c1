"""`python -m tm_localstack.reference`: what the services carry out and within which limits, as JSON for documentation.

Read from the classes that answer and the constants that they judge by. It runs in the emulator's environment.
"""

import inspect
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from localstack.aws.spec import load_service
from moto.core.utils import camelcase_to_underscores
from moto.glue.responses import GlueResponse

from tm_localstack.athena import compaction, execution, guards, quotas, trino_engine
from tm_localstack.athena.operations import query_requests, workgroups
from tm_localstack.athena.provider import AthenaProvider
from tm_localstack.athena.translation import iceberg, statement
from tm_localstack.cloudwatch import TaggingCloudwatchProvider
from tm_localstack.ec2 import FlowLogEc2Provider
from tm_localstack.glue import catalog, job_arguments, jobs, models, pages, spark_runtime, table_optimizers
from tm_localstack.glue.provider import GlueProvider
from tm_localstack.iam.provider import SimulatingIamProvider
from tm_localstack.mwaa import configuration, definitions, python_environment, startup_script
from tm_localstack.mwaa.provider import MwaaProvider
from tm_localstack.mwaa.web_site import mwaa_tokens
from tm_localstack.s3 import WholeListingS3Provider


@dataclass(frozen=True)
class Told:
    """One service: operations that we carry out with what is special, those kept by moto, those refused, and limits."""

    name: str
    summary: str
    carried_out: dict[str, str]
    kept_by_moto: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    limits: dict[str, str] = field(default_factory=dict)


def services() -> list[Told]:
    """What this project answers itself, then what it changes of LocalStack's own services."""
    return [
        _whole("Glue", GlueProvider, "glue", _glue_limits(), GlueResponse, frozenset(catalog.PRETENDED_BY_MOTO)),
        _whole("Athena", AthenaProvider, "athena", _athena_limits()),
        _whole("MWAA", MwaaProvider, "mwaa", _mwaa_limits()),
        _changed("S3", WholeListingS3Provider),
        _changed("IAM", SimulatingIamProvider),
        _changed("CloudWatch", TaggingCloudwatchProvider),
        Told("EC2", _summary(FlowLogEc2Provider), {"CreateFlowLogs": ""}),
    ]


def _whole(
    name: str,
    provider: type,
    service: str,
    limits: Mapping[str, Any],
    moto: type | None = None,
    pretended: frozenset[str] = frozenset(),
) -> Told:
    own = _operations(inspect.getmembers(provider, inspect.isfunction))
    others = sorted(set(load_service(service).operation_names) - set(own))
    kept = [each for each in others if each not in pretended and _has(moto, each)]
    refused = [each for each in others if each not in kept]
    return Told(name, _summary(provider), own, kept, refused, {told: _text(value) for told, value in limits.items()})


def _changed(name: str, provider: type) -> Told:
    """Our methods alone; an overridden one finds its operation at the class that it overrides."""
    ours = [
        (method, getattr(provider, method)) for method, found in vars(provider).items() if inspect.isfunction(found)
    ]
    marked = [(method, _marked(provider, method)) for method, _ in ours]
    return Told(name, _summary(provider), _operations((method, found) for method, found in marked if found))


def _marked(provider: type, method: str) -> Any:
    found = (vars(each).get(method) for each in provider.__mro__)
    return next((each for each in found if hasattr(each, "operation")), None)


def _operations(members: Iterable[tuple[str, Any]]) -> dict[str, str]:
    found = {function.operation: _summary(function) for _, function in members if hasattr(function, "operation")}
    return dict(sorted(found.items()))


def _has(moto: type | None, operation: str) -> bool:
    return moto is not None and hasattr(moto, camelcase_to_underscores(operation))


def _summary(documented: Any) -> str:
    own = vars(documented).get("__doc__") if isinstance(documented, type) else documented.__doc__
    return " ".join((own or "").split())


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, range):
        return f"{value.start} to {value.stop - 1}" if len(value) > 1 else str(value.start)
    if isinstance(value, Iterable):
        return ", ".join(sorted(map(str, value)))
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _glue_limits() -> dict[str, Any]:
    return {
        "Glue versions of a job": spark_runtime.GLUE_VERSIONS,
        "commands of a job": jobs.RUNNABLE_COMMAND,
        "worker types, and the DPU that each counts": models.DPU_OF_WORKER,
        "minutes before a run ends as TIMEOUT, where the job names none": jobs.DEFAULT_TIMEOUT_MINUTES,
        "cores of a run": f"the machine's, at most {spark_runtime.MAX_CORES}",
        "driver memory, MB": f"{spark_runtime.LARGEST_DRIVER_MEMORY_MB:,}, less for small workers",
        "bytes of a run's arguments": job_arguments.MAX_ARGUMENT_BYTES,
        "`--datalake-formats`": job_arguments.DATALAKE_FORMATS,
        "items of a page": pages.LARGEST_PAGE,
        "types of optimizers (kept, never run)": table_optimizers.OPTIMIZER_TYPES,
        "refused though moto answers: nothing would run": catalog.PRETENDED_BY_MOTO.values(),
    }


def _athena_limits() -> dict[str, Any]:
    return {
        "bytes of a statement": guards.MAX_QUERY_BYTES,
        "statements begin with": {" ".join(form.words) for form in statement._FORMS},
        "DML queries under way, running and queued": quotas.ACTIVE_DML,
        "DDL queries under way, running and queued": quotas.ACTIVE_DDL,
        "queries that run at once, the others wait": execution.RUNNING_AT_ONCE,
        "minutes before a query fails": trino_engine.DML_MINUTES,
        "Iceberg's format version": iceberg.FORMAT_VERSION,
        "least scan limit of a workgroup, bytes": workgroups._MIN_SCAN_LIMIT,
        "minutes that a result may be reused": query_requests.MAX_REUSE_MINUTES,
        "OPTIMIZE: size aimed at, bytes": compaction.DEFAULT_TARGET_BYTES,
        "OPTIMIZE: files that a partition needs": compaction.DEFAULT_FILE_THRESHOLD,
        "functions of newer engines, refused": guards.NEWER_FUNCTIONS,
    }


def _mwaa_limits() -> dict[str, Any]:
    return {
        "Airflow's version": definitions.AIRFLOW_VERSION,
        "subnets": definitions.SUBNETS,
        "environment classes": ", ".join(definitions.CLASSES),
        "most schedulers": definitions.MAX_SCHEDULERS,
        "tasks at once, whatever the class": configuration.MAX_TASKS,
        "seconds that the startup script may take": startup_script.TIME_LIMIT_SECONDS,
        "seconds that requirements may take": python_environment.INSTALL_SECONDS,
        "seconds that a token lasts": mwaa_tokens.LIFE_SECONDS,
    }


if __name__ == "__main__":
    json.dump([asdict(service) for service in services()], sys.stdout, indent=1)
