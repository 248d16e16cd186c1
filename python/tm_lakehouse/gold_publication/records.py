"""The journal's records: what each publication and rollback made readers see. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["publication", "rollback"]
# preparing: the number is taken, no pointer may have moved. started: pointers may be moving. finished: all have moved.
Status = Literal["preparing", "started", "finished"]


@dataclass(frozen=True)
class PublishedTable:
    """One table or view as readers see it.

    `table_input` is the Glue table whole, so that a pointer can be moved again from the record alone. `manifest_list`
    is the snapshot's root file: while it exists, the snapshot hasn't been expired. Views have no snapshot, nor has a
    table that never held a row.
    """

    name: str
    is_view: bool
    publication_id: str
    run_id: str
    table_input: Mapping[str, Any]
    snapshot_id: int | None = None
    rows: int | None = None
    build_uuid: str | None = None
    manifest_list: str | None = None

    @property
    def metadata_location(self) -> str | None:
        """The Iceberg metadata that the pointer names."""
        return metadata_location(self.table_input)


@dataclass(frozen=True)
class Record:
    """One move of Gold's pointers. `tables` is all that readers see once it is finished, whoever published it.

    `number` orders publications and rollbacks alike. `before` tells where each pointer stood; `to` is what a rollback
    was asked for.
    """

    number: int
    kind: Kind
    status: Status
    by: str
    started_at: str
    tables: tuple[PublishedTable, ...] = ()
    finished_at: str | None = None
    run_id: str | None = None
    not_built: tuple[str, ...] = ()
    reason: str | None = None
    to: str | None = None
    before: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def record_id(self) -> str:
        return number_text(self.number)

    @property
    def key(self) -> str:
        """Where the record lies in the observability bucket."""
        return f"{FOLDERS[self.kind]}{self.record_id}/{FILES[self.kind]}"

    def to_json(self) -> str:
        """One line, so that a JSON table over the folder can be queried."""
        return json.dumps(asdict(self) | {"record_id": self.record_id}, ensure_ascii=False, sort_keys=True)


FOLDERS: Mapping[Kind, str] = {
    "publication": "publications/publication_id=",
    "rollback": "rollbacks/rollback_id=",
}
FILES: Mapping[Kind, str] = {"publication": "manifest.json", "rollback": "record.json"}


def number_text(number: int) -> str:
    """Sorts as text as it does as a number."""
    return f"{number:06d}"


def read_record(text: str) -> Record:
    """The record that `to_json` wrote."""
    values = json.loads(text)
    del values["record_id"]
    tables = tuple(PublishedTable(**each) for each in values.pop("tables"))
    return Record(**values | {"tables": tables, "not_built": tuple(values["not_built"])})


def metadata_location(table: Mapping[str, Any]) -> str | None:
    """The Iceberg metadata that a Glue table names; None for a view."""
    location: str | None = table.get("Parameters", {}).get("metadata_location")
    return location
