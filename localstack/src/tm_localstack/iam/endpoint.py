"""IAM's own addresses on the gateway: `/_tm/iam` and `/_tm/oidc`."""

import json
from typing import Any

from localstack.http import Request, Response

from tm_localstack.iam.record import CallRecord
from tm_localstack.iam.web_identity import Issuers

PATH = "/_tm/iam"
ISSUERS_PATH = "/_tm/oidc"


class IamEndpoint:
    """GET tells whether policies are enforced, and what was refused last. `record` None: they are not."""

    def __init__(self, record: CallRecord | None) -> None:
        self._record = record

    def __call__(self, request: Request, **_: object) -> Response:  # noqa: ARG002
        refused = self._record.refused() if self._record else []
        return _answer(200, {"enforced": self._record is not None, "refused": refused})


class IssuersEndpoint:
    """GET tells which issuers of tokens are asked for their keys elsewhere; POST {"issuer", "address"} adds one."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers

    def __call__(self, request: Request, **_: object) -> Response:
        if request.method == "POST":
            try:
                given = json.loads(request.get_data())
                self._issuers.put(given["issuer"], given["address"])
            except (ValueError, KeyError, TypeError) as error:
                return _answer(400, {"error": f"{type(error).__name__}: {error}"})
        return _answer(200, self._issuers.told())


def _answer(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")
