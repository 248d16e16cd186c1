"""Workgroups and tags."""

from typing import Any

from localstack.aws.api import RequestContext, handler

from tm_localstack.athena.models import ENGINE_VERSION, PRIMARY, WorkGroup, default_configuration
from tm_localstack.athena.operations.requests import Operations, Request, invalid_request, not_found, page

# The API's update of one setting that removes another.
_REMOVALS = {
    "RemoveBytesScannedCutoffPerQuery": "BytesScannedCutoffPerQuery",
    "RemoveCustomerContentEncryptionConfiguration": "CustomerContentEncryptionConfiguration",
}
_PAGE = 50
_MIN_SCAN_LIMIT = 10_000_000


class WorkGroupOperations(Operations):
    """Create, read, change and delete workgroups; tag what has an ARN."""

    @handler("CreateWorkGroup", expand=False)
    def create_work_group(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroups = self.store(context).workgroups
        name = request["Name"]
        if name in workgroups:
            raise invalid_request("WorkGroup is already created")
        configuration = default_configuration() | (request.get("Configuration") or {})
        configuration["EngineVersion"] = _engine_version(configuration)
        _check(configuration)
        workgroups[name] = WorkGroup(name, configuration, request.get("Description") or "")
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags") or []}
        self.store(context).tags[_arn(context, "workgroup", name)] = tags
        return {}

    @handler("GetWorkGroup", expand=False)
    def get_work_group(self, context: RequestContext, request: Request) -> dict[str, Any]:
        return {"WorkGroup": self.workgroup(context, request["WorkGroup"]).as_work_group()}

    @handler("ListWorkGroups", expand=False)
    def list_work_groups(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroups = sorted(self.store(context).workgroups.values(), key=lambda workgroup: workgroup.name)
        found, token = page(workgroups, request, _PAGE)
        return {"WorkGroups": [workgroup.as_summary() for workgroup in found], **token}

    @handler("UpdateWorkGroup", expand=False)
    def update_work_group(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroup = self.workgroup(context, request["WorkGroup"])
        configuration = _updated(workgroup.configuration, request.get("ConfigurationUpdates") or {})
        _check(configuration)
        workgroup.configuration = configuration
        workgroup.description = request.get("Description", workgroup.description)
        workgroup.state = request.get("State", workgroup.state)
        return {}

    @handler("DeleteWorkGroup", expand=False)
    def delete_work_group(self, context: RequestContext, request: Request) -> dict[str, Any]:
        store, name = self.store(context), request["WorkGroup"]
        if name == PRIMARY:
            raise invalid_request("The primary workgroup cannot be deleted")
        self.workgroup(context, name)
        queries = [query.id for query in store.named_queries.values() if query.workgroup == name]
        prepared = [key for key in store.prepared if key[0] == name]
        executions = [key for key, execution in store.executions.items() if execution.request.workgroup == name]
        if (queries or prepared or executions) and not request.get("RecursiveDeleteOption"):
            raise invalid_request(f"WorkGroup {name} is not empty")
        for query in queries:
            store.named_queries.pop(query, None)
        for key in prepared:
            store.prepared.pop(key, None)
        store.workgroups.pop(name, None)
        store.tags.pop(_arn(context, "workgroup", name), None)
        return {}

    @handler("ListEngineVersions", expand=False)
    def list_engine_versions(self, context: RequestContext, request: Request) -> dict[str, Any]:  # noqa: ARG002
        current = ENGINE_VERSION["EffectiveEngineVersion"]
        versions = [{"SelectedEngineVersion": name, "EffectiveEngineVersion": current} for name in ("AUTO", current)]
        found, token = page(versions, request, 10)
        return {"EngineVersions": found, **token}

    @handler("TagResource", expand=False)
    def tag_resource(self, context: RequestContext, request: Request) -> dict[str, Any]:
        tags = self._tags(context, request["ResourceARN"])
        tags.update({tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return {}

    @handler("UntagResource", expand=False)
    def untag_resource(self, context: RequestContext, request: Request) -> dict[str, Any]:
        tags = self._tags(context, request["ResourceARN"])
        for key in request["TagKeys"]:
            tags.pop(key, None)
        return {}

    @handler("ListTagsForResource", expand=False)
    def list_tags_for_resource(self, context: RequestContext, request: Request) -> dict[str, Any]:
        tags = self._tags(context, request["ResourceARN"])
        found, token = page(sorted(tags.items()), request, 75)
        return {"Tags": [{"Key": key, "Value": value} for key, value in found], **token}

    def _tags(self, context: RequestContext, arn: str) -> dict[str, str]:
        store = self.store(context)
        known = [_arn(context, "workgroup", name) for name in store.workgroups]
        known.append(_arn(context, "datacatalog", "AwsDataCatalog"))
        if arn not in known:
            raise not_found(f"Resource {arn} is not found", arn)
        return store.tags[arn]


def _arn(context: RequestContext, kind: str, name: str) -> str:
    return f"arn:{context.partition}:athena:{context.region}:{context.account_id}:{kind}/{name}"


def _engine_version(configuration: dict[str, Any]) -> dict[str, str]:
    selected = (configuration.get("EngineVersion") or {}).get("SelectedEngineVersion") or "AUTO"
    if selected not in ("AUTO", ENGINE_VERSION["EffectiveEngineVersion"]):
        raise invalid_request(f"Engine version {selected} is not available")
    return ENGINE_VERSION | {"SelectedEngineVersion": selected}


def _updated(configuration: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    updated = dict(configuration)
    for key, value in updates.items():
        if key in _REMOVALS:
            if value:
                updated.pop(_REMOVALS[key], None)
        elif key == "ResultConfigurationUpdates":
            updated["ResultConfiguration"] = _updated_results(configuration.get("ResultConfiguration") or {}, value)
        else:
            updated[key] = value
    updated["EngineVersion"] = _engine_version(updated)
    return updated


def _updated_results(results: dict[str, Any], updates: dict[str, Any]) -> dict[str, Any]:
    updated = dict(results)
    for key, value in updates.items():
        if key.startswith("Remove"):
            if value:
                updated.pop(key.removeprefix("Remove"), None)
        else:
            updated[key] = value
    return updated


def _check(configuration: dict[str, Any]) -> None:
    limit = configuration.get("BytesScannedCutoffPerQuery")
    if limit is not None and limit < _MIN_SCAN_LIMIT:
        raise invalid_request(f"BytesScannedCutoffPerQuery must be at least {_MIN_SCAN_LIMIT}")
    location = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
    if location and not location.startswith("s3://"):
        raise invalid_request("outputLocation is not a valid S3 path.")
