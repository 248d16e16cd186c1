"""Calls of an environment's own Airflow."""

import json
from typing import Any

import requests

HEALTHY_PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
PROBE_SECONDS = 5
CALL_SECONDS = 60


class WebServer:
    """Airflow's web server at one address (host and port)."""

    def __init__(self, address: str, admin_password: str) -> None:
        self._url = f"http://{address}"
        self._password = admin_password
        self._session = requests.Session()
        # The machine's proxy and netrc are none of the loopback's business.
        self._session.trust_env = False

    def ails(self) -> str | None:
        """None when every part is healthy, else what is not."""
        try:
            answer = self._session.get(f"{self._url}/api/v2/monitor/health", timeout=PROBE_SECONDS)
            parts = answer.json()
        except (requests.RequestException, ValueError) as error:
            return f"The web server does not answer: {type(error).__name__}"
        ill = [part for part in HEALTHY_PARTS if (parts.get(part) or {}).get("status") != "healthy"]
        return f"not healthy: {', '.join(ill)}" if ill else None

    def call(self, method: str, path: str, parameters: dict[str, Any] | None, body: Any) -> tuple[int, Any]:
        """Status and answer of one call of the REST API, as administrator.

        Raises:
            requests.RequestException: the web server did not answer.
        """
        answer = self._session.request(
            method,
            f"{self._url}/api/v2{path}",
            params=parameters,
            json=body,
            headers={"Authorization": f"Bearer {self._token()}"},
            timeout=CALL_SECONDS,
        )
        return answer.status_code, _parsed(answer.text)

    def _token(self) -> str:
        credentials = {"username": "admin", "password": self._password}
        answer = self._session.post(f"{self._url}/auth/token", json=credentials, timeout=CALL_SECONDS)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text
