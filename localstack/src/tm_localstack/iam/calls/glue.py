"""Glue: a table's rights are asked for along its path, catalog, database, table."""

from collections.abc import Callable

from tm_localstack.iam.calls.call import Access, Call, passed_role

_JOB_NAME = {"CreateJob": "Name", "GetJob": "JobName", "BatchGetJobs": "JobNames"}
_OF_DATABASES = ("GetDatabases",)


def accesses(call: Call) -> list[Access]:
    """What a call of Glue's needs."""
    resources = _resources(call) or ["*"]
    found = [Access(f"glue:{call.operation}", resource) for resource in resources]
    if call.operation in ("CreateJob", "UpdateJob"):
        job = call.request.get("JobUpdate") or call.request
        found += passed_role(call, job.get("Role"), "glue.amazonaws.com")
    if call.operation in ("CreateTableOptimizer", "UpdateTableOptimizer"):
        found += passed_role(call, call.request["TableOptimizerConfiguration"].get("roleArn"), "glue.amazonaws.com")
    return found


def _resources(call: Call) -> list[str]:
    request, name = call.request, call.operation
    if "ResourceArn" in request:
        return [str(request["ResourceArn"])]
    if "ResourceArns" in request:
        return [str(arn) for arn in request["ResourceArns"]]
    if name in _OF_DATABASES:
        return [call.arn("glue", "catalog"), call.arn("glue", "database/*")]
    if "DatabaseName" in request:
        return _of_tables(call, str(request["DatabaseName"]))
    if name.endswith("Database"):
        database = request.get("Name") or request.get("DatabaseInput", {}).get("Name")
        return [call.arn("glue", "catalog"), call.arn("glue", f"database/{database}")]
    if name == "GetCatalogImportStatus":
        return [call.arn("glue", "catalog")]
    if "Job" in name:
        return _of_jobs(call)
    return []


def _of_tables(call: Call, database: str) -> list[str]:
    tables = next((found for find in _TABLE_NAMES if (found := find(call))), ["*"])
    path = [call.arn("glue", "catalog"), call.arn("glue", f"database/{database}")]
    return path + [call.arn("glue", f"table/{database}/{table}") for table in tables]


def _of_jobs(call: Call) -> list[str]:
    request = call.request
    if call.operation in ("GetJobs", "ListJobs"):
        return ["*"]
    named = request.get("JobName") or request.get("Name") or request.get("JobNames") or []
    names = named if isinstance(named, list) else [named]
    return [call.arn("glue", f"job/{name}") for name in names]


def _single(*path: str) -> Callable[[Call], list[str]]:
    def find(call: Call) -> list[str]:
        found: object = call.request
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return [str(found)] if found else []

    return find


def _several(call: Call) -> list[str]:
    return [str(name) for name in call.request.get("TablesToDelete") or []]


_TABLE_NAMES: tuple[Callable[[Call], list[str]], ...] = (
    _several, _single("TableName"), _single("TableInput", "Name"), _single("Name"),
)  # fmt: skip
