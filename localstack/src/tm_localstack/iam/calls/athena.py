"""Athena: nearly all is asked of the workgroup."""

from tm_localstack.iam.calls.call import Access, Call

_CATALOG_OPERATIONS = (
    "GetDataCatalog", "CreateDataCatalog", "UpdateDataCatalog", "DeleteDataCatalog", "ListDatabases", "GetDatabase",
    "ListTableMetadata", "GetTableMetadata",
)  # fmt: skip
_OF_ACCOUNT = ("ListWorkGroups", "ListDataCatalogs", "ListEngineVersions")
_DEFAULT_WORKGROUP = "primary"


def accesses(call: Call) -> list[Access]:
    """What a call of Athena's needs, of Athena: what a query reads and writes is asked of its caller as it runs."""
    return [Access(f"athena:{call.operation}", resource) for resource in _resources(call)]


def _resources(call: Call) -> list[str]:
    request, name = call.request, call.operation
    if name in _OF_ACCOUNT:
        return ["*"]
    if name in _CATALOG_OPERATIONS:
        catalog = request.get("CatalogName") or request.get("Name") or "AwsDataCatalog"
        return [call.arn("athena", f"datacatalog/{catalog}")]
    if "ResourceARN" in request:
        return [str(request["ResourceARN"])]
    return [call.arn("athena", f"workgroup/{group}") for group in _workgroups(call)]


def _workgroups(call: Call) -> list[str]:
    request, lookups = call.request, call.lookups
    if call.operation.endswith("WorkGroup") and "Name" in request:
        return [str(request["Name"])]
    queries = request.get("QueryExecutionIds") or [request.get("QueryExecutionId")]
    named = request.get("NamedQueryIds") or [request.get("NamedQueryId")]
    found = {lookups.workgroup_of_query(each) for each in queries if each}
    found |= {lookups.workgroup_of_named_query(each) for each in named if each}
    # Of what is not there nobody learns whether it is: the call then fails for itself.
    return sorted(each for each in found if each) or [str(request.get("WorkGroup") or _DEFAULT_WORKGROUP)]
