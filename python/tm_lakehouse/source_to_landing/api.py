"""The source's API: the rounds of a course, as JSON lines and otherwise unchanged."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.file_format import RejectedFileError
from tm_lakehouse.source_to_landing.json_stream import text_elements

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from tm_lakehouse.settings import Settings

_ATTEMPTS = 5
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 20.0
_TOO_MANY_REQUESTS = 429
_BLANKS = " \t\r\n"


class RoundsApi:
    """`GET {base}/v1/rounds`, with a bearer key; temporary failures are tried again."""

    def __init__(self, base_url: str, key: str, timeout_seconds: float, retries: Retrying | None = None) -> None:
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"), headers={"Authorization": f"Bearer {key}"}, timeout=timeout_seconds
        )
        self._retries = retries or Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS),
            retry=retry_if_exception(_is_temporary),
            reraise=True,
        )

    def rounds(self, course_id: str, start: date, end: date) -> Iterator[str]:
        """Each round of the answer as one line of JSON, with the very texts of its values.

        Raises:
            LakehouseError: the API doesn't answer, refuses, or answers something else than rounds.
        """
        parameters = {"course_id": course_id, "start_date": start.isoformat(), "end_date": end.isoformat()}
        try:
            answer = self._retries(self._get, parameters)
            return iter([_one_line(record) for record in rounds_of(answer)])
        except httpx.HTTPStatusError as error:
            raise LakehouseError(_refusal(error.response), "Check TM_API_BASE_URL and the key's secret.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LakehouseError(
                f"The API does not answer: {error}.", "Check TM_API_BASE_URL and the network."
            ) from None
        except RejectedFileError as error:
            raise LakehouseError(f"The API's answer can't be read: {error}.", "Tell the API's owner.") from None

    def _get(self, parameters: dict[str, str]) -> str:
        response = self._client.get("/v1/rounds", params=parameters)
        response.raise_for_status()
        return response.text


def rounds_of(answer: str) -> Iterator[str]:
    """The texts of the rounds in an answer: a list, or the member `rounds` of an object.

    Raises:
        RejectedFileError: it is neither.
    """
    begun = answer.lstrip(_BLANKS)
    if begun.startswith("{"):
        begun = _member(begun, "rounds")
    if not begun.startswith("["):
        raise RejectedFileError("it is no list of rounds")
    return (record.text for record in text_elements(begun))


def source_of(settings: "Settings", course_id: str, start: date, end: date) -> str:
    """The address of the rounds, for the landing record."""
    return f"{settings.api_base_url.rstrip('/')}/v1/rounds?course_id={course_id}&start_date={start}&end_date={end}"


def fetch_file(api: RoundsApi, folder: Path, course_id: str, start: date, end: date) -> Path:
    """Write the API's rounds to a file that can be landed, named by course and dates."""
    path = folder / f"{course_id}.rounds_{start:%Y%m%d}_{end:%Y%m%d}.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in api.rounds(course_id, start, end))
    return path


def api_from(settings: "Settings", secrets: "SecretsManagerClient") -> RoundsApi:
    """The API as the environment names it, with its key from Secrets Manager.

    Raises:
        LakehouseError: no API or no secret is named.
    """
    if not settings.api_base_url:
        raise LakehouseError("TM_API_BASE_URL is not set, so there is no API to ask.", "Set it, or land files instead.")
    if not settings.api_secret:
        raise LakehouseError("TM_API_SECRET is not set, so there is no key for the API.", "Name the key's secret.")
    secret = secrets.get_secret_value(SecretId=settings.api_secret)["SecretString"]
    return RoundsApi(settings.api_base_url, _key_in(secret), settings.api_timeout)


def _key_in(secret: str) -> str:
    """A secret is the key itself, or a JSON object with an `api_key`."""
    try:
        content: Any = json.loads(secret)
    except ValueError:
        return secret.strip()
    return str(content["api_key"]) if isinstance(content, dict) and "api_key" in content else secret.strip()


def _is_temporary(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == _TOO_MANY_REQUESTS or error.response.is_server_error
    return isinstance(error, httpx.TransportError)


def _refusal(response: httpx.Response) -> str:
    return f"The API refused with {response.status_code} {response.reason_phrase}."


def _one_line(record: str) -> str:
    # A JSON string holds no raw line break, so these are only blanks between values.
    return record.replace("\r", " ").replace("\n", " ")


def _member(text: str, name: str) -> str:
    """The text from the value of an object's member on."""
    decoder = json.JSONDecoder()
    position = 1
    try:
        while True:
            position = _skip_blanks(text, position)
            key, position = decoder.raw_decode(text, position)
            position = _skip_blanks(text, _skip_blanks(text, position) + 1)
            if key == name:
                return text[position:]
            _, position = decoder.raw_decode(text, position)
            position = _skip_blanks(text, position)
            if not text.startswith(",", position):
                raise RejectedFileError(f"it has no {name}")
            position += 1
    except ValueError as error:
        raise RejectedFileError(str(error)) from None


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANKS:
        position += 1
    return position
