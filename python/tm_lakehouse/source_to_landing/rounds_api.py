"""The source's API: the rounds of a course and period, page by page, as JSON lines and otherwise unchanged."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

import httpx

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.answer_limit import AnswerLimit
from tm_lakehouse.source_to_landing.api_access import ApiAccess, how_to_put
from tm_lakehouse.source_to_landing.file_format import RejectedFileError, content, is_gzip
from tm_lakehouse.source_to_landing.patience import Patience, TemporaryError, asked_wait
from tm_lakehouse.source_to_landing.rounds_answer import NoRoundsError, RoundsAnswer

MOST_PAGES = 10_000
_MOST_PAGE_BYTES = 1 << 30
# A whole answer may take this many times the time-out, which is for each wait in it: a drip ends too.
_ANSWER_TIMEOUTS = 10
_TEMPORARY = (408, 425, 429)
_REFUSED_KEY = (401, 403)
_SHOWN_CHARACTERS = 200


class ApiUnavailableError(LakehouseError):
    """The API doesn't answer, or not to this key: a trouble of every course, not only of the one asked for."""


class Page(NamedTuple):
    """What one answer held: rounds, their digest, and the address of the next page as the answer gives it."""

    rounds: int
    digest: bytes
    next: str | None


class RoundsApi:
    """`GET {base}/v1/rounds` with a bearer key. The key goes to the base URL's scheme, host and port only."""

    def __init__(self, access: ApiAccess, patience: Patience | None = None, most_pages: int = MOST_PAGES) -> None:
        self._access = access
        self._base = httpx.URL(access.base_url)
        self._patience = patience or Patience()
        self._most_pages = most_pages
        self._limit = AnswerLimit()
        headers = {
            "Authorization": f"Bearer {access.key}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "tm-lakehouse",
        }
        self._client = httpx.Client(headers=headers, timeout=access.timeout_seconds, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    def address(self, course_id: str, start: date, end: date) -> str:
        """The address of a course's rounds, for the request and for the landing record."""
        parameters = {"course_id": course_id, "start_date": start.isoformat(), "end_date": end.isoformat()}
        return str(httpx.URL(f"{self._access.base_url}/v1/rounds", params=parameters))

    def fetch(self, address: str, path: Path, tell: Callable[[str], None] = lambda _: None) -> int:
        """Write all pages' rounds to `path`, one a line in the order they come, and return how many they are.

        No more than one page is held on disk besides, and no more than one round in memory.

        Raises:
            ApiUnavailableError: no usable answer within patience, or the key is refused.
            LakehouseError: the API refuses the request, answers something else than rounds, or its pages go in circles.
        """
        rounds, digests, visited = 0, set[bytes](), set[httpx.URL]()
        url: httpx.URL | None = httpx.URL(address)
        with path.open("wb") as file:
            while url is not None:
                if url in visited:
                    raise _circle(len(visited), "the next is one of them")
                if len(visited) == self._most_pages:
                    raise _circle(len(visited), "more would follow")
                visited.add(url)
                tell(f"page {len(visited)}, {rounds:,} rounds so far")
                page = self._page(url, file, tell)
                if page.rounds and page.digest in digests:
                    raise _circle(len(visited), "the last repeats an earlier one")
                digests.add(page.digest)
                rounds += page.rounds
                url = self._following(url, page.next)
        return rounds

    def _page(self, url: httpx.URL, file: BinaryIO, tell: Callable[[str], None]) -> Page:
        start = file.tell()

        def once() -> Page:
            # What an earlier try wrote of this page goes.
            file.seek(start)
            file.truncate()
            try:
                return self._read(url, file)
            except httpx.TimeoutException:
                raise TemporaryError(f"no byte came within {self._access.timeout_seconds:g} s") from None
            except httpx.TransportError as error:
                raise TemporaryError(str(error) or type(error).__name__) from None
            except RejectedFileError as error:
                raise TemporaryError(f"the answer can't be read, {error}") from None

        try:
            return self._patience.retry(once, tell)
        except TemporaryError as error:
            raise ApiUnavailableError(
                f"The API gives no usable answer: {self._shown(str(error))}.",
                f"Check TM_API_BASE_URL ({self._access.base_url}) and the network, and run the same command again.",
            ) from None
        except NoRoundsError as error:
            raise LakehouseError(
                f"The API's answer holds no list of rounds: {self._shown(str(error))}.",
                f"Check TM_API_BASE_URL ({self._access.base_url}), or tell the API's owner.",
            ) from None

    def _read(self, url: httpx.URL, file: BinaryIO) -> Page:
        """One try: the whole answer to disk first, then its rounds, so that a cut one is never taken for less."""
        body = Path(file.name).with_suffix(".page")
        linked = self._save(url, body)
        digest, rounds = hashlib.sha256(), 0
        with content(body) as stream:
            answer = RoundsAnswer(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n"))
            try:
                for line in answer.rounds():
                    encoded = f"{line}\n".encode()
                    file.write(encoded)
                    digest.update(encoded)
                    rounds += 1
            except UnicodeDecodeError as error:
                raise NoRoundsError(f"it is not UTF-8, {error.reason}") from None
        return Page(rounds, digest.digest(), answer.next or linked)

    def _save(self, url: httpx.URL, body: Path) -> str | None:
        """Write the answer's bytes as they come, and return what a Link header gives as the next page."""
        limit = self._limit.of(self._access.timeout_seconds * _ANSWER_TIMEOUTS)
        with limit, self._client.stream("GET", url, extensions=self._limit.extensions) as response:
            self._check(response)
            with body.open("wb") as file:
                for chunk in response.iter_raw():
                    file.write(chunk)
                    if file.tell() > _MOST_PAGE_BYTES:
                        raise NoRoundsError(f"a page has more than {_MOST_PAGE_BYTES:,} bytes")
            _check_encoding(response.headers.get("content-encoding", "identity"), body)
            return next(
                (link["url"] for link in response.links.values() if "next" in link.get("rel", "").split()), None
            )

    def _check(self, response: httpx.Response) -> None:
        """Refuse what is no answer, each kind with its own next step."""
        status = response.status_code
        told = self._shown(f"{status} {response.reason_phrase}".strip())
        if status == httpx.codes.OK:
            return
        if status in _TEMPORARY or response.is_server_error:
            raise TemporaryError(told, asked_wait(response.headers.get("retry-after"), datetime.now(UTC)))
        if status in _REFUSED_KEY:
            raise ApiUnavailableError(f"The API refuses the key: {told}.", how_to_put(self._access.secret))
        if response.is_redirect:
            raise LakehouseError(
                f"The API sends on to {self._shown(response.headers.get('location', 'nowhere'))}: {told}. "
                "The key is not sent there.",
                f"If the API has moved, correct TM_API_BASE_URL ({self._access.base_url}).",
            )
        raise LakehouseError(
            f"The API refuses the request: {told}.",
            f"Check the course id and TM_API_BASE_URL ({self._access.base_url}).",
        )

    def _following(self, url: httpx.URL, following: str | None) -> httpx.URL | None:
        if following is None:
            return None
        owner = "Tell the API's owner; nothing was landed."
        try:
            target = url.join(following).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError):
            raise LakehouseError(f"The API's next page has no address: {self._shown(following)}.", owner) from None
        if _origin(target) != _origin(self._base):
            raise LakehouseError(
                f"The API's next page lies elsewhere, at {self._shown(str(target))}. The key is not sent there.", owner
            )
        return target

    def _shown(self, text: str) -> str:
        """What the API says, for a message: shortened, and without the key if it is echoed."""
        text = text.replace(self._access.key, "***")
        return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None, bytes]:
    return url.scheme, url.raw_host, url.port, url.userinfo


def _check_encoding(encoding: str, body: Path) -> None:
    if encoding.lower() in ("gzip", "x-gzip"):
        if not is_gzip(body):
            raise RejectedFileError("it is called gzip and is none")
    elif encoding.lower() != "identity":
        raise NoRoundsError(f"it comes as {encoding}, which was not asked for")


def _circle(pages: int, reason: str) -> LakehouseError:
    return LakehouseError(
        f"The API's pages don't end: {pages:,} were read, and {reason}.", "Tell the API's owner; nothing was landed."
    )
