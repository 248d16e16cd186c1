"""The local AWS's fault injector, by its HTTP address."""

import json
import urllib.request
from typing import Any


class Injector:
    """The fault injector's HTTP address."""

    def __init__(self, gateway_url: str) -> None:
        self._url = f"{gateway_url}/_tm/faults"

    def add(self, **rule: object) -> None:
        self._ask("POST", "", rule)

    def clear(self) -> None:
        self._ask("DELETE", "")

    def release(self, name: str) -> None:
        self._ask("POST", f"/{name}")

    def told(self, name: str) -> dict[str, Any]:
        return next(each for each in self._ask("GET", "") if each["name"] == name)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
