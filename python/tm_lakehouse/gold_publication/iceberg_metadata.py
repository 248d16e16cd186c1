"""An Iceberg table's metadata as JSON, by the table specification: what a publication takes from it. Pure."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Metadata = Mapping[str, Any]

TAG_PREFIX = "publication_"
# Where a writer would put files: a published table is never written, and must not lead a stray writer to its build.
PLACES_TO_WRITE = frozenset(
    {"write.data.path", "write.metadata.path", "write.object-storage.path", "write.folder-storage.path"}
)


@dataclass(frozen=True)
class PublishedSnapshot:
    """A snapshot that readers have seen since a moment (ms since 1970), by the publication that showed it."""

    publication_id: str
    snapshot_id: int
    at_ms: int


def tag_of(publication_id: str) -> str:
    """The Iceberg tag that keeps a publication's snapshot from being expired."""
    return TAG_PREFIX + publication_id


def current_snapshot_id(metadata: Metadata) -> int | None:
    """The snapshot that a query reads; None where the table has none yet."""
    current = metadata.get("current-snapshot-id")
    return None if current in (None, -1) else int(current)


def snapshot(metadata: Metadata, snapshot_id: int) -> Mapping[str, Any] | None:
    """A snapshot that the table still remembers."""
    return next((each for each in metadata.get("snapshots", ()) if each["snapshot-id"] == snapshot_id), None)


def changed_at(metadata: Metadata) -> datetime | None:
    """When rows were last added, changed or deleted; None where none ever were. Compaction changes no row."""
    snapshots = metadata.get("snapshots", ())
    changes = [each["timestamp-ms"] for each in snapshots if each["summary"]["operation"] != "replace"]
    return datetime.fromtimestamp(max(changes) / 1_000, UTC) if changes else None


def published(build: Metadata, seen: Iterable[PublishedSnapshot], location: str, name: str) -> dict[str, Any]:
    """The metadata of the table that readers see: the build table with tested snapshots only.

    The last of `seen` is the current one; a table that never had a row has none.

    Its history is that of publications, so `FOR TIMESTAMP AS OF` tells what readers saw at a moment, and each has a
    tag. `gc.enabled` is false and the location another than the build table's, so that neither expiry nor orphan
    removal, aimed at the published table by mistake, deletes a file.
    """
    kept = sorted(
        (each for each in seen if snapshot(build, each.snapshot_id)), key=lambda each: (each.at_ms, each.publication_id)
    )
    ids = {each.snapshot_id for each in kept}
    properties = {key: value for key, value in build.get("properties", {}).items() if key not in PLACES_TO_WRITE}
    changed = {
        "table-uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "location": location,
        "properties": properties | {"gc.enabled": "false"},
        "current-snapshot-id": kept[-1].snapshot_id if kept else -1,
        "last-updated-ms": kept[-1].at_ms if kept else build["last-updated-ms"],
        "refs": _main(kept) | {tag_of(each.publication_id): _tag(each.snapshot_id) for each in kept},
        "snapshots": [each for each in build["snapshots"] if each["snapshot-id"] in ids],
        "snapshot-log": [{"timestamp-ms": each.at_ms, "snapshot-id": each.snapshot_id} for each in kept],
        "metadata-log": [],
        "statistics": _of(build.get("statistics", ()), ids),
        "partition-statistics": _of(build.get("partition-statistics", ()), ids),
    }
    return {**build, **changed}


def with_tags(
    build: Metadata, location: str, tags: Mapping[str, int], forgotten: Iterable[str], now_ms: int
) -> dict[str, Any]:
    """The build table's next metadata, after that at `location`: publication tags set, others taken away."""
    away = set(forgotten)
    log = [
        *build.get("metadata-log", ()),
        {"timestamp-ms": build["last-updated-ms"], "metadata-file": location},
    ]
    remembered = int(build.get("properties", {}).get("write.metadata.previous-versions-max", 100))
    refs = {name: ref for name, ref in build.get("refs", {}).items() if name not in away}
    return {
        **build,
        "refs": refs | {name: _tag(snapshot_id) for name, snapshot_id in tags.items()},
        "last-updated-ms": max(now_ms, int(build["last-updated-ms"])),
        "metadata-log": log[-remembered:],
    }


def is_changed_since(metadata: Metadata, snapshot_id: int | None) -> bool:
    """Whether rows may differ from that snapshot's; rewriting files (`replace`) changes none."""
    current = current_snapshot_id(metadata)
    while current is not None and current != snapshot_id:
        found = snapshot(metadata, current)
        if found is None or found.get("summary", {}).get("operation") != "replace":
            return True
        current = found.get("parent-snapshot-id")
    return current != snapshot_id


def publication_tags(metadata: Metadata) -> dict[str, int]:
    """The publication tags of a build table: name -> snapshot id."""
    return {
        name: int(ref["snapshot-id"])
        for name, ref in metadata.get("refs", {}).items()
        if ref["type"] == "tag" and name.startswith(TAG_PREFIX)
    }


def _tag(snapshot_id: int) -> dict[str, Any]:
    # The age says "never" even where the table's own default would let a tag expire.
    return {"snapshot-id": snapshot_id, "type": "tag", "max-ref-age-ms": 2**63 - 1}


def _main(kept: Sequence[PublishedSnapshot]) -> dict[str, Any]:
    return {"main": {"snapshot-id": kept[-1].snapshot_id, "type": "branch"}} if kept else {}


def _of(statistics: Iterable[Mapping[str, Any]], snapshot_ids: set[int]) -> list[Mapping[str, Any]]:
    return [each for each in statistics if each["snapshot-id"] in snapshot_ids]
