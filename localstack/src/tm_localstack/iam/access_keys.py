"""Which key a call was signed with."""

from localstack.aws.api import RequestContext
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header

# What LocalStack signs a call with that nobody signed.
_UNSIGNED = "injectedaccesskey"


def access_key_of(context: RequestContext) -> str | None:
    """The key that a call was signed with; None where it was not signed."""
    key = extract_access_key_id_from_auth_header(context.request.headers)
    if key and key != _UNSIGNED:
        return str(key)
    presigned = context.request.args.get("X-Amz-Credential") or context.request.args.get("AWSAccessKeyId")
    return str(presigned).partition("/")[0] if presigned else None
