"""What the operations share: stores, errors in the shapes of Athena's model, pages."""

import threading
from collections.abc import Sequence
from typing import Any, TypeVar

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.connect import connect_to

from tm_localstack.athena import quotas
from tm_localstack.athena.glue_tables import GlueTables
from tm_localstack.athena.models import Store, WorkGroup
from tm_localstack.athena.s3_locations import S3Locations

Request = dict[str, Any]
Item = TypeVar("Item")


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
    """Base of the operations: one instance holds the stores of all accounts and regions."""

    service = "athena"

    def __init__(self) -> None:
        self._stores: dict[tuple[str, str], Store] = {}
        self._stores_lock = threading.Lock()

    def store(self, context: RequestContext) -> Store:
        """What Athena remembers of the caller's account and region."""
        with self._stores_lock:
            return self._stores.setdefault((context.account_id, context.region), Store())

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
    """The catalog of the caller's account and region."""
    return GlueTables(_clients(context).glue)


def s3_of(context: RequestContext) -> S3Locations:
    """S3 as the caller's account sees it."""
    return S3Locations(_clients(context).s3)


def _clients(context: RequestContext) -> Any:
    return connect_to(aws_access_key_id=context.account_id, region_name=context.region)
