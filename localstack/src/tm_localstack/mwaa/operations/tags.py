"""Tags of environments."""

from localstack.aws.api import RequestContext, handler

from tm_localstack.mwaa.models import Environment
from tm_localstack.mwaa.operations.environments import Request, Response, environment_of


class TagOperations:
    """Tags are told with the environment too."""

    @handler("TagResource", expand=False)
    def tag_resource(self, context: RequestContext, request: Request) -> Response:
        _by_arn(context, request).tags.update(request["Tags"])
        return {}

    @handler("UntagResource", expand=False)
    def untag_resource(self, context: RequestContext, request: Request) -> Response:
        tags = _by_arn(context, request).tags
        for key in request["tagKeys"]:
            tags.pop(key, None)
        return {}

    @handler("ListTagsForResource", expand=False)
    def list_tags_for_resource(self, context: RequestContext, request: Request) -> Response:
        return {"Tags": _by_arn(context, request).tags}


def _by_arn(context: RequestContext, request: Request) -> Environment:
    return environment_of(context, request["ResourceArn"].rpartition("environment/")[2])
