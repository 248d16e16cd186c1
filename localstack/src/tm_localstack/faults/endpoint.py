"""The faults' own address on the gateway: `/_tm/faults`."""

import json
from typing import Any

from localstack.http import Request, Response

from tm_localstack.faults.rules import Faults, InvalidRuleError, Rule

PATH = "/_tm/faults"


class FaultsEndpoint:
    """GET lists, POST adds or replaces one, DELETE ends all. Under a name: DELETE ends it, POST releases its calls."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def all(self, request: Request, **_: object) -> Response:
        """Answer `/_tm/faults`."""
        if request.method == "GET":
            return _answer(200, self._faults.told())
        if request.method == "DELETE":
            self._faults.clear()
            return _answer(200, [])
        try:
            return _answer(201, self._faults.add(Rule.parse(json.loads(request.get_data()))).told())
        except (InvalidRuleError, json.JSONDecodeError) as error:
            return _answer(400, {"error": str(error)})

    def one(self, request: Request, name: str, **_: object) -> Response:
        """Answer `/_tm/faults/<name>`."""
        fault = self._faults.find(name)
        if fault is None:
            return _answer(404, {"error": f"there is no fault {name!r}"})
        if request.method == "DELETE":
            self._faults.remove(name)
        elif request.method == "POST":
            fault.release()
        return _answer(200, fault.told())


def _answer(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")
