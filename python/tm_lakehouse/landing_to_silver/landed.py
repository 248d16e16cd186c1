"""What is landed: which deliveries there are, and which files each holds."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.object_store import CONNECTIONS, ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_prefix

_COURSE, _DATE = "course_id=", "ingest_date="


@dataclass(frozen=True)
class Selection:
    """Deliveries by course and by range of ingest dates, both ends inclusive; None and empty leave them open."""

    courses: frozenset[str] = frozenset()
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def only_day(self) -> dt.date | None:
        """The one date that is selected, where it is one."""
        return self.first if self.first == self.last else None

    def has(self, prefix: Prefix) -> bool:
        """Whether the delivery is selected."""
        return (
            (not self.courses or prefix.course_id in self.courses)
            and (self.first is None or prefix.ingest_date >= self.first)
            and (self.last is None or prefix.ingest_date <= self.last)
        )


def landed_objects(store: ObjectStore, bucket: str, prefix: Prefix) -> list[LandedObject]:
    """What was landed under a prefix; folder markers are no files."""
    root = f"s3://{bucket}/{prefix.key}"
    return [
        LandedObject(each.uri, each.uri.removeprefix(root), each.size, each.modified_at, each.etag)
        for each in store.list(root)
        if not each.uri.endswith("/")
    ]


def landed_deliveries(store: ObjectStore, bucket: str, selection: Selection) -> dict[Prefix, list[LandedObject]]:
    """Every selected delivery that holds a file, by course and date.

    One listing per course, several at a time. What lies under other keys than deliveries do is left alone.
    """
    root = f"s3://{bucket}/"
    courses = sorted(selection.courses) or _courses(store, root)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        listings = pool.map(lambda course: _of_course(store, root, course, selection), courses)
        found = [delivery for listing in listings for delivery in listing.items()]
    return dict(sorted(found))


def source_fingerprint(objects: Iterable[LandedObject]) -> str:
    """Tells one set of landed files from another: by their names, sizes and S3's tags of their content."""
    digest = hashlib.sha256()
    for name, size, etag in sorted((each.name, each.size, each.etag) for each in objects):
        digest.update(f"{name}\0{size}\0{etag}\n".encode())
    return digest.hexdigest()[:32]


def fingerprints(landed: Mapping[Prefix, Collection[LandedObject]]) -> dict[Prefix, str]:
    """The fingerprint of each delivery."""
    return {prefix: source_fingerprint(objects) for prefix, objects in landed.items()}


def _courses(store: ObjectStore, root: str) -> list[str]:
    # Not all keys of the bucket: a role that may list deliveries may list nothing else.
    return list(store.folders(root + _COURSE))


def _of_course(store: ObjectStore, root: str, course: str, selection: Selection) -> dict[Prefix, list[LandedObject]]:
    folder = f"{root}{_COURSE}{course}/{_DATE}"
    if selection.only_day:
        folder += f"{selection.only_day.isoformat()}/"
    found: dict[Prefix, list[LandedObject]] = {}
    for each in store.list(folder):
        parts = each.uri.removeprefix(root).split("/", 2)
        if len(parts) < 3 or not parts[2] or parts[2].endswith("/"):
            continue
        prefix = _prefix_of(parts[0], parts[1])
        if prefix and selection.has(prefix):
            landed = LandedObject(each.uri, parts[2], each.size, each.modified_at, each.etag)
            found.setdefault(prefix, []).append(landed)
    return found


def _prefix_of(course: str, date: str) -> Prefix | None:
    try:
        return parse_prefix(f"{course}/{date}")
    except LakehouseError:
        return None
