"""From the source's API to the landing bucket: each course stands alone, and one record tells of all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.file_format import RejectedFileError
from tm_lakehouse.source_to_landing.landing import (
    Landed,
    Target,
    check_course_id,
    land_file,
    landing_key,
    write_record,
)
from tm_lakehouse.source_to_landing.object_store import ObjectStore
from tm_lakehouse.source_to_landing.rounds_api import ApiUnavailableError, RoundsApi

# So many courses in a row that an API leaves without an answer: the others would wait in vain, each for minutes.
_UNANSWERED_IN_A_ROW = 3


class Period(NamedTuple):
    """The days asked for, both inside."""

    start: date
    end: date


class Outcome(NamedTuple):
    """What became of one course; `error` tells why it could not be fetched."""

    landed: Landed
    error: LakehouseError | None = None


def file_name(course_id: str, period: Period) -> str:
    """The same for the same question, so that asking again is landing again."""
    return f"{course_id}.rounds_{period.start:%Y%m%d}_{period.end:%Y%m%d}.jsonl"


def ingest(
    store: ObjectStore,
    api: RoundsApi,
    courses: Sequence[str],
    period: Period,
    target: Target,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """Fetch and land each course for itself and keep one record of all of them; a failed one stops no other.

    Only an API that leaves several courses in a row without an answer isn't asked for the rest.
    """
    outcomes: list[Outcome] = []
    try:
        for number, course in enumerate(courses, start=1):
            place = f"{number} of {len(courses)}: {course}"
            outcomes.append(
                _not_asked(api, course, period, target)
                if _is_unavailable(outcomes)
                else _ingest_course(store, api, course, period, target, _prefixed(place, progress))
            )
    finally:
        if outcomes and not target.is_dry_run:
            write_record(store, target.observability_bucket, [outcome.landed for outcome in outcomes])
    return outcomes


def _ingest_course(
    store: ObjectStore, api: RoundsApi, course: str, period: Period, target: Target, tell: Callable[[str], None]
) -> Outcome:
    known = _unlanded(api, course, period, target)
    try:
        check_course_id(course)
        with TemporaryDirectory(prefix="tm-ingest-") as folder:
            file = Path(folder) / file_name(course, period)
            if not api.fetch(known.source, file, tell):
                return Outcome(_without_rounds(store, known, target, file.name))
            tell("landing")
            return Outcome(land_file(store, file, target, course_id=course, source=known.source))
    except RejectedFileError as error:
        return Outcome(replace(known, status="rejected", reason=str(error)))
    except LakehouseError as error:
        return Outcome(replace(known, reason=error.reason), error)


def _without_rounds(store: ObjectStore, known: Landed, target: Target, name: str) -> Landed:
    """Nobody played: nothing to land. Rounds that were landed for the same question are not dropped in silence."""
    key = landing_key(known.course_id, target.ingest_date, name)
    if store.find(target.landing_bucket, key) is None:
        return replace(known, status="empty", rows=0)
    reason = f"the API has no rounds any more, and {key} holds some; it stays as it is"
    return replace(known, status="rejected", key=key, rows=0, reason=reason)


def _unlanded(api: RoundsApi, course: str, period: Period, target: Target) -> Landed:
    source = api.address(course, *period)
    return Landed(source, course, target.ingest_date.isoformat(), target.landing_bucket, "failed")


def _not_asked(api: RoundsApi, course: str, period: Period, target: Target) -> Outcome:
    reason = f"not asked for: the API left the {_UNANSWERED_IN_A_ROW} courses before without an answer"
    error = LakehouseError(reason, "Run the same command again when the API answers.")
    return Outcome(replace(_unlanded(api, course, period, target), reason=reason), error)


def _is_unavailable(outcomes: Sequence[Outcome]) -> bool:
    """True from the first run of unanswered courses on."""
    in_a_row = 0
    for outcome in outcomes:
        in_a_row = in_a_row + 1 if isinstance(outcome.error, ApiUnavailableError) else 0
        if in_a_row == _UNANSWERED_IN_A_ROW:
            return True
    return False


def _prefixed(place: str, progress: Callable[[str], None]) -> Callable[[str], None]:
    return lambda text: progress(f"{place}, {text}")
