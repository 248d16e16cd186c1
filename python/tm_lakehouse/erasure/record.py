"""The audit record of an erasure: written before the first delete, and again when all is done."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields

from tm_lakehouse.erasure.subject import Subject
from tm_lakehouse.landing_to_silver.object_store import ObjectStore

STARTED, FINISHED = "started", "finished"
_FOLDER = "erasures"


@dataclass(frozen=True)
class ErasureRecord:
    """One row per erasure. `state` stays `started` where it was interrupted: running it again carries it on.

    `rows`: by table, found before the first delete, and gone once it is finished. `data_files`: those that held them.
    `rounds`: course and id of every round concerned. `landing_objects` and `quarantine_objects` held the subject when
    the erasure ended; it doesn't change them. Times are ISO 8601 in UTC.
    """

    erasure_id: str
    state: str
    kind: str
    id: str
    course_id: str | None
    caller: str
    reason: str
    started_at: str
    code_version: str
    finished_at: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    rounds: list[list[str]] = field(default_factory=list)
    data_files: list[str] = field(default_factory=list)
    snapshots_expired: dict[str, int] = field(default_factory=dict)
    object_versions_removed: int = 0
    landing_objects: list[str] = field(default_factory=list)
    quarantine_objects: list[str] = field(default_factory=list)

    @property
    def subject(self) -> Subject:
        return Subject("round" if self.kind == "round" else "device", self.id, self.course_id)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def record_uri(bucket: str, erasure_id: str) -> str:
    return f"s3://{bucket}/{_FOLDER}/erasure_id={erasure_id}/record.json"


def write_record(store: ObjectStore, bucket: str, record: ErasureRecord) -> None:
    store.put(record_uri(bucket, record.erasure_id), (record.to_json() + "\n").encode("utf-8"))


def read_records(store: ObjectStore, bucket: str) -> list[ErasureRecord]:
    """All erasures that there have been, the oldest first."""
    known = {each.name for each in fields(ErasureRecord)}
    texts = [store.get(each.uri) for each in store.list(f"s3://{bucket}/{_FOLDER}/")]
    values = [{name: value for name, value in json.loads(text).items() if name in known} for text in texts]
    return sorted((ErasureRecord(**each) for each in values), key=lambda each: (each.started_at, each.erasure_id))


def interrupted(records: Iterable[ErasureRecord], subject: Subject) -> ErasureRecord | None:
    """The newest erasure of the subject that was begun and not ended."""
    found = [each for each in records if each.state == STARTED and subject.covers(each.subject)]
    return found[-1] if found else None
