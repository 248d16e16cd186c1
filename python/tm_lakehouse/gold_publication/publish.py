"""Publish tested snapshots of the build database: readers see them, all together, or what they saw before."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication import iceberg_metadata as iceberg
from tm_lakehouse.gold_publication.catalog import Pointer, PointerMovedError
from tm_lakehouse.gold_publication.gold import Gold, now
from tm_lakehouse.gold_publication.move import ATTEMPTS, MOVES_AT_ONCE, move_all, read_pointers
from tm_lakehouse.gold_publication.plan import (
    KEPT_PUBLICATIONS,
    carried_over,
    kept,
    milliseconds,
    newest,
    next_number,
    preparing,
    seen_snapshots,
    tags_to_forget,
)
from tm_lakehouse.gold_publication.records import PublishedTable, Record
from tm_lakehouse.gold_publication.views import is_view, published_view

# Table -> the snapshot that was tested; None for a view, and for a table that never held a row.
Tested = Mapping[str, int | None]
BUILD_ANEW = "Run `tm-lakehouse gold`."


def built_snapshots(gold: Gold, names: Sequence[str]) -> dict[str, int | None]:
    """What a build has left, by table; call it when the tests have passed and before anything else is built."""
    with ThreadPoolExecutor(MOVES_AT_ONCE) as pool:
        return dict(zip(names, pool.map(lambda name: _current(gold, name), names), strict=True))


def publish(gold: Gold, run_id: str, tested: Tested, *, keeps_past: bool = True) -> Record:
    """Show readers these snapshots of the build tables, under the next number.

    First everything is prepared: a tag on the build table so that nothing expires the snapshot, metadata of its own
    for the published table, the rows counted at that very snapshot. Then the record is written, then the pointers
    move. Whatever fails before the pointers move leaves readers where they were. Without its past a table can't be
    rolled back to earlier publications, and what only they showed may expire.

    Raises:
        LakehouseError: a tested snapshot is gone, or somebody else publishes.
    """
    journal = gold.journal.read()
    last = newest(journal)
    record = Record(next_number(journal), "publication", "preparing", gold.by, now(), run_id=run_id)
    gold.journal.create(record)
    past = [*kept(journal, KEPT_PUBLICATIONS - 1), *preparing(journal, record.number, KEPT_PUBLICATIONS)]
    earlier = past if keeps_past else []
    with ThreadPoolExecutor(MOVES_AT_ONCE) as pool:
        prepared = list(pool.map(lambda each: _prepare(gold, record, earlier, *each), tested.items()))
    prepared = _counted(gold, prepared)
    others = carried_over(last, tested, gold.catalog.names(gold.database))
    tables = tuple(sorted((*prepared, *others), key=lambda table: table.name))
    pointers = read_pointers(gold, (table.name for table in tables))
    started = gold.journal.change(
        record,
        "started",
        tables=tables,
        not_built=tuple(table.name for table in others),
        before={name: pointer.metadata_location if pointer else None for name, pointer in pointers.items()},
    )
    return move_all(gold, started, pointers)


def _current(gold: Gold, name: str) -> int | None:
    table = _build_table(gold, name)
    if not table.metadata_location:
        return None
    return iceberg.current_snapshot_id(gold.catalog.read_metadata(table.metadata_location))


def _build_table(gold: Gold, name: str) -> Pointer:
    table = gold.catalog.pointer(gold.build, name)
    if table is None:
        raise LakehouseError(f"{gold.build}.{name} is not there.", BUILD_ANEW)
    if not is_view(table.table_input) and not table.metadata_location:
        raise LakehouseError(f"{gold.build}.{name} is no Iceberg table, so no version of it can be kept.", BUILD_ANEW)
    return table


def _prepare(
    gold: Gold, record: Record, earlier: Sequence[Record], name: str, snapshot_id: int | None
) -> PublishedTable:
    table = _build_table(gold, name)
    blank = PublishedTable(name, is_view(table.table_input), record.record_id, str(record.run_id), {})
    if blank.is_view:
        return replace(blank, table_input=published_view(table.table_input, gold.build, gold.database))
    metadata = _protect(gold, record, earlier, name, snapshot_id)
    found = iceberg.snapshot(metadata, snapshot_id) if snapshot_id is not None else None
    seen = seen_snapshots(earlier, name)
    if snapshot_id is not None:
        seen.append(iceberg.PublishedSnapshot(record.record_id, snapshot_id, milliseconds(record.started_at)))
    location = gold.location(name)
    shown = iceberg.published(metadata, seen if found else [], location, f"{gold.warehouse}/{gold.database}/{name}")
    written = gold.catalog.write_metadata(location, record.number, shown)
    return replace(
        blank,
        table_input=_published_input(table, location, written),
        snapshot_id=snapshot_id,
        build_uuid=metadata["table-uuid"],
        manifest_list=found["manifest-list"] if found else None,
    )


def _protect(
    gold: Gold, record: Record, earlier: Sequence[Record], name: str, snapshot_id: int | None
) -> iceberg.Metadata:
    """Tag the snapshot on its build table, so that no expiry takes it; take away tags that protect nothing."""
    for _ in range(ATTEMPTS):
        table = _build_table(gold, name)
        location = str(table.metadata_location)
        metadata = gold.catalog.read_metadata(location)
        if snapshot_id is not None:
            _check_still_tested(gold, name, metadata, snapshot_id)
        tags = {iceberg.tag_of(record.record_id): snapshot_id} if snapshot_id is not None else {}
        forgotten = tags_to_forget(iceberg.publication_tags(metadata), earlier, record.record_id)
        changed = iceberg.with_tags(metadata, location, tags, forgotten, milliseconds(now()))
        written = gold.catalog.write_metadata(metadata["location"], _version(location) + 1, changed)
        try:
            gold.catalog.move(gold.build, _pointing_to(table, written), table)
        except PointerMovedError:
            continue
        return changed
    raise PointerMovedError(f"{gold.build}.{name}")


def _check_still_tested(gold: Gold, name: str, metadata: iceberg.Metadata, snapshot_id: int) -> None:
    found = iceberg.snapshot(metadata, snapshot_id)
    if found is None:
        raise LakehouseError(f"{gold.build}.{name} no longer holds the tested snapshot {snapshot_id}.", BUILD_ANEW)
    if found.get("schema-id", metadata["current-schema-id"]) != metadata["current-schema-id"]:
        raise LakehouseError(f"The columns of {gold.build}.{name} were changed since its tests.", BUILD_ANEW)


def _counted(gold: Gold, tables: Sequence[PublishedTable]) -> list[PublishedTable]:
    """With the rows of each, counted by Athena at the snapshot itself: what can't be read isn't published."""
    versions = {table.name: table.snapshot_id for table in tables if table.snapshot_id is not None}
    if not versions:
        return list(tables)
    counts = " UNION ALL ".join(
        f'SELECT \'{name}\' AS name, count(*) AS rows_held FROM "{gold.build}"."{name}" FOR VERSION AS OF {version}'
        for name, version in versions.items()
    )
    rows = {str(name): int(str(count)) for name, count in gold.athena.query(counts).rows}
    return [replace(table, rows=rows.get(table.name)) for table in tables]


def _published_input(table: Pointer, location: str, metadata_location: str) -> dict[str, Any]:
    parameters = dict(table.table_input["Parameters"])
    parameters.pop("previous_metadata_location", None)
    return {
        **table.table_input,
        "StorageDescriptor": {**table.table_input.get("StorageDescriptor", {}), "Location": location},
        "Parameters": parameters | {"metadata_location": metadata_location},
    }


def _pointing_to(table: Pointer, metadata_location: str) -> dict[str, Any]:
    parameters = {**table.table_input["Parameters"], "metadata_location": metadata_location}
    return {**table.table_input, "Parameters": parameters}


def _version(location: str) -> int:
    """The number that begins a metadata file's name."""
    number = location.rpartition("/")[2].partition("-")[0]
    return int(number) if number.isdigit() else 0
