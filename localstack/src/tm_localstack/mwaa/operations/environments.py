"""Create, get, list, update and delete."""

import socket
import threading
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.connect import connect_to

from tm_localstack.config import local_config
from tm_localstack.mwaa import definitions, errors
from tm_localstack.mwaa.definitions import DefinitionError
from tm_localstack.mwaa.models import Environment, LastUpdate, MwaaStore, mwaa_stores
from tm_localstack.mwaa.runner import EnvironmentRunner
from tm_localstack.mwaa.source_bucket import SourceBucket, SourceError

Request = Any
Response = dict[str, Any]
PAGE = 25


def store_of(context: RequestContext) -> MwaaStore:
    """The environments of the caller's account and region."""
    store: MwaaStore = mwaa_stores[context.account_id][context.region]
    return store


def environment_of(context: RequestContext, name: str) -> Environment:
    """An environment by name; ResourceNotFoundException without one."""
    found = store_of(context).environments.get(name)
    if found is None:
        raise errors.not_found(f"The environment {name} does not exist.")
    return found


class EnvironmentOperations:
    """One instance serves all accounts and regions."""

    def __init__(self) -> None:
        self.runner = EnvironmentRunner(local_config)

    @handler("CreateEnvironment", expand=False)
    def create_environment(self, context: RequestContext, request: Request) -> Response:
        """Check what AWS checks at once, and begin."""
        environments, name = store_of(context).environments, request["Name"]
        here = {"account_id": context.account_id, "region": context.region}
        try:
            definition = definitions.completed(request, **here)
            _bucket(context, definition).check()
        except (DefinitionError, SourceError) as refusal:
            raise errors.validation(str(refusal)) from refusal
        new = Environment(definition, port=_free_port(), tags=dict(request.get("Tags") or {}), **here)
        if environments.setdefault(name, new) is not new:
            raise errors.validation(f"The environment {name} already exists.")
        self.runner.begin(new)
        return {"Arn": new.arn}

    @handler("GetEnvironment", expand=False)
    def get_environment(self, context: RequestContext, request: Request) -> Response:
        return {"Environment": environment_of(context, request["Name"]).describe()}

    @handler("ListEnvironments", expand=False)
    def list_environments(self, context: RequestContext, request: Request) -> Response:
        """Names in alphabetical order; a token is the last name of the page before."""
        after, size = request.get("NextToken") or "", request.get("MaxResults") or PAGE
        names = sorted(name for name in list(store_of(context).environments) if name > after)
        page = names[:size]
        return {"Environments": page, **({"NextToken": page[-1]} if len(names) > size else {})}

    @handler("UpdateEnvironment", expand=False)
    def update_environment(self, context: RequestContext, request: Request) -> Response:
        """Take over the new definition; its environment carries it out, and keeps its metadata."""
        environment = environment_of(context, request["Name"])
        here = {"account_id": context.account_id, "region": context.region}
        with environment.lock:
            if not environment.is_ready:
                raise errors.validation(f"The environment {environment.name} is {environment.status}.")
            try:
                definition = definitions.updated(environment.definition, request, **here)
                _bucket(context, definition).check()
            except (DefinitionError, SourceError) as refusal:
                raise errors.validation(str(refusal)) from refusal
            environment.definition = definition
            environment.status = "UPDATING"
            environment.last_update = LastUpdate("PENDING", datetime.now(UTC))
        return {"Arn": environment.arn}

    @handler("DeleteEnvironment", expand=False)
    def delete_environment(self, context: RequestContext, request: Request) -> Response:
        """Begin the end; the environment is forgotten when its processes are gone."""
        environment = environment_of(context, request["Name"])
        with environment.lock:
            if environment.status == "DELETING":
                raise errors.validation(f"The environment {environment.name} is DELETING.")
            environment.status = "DELETING"
        store = store_of(context)

        def end() -> None:
            self.runner.end(environment)
            store.environments.pop(environment.name, None)

        threading.Thread(target=end, name=f"mwaa-end-{environment.name}", daemon=True).start()
        return {}


def _bucket(context: RequestContext, definition: definitions.Definition) -> SourceBucket:
    client = connect_to(aws_access_key_id=context.account_id, region_name=context.region).s3
    return SourceBucket(client, definitions.bucket(definition))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
