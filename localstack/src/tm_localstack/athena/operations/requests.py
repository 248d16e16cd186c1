"""What the operations share: stores, errors in the shapes of Athena's model, pages."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.connect import connect_to

from tm_localstack.athena import quotas
from tm_localstack.athena.glue_tables import GlueTables
from tm_localstack.athena.models import Store, WorkGroup, store_of
from tm_localstack.athena.s3_locations import S3Locations
from tm_localstack.athena.steps.rights import StatementRights
from tm_localstack.athena.translation.cursor import Name
from tm_localstack.config import local_config
from tm_localstack.iam.access_keys import access_key_of
from tm_localstack.iam.callers import is_judged
from tm_localstack.iam.rights import CallersRights

Request = dict[str, Any]
Item = TypeVar("Item")
_SECRET_IS_NOT_CHECKED = "none"


def invalid_request(message: str, code: str = "INVALID_INPUT") -> CommonServiceException:
    """An InvalidRequestException with its AthenaErrorCode."""
    error = CommonServiceException("InvalidRequestException", message)
    error.AthenaErrorCode = code
    return error


def too_many_requests(message: str) -> CommonServiceException:
    """A TooManyRequestsException: the account's quota of queries under way is reached."""
    error = CommonServiceException("TooManyRequestsException", message)
    error.Reason = quotas.REASON
    return error


def not_found(message: str, resource: str) -> CommonServiceException:
    """A ResourceNotFoundException about one resource."""
    error = CommonServiceException("ResourceNotFoundException", message)
    error.ResourceName = resource
    return error


def metadata_error(message: str) -> CommonServiceException:
    """A MetadataException: the catalog could not answer."""
    return CommonServiceException("MetadataException", message)


def page(items: Sequence[Item], request: Request, default: int) -> tuple[list[Item], dict[str, str]]:
    """The items of one page, and NextToken if there are more.

    Raises:
        CommonServiceException: the token is none that we gave.
    """
    token = request.get("NextToken") or "0"
    if not token.isdigit() or int(token) > len(items):
        raise invalid_request(f"Invalid NextToken: {token}")
    start = int(token)
    end = start + (request.get("MaxResults") or default)
    return list(items[start:end]), {"NextToken": str(end)} if end < len(items) else {}


class Operations:
    """Base of the operations."""

    service = "athena"

    def store(self, context: RequestContext) -> Store:
        """What Athena remembers of the caller's account and region."""
        return store_of(context.account_id, context.region)

    def workgroup(self, context: RequestContext, name: str | None) -> WorkGroup:
        """A workgroup, by default `primary`.

        Raises:
            CommonServiceException: there is none of this name.
        """
        found = self.store(context).workgroups.get(name or "primary")
        if found is None:
            raise invalid_request(f"WorkGroup {name} is not found.")
        return found


def glue_of(context: RequestContext) -> GlueTables:
    """The catalog of the caller's account and region, with the caller's rights."""
    return GlueTables(_client(context, "glue"))


def s3_of(context: RequestContext) -> S3Locations:
    """S3 as the caller may see it."""
    return S3Locations(_client(context, "s3"))


def rights_of(context: RequestContext) -> StatementRights | None:
    """What the caller may have the engine do; None: everything."""
    if (key := _judged_key(context)) is None:
        return None
    rights = CallersRights(key, context.account_id, context.region, "athena.amazonaws.com")
    glue = GlueTables(_own_client(context, "glue"))
    return StatementRights(rights, lambda database, table: glue.find(Name(table, database)))


def _client(context: RequestContext, service: str) -> Any:
    key = _judged_key(context)
    return _client_of_caller(service, key, context.region) if key else _own_client(context, service)


def _judged_key(context: RequestContext) -> str | None:
    key = access_key_of(context)
    return key if local_config().enforces_iam and key and is_judged(key, context.account_id) else None


def _own_client(context: RequestContext, service: str) -> Any:
    return getattr(connect_to(aws_access_key_id=context.account_id, region_name=context.region), service)


@lru_cache(64)
def _client_of_caller(service: str, key: str, region: str) -> Any:
    """A client whose calls are judged as the caller's: Athena works in the caller's name."""
    config = Config(s3={"addressing_style": "path"}, retries={"mode": "standard"})
    make: Any = boto3.Session(key, _SECRET_IS_NOT_CHECKED, region_name=region).client
    return make(service, endpoint_url=local_config().gateway_url, config=config)
