"""Land course files: check, put under the course and ingest date, keep a record. Bytes are never changed."""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.source_to_landing.course_check import course_id_of, doubt_about
from tm_lakehouse.source_to_landing.file_format import RejectedFileError
from tm_lakehouse.source_to_landing.inspect_file import inspect_file
from tm_lakehouse.source_to_landing.object_store import KeyTakenError, ObjectStore

Status = Literal["landed", "unchanged", "replaced", "rejected", "empty", "failed"]

CHECKSUM = "sha256"
_COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_COURSE_FILE = re.compile(r".*\.(csv|json|jsonl|ndjson)(\.gz)?", re.IGNORECASE)
_TRUTH_FILE = re.compile(r"(.*\.)?truth\.json", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """Where to land, and how strictly to judge."""

    landing_bucket: str
    observability_bucket: str
    ingest_date: date
    is_strict: bool = False
    may_replace: bool = False
    is_dry_run: bool = False


@dataclass(frozen=True)
class Landed:
    """What became of one file. What was not known yet when it was rejected is None.

    The API's rounds may also be `empty` (none in that period, so no file) or `failed` (not fetched).
    """

    source: str
    course_id: str
    ingest_date: str
    bucket: str
    status: Status
    key: str | None = None
    rows: int | None = None
    bytes: int | None = None
    sha256: str | None = None
    reason: str | None = None
    warning: str | None = None


def landing_key(course_id: str, ingest_date: date, file_name: str) -> str:
    """The object's key: one prefix per course and ingest date, under the file's own name."""
    return f"course_id={course_id}/ingest_date={ingest_date.isoformat()}/{file_name}"


def course_files(paths: Iterable[Path]) -> list[Path]:
    """The files to land: those named, and the course files of the folders named, by name.

    Raises:
        LakehouseError: none of the paths exists, or a folder holds no course file.
    """
    named = list(paths)
    if named and not any(path.exists() for path in named):
        raise LakehouseError(f"There is no file {named[0]}.", "Check the path.")
    found = [file for path in named for file in (_files_in(path) if path.is_dir() else [path])]
    return list(dict.fromkeys(found))


def land_files(
    store: ObjectStore,
    files: Sequence[Path],
    target: Target,
    *,
    course_id: str | None = None,
    source: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Landed]:
    """Land each file for itself and keep one record of all of them; a rejected file stops no other."""
    results: list[Landed] = []
    try:
        for number, file in enumerate(files, start=1):
            progress(f"{number} of {len(files)}: {file.name}")
            results.append(land_file(store, file, target, course_id=course_id, source=source))
    finally:
        if results and not target.is_dry_run:
            write_record(store, target.observability_bucket, results)
    return results


def land_file(
    store: ObjectStore, file: Path, target: Target, *, course_id: str | None = None, source: str | None = None
) -> Landed:
    """Check one file and put it; without `course_id` its name tells the course. Writes no record.

    `source` tells where the bytes come from, if not from `file` itself.
    """
    course = course_id or course_id_of(file.name)
    result = Landed(source or str(file), course, target.ingest_date.isoformat(), target.landing_bucket, "rejected")
    try:
        check_course_id(course)
        inspection = inspect_file(file)
        known = replace(
            result,
            rows=inspection.rows,
            bytes=inspection.size,
            sha256=inspection.sha256,
            warning=doubt_about(inspection.course, course),
        )
        if target.is_strict and known.warning:
            return replace(known, reason=known.warning, warning=None)
        key = landing_key(course, target.ingest_date, file.name)
        return _put(store, file, target, replace(known, key=key))
    except RejectedFileError as error:
        return replace(result, reason=str(error))


def check_course_id(course_id: str) -> None:
    """Refuse a course id that can't be part of a key.

    Raises:
        RejectedFileError: it is empty or holds other than letters, digits, `-` and `_`.
    """
    if not _COURSE_ID.fullmatch(course_id):
        raise RejectedFileError(f"{course_id!r} is no course id; give one with --course-id")


def write_record(store: ObjectStore, bucket: str, results: Sequence[Landed]) -> str:
    """Write the landing record of one run, a JSON object per file, and return its key."""
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    key = f"bronze/run_id={run_id}.json"
    common = {
        "stage": "source_to_landing",
        "run_id": run_id,
        "ts": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
    lines = [json.dumps(common | asdict(result), ensure_ascii=False) for result in results]
    store.put_text(bucket, key, "\n".join(lines) + "\n")
    return key


def _files_in(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and _is_course_file(path.name))
    if not files:
        raise LakehouseError(f"{folder} holds no course file.", "Course files end with .csv, .json or .jsonl, or .gz.")
    return files


def _is_course_file(name: str) -> bool:
    is_hidden = name.startswith(".")
    return bool(_COURSE_FILE.fullmatch(name)) and not is_hidden and not _TRUTH_FILE.fullmatch(name)


def _put(store: ObjectStore, file: Path, target: Target, checked: Landed) -> Landed:
    """The conditional put decides between two that land the same key at once; the loser sees the winner's bytes."""
    assert checked.key is not None
    stored = store.find(target.landing_bucket, checked.key)
    if stored is None:
        try:
            return _write(store, file, target, replace(checked, status="landed"))
        except KeyTakenError:
            stored = store.find(target.landing_bucket, checked.key)
    if stored is not None and stored.metadata.get(CHECKSUM) == checked.sha256:
        return replace(checked, status="unchanged")
    if not target.may_replace:
        return replace(checked, reason=f"{checked.key} exists with other bytes; replace it with --replace")
    return _write(store, file, target, replace(checked, status="replaced"))


def _write(store: ObjectStore, file: Path, target: Target, decided: Landed) -> Landed:
    assert decided.key is not None
    assert decided.sha256 is not None
    if not target.is_dry_run:
        metadata = {CHECKSUM: decided.sha256, "rows": str(decided.rows)}
        may_replace = decided.status == "replaced"
        store.put_file(target.landing_bucket, decided.key, file, metadata, may_replace=may_replace)
    return decided
