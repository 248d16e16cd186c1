"""IAM's own address on the gateway: `/_tm/iam`."""

import json

from localstack.http import Request, Response

from tm_localstack.iam.record import CallRecord

PATH = "/_tm/iam"


class IamEndpoint:
    """GET tells whether policies are enforced, and what was refused last. `record` None: they are not."""

    def __init__(self, record: CallRecord | None) -> None:
        self._record = record

    def __call__(self, request: Request, **_: object) -> Response:  # noqa: ARG002
        refused = self._record.refused() if self._record else []
        told = {"enforced": self._record is not None, "refused": refused}
        return Response(json.dumps(told), status=200, mimetype="application/json")
