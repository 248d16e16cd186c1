"""Show readers an earlier publication again."""

from collections.abc import Sequence

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.gold import Gold, now
from tm_lakehouse.gold_publication.move import move_all, read_pointers
from tm_lakehouse.gold_publication.plan import LIST, newest, next_number, rolled_back, target_of
from tm_lakehouse.gold_publication.records import PublishedTable, Record


def plan_rollback(gold: Gold, to: str, tables: Sequence[str] = (), reason: str | None = None) -> Record:
    """The record of a rollback, not yet begun; no pointer moves.

    Raises:
        LakehouseError: there is nothing to go back to, or its files have been removed.
    """
    journal = gold.journal.read()
    last = newest(journal)
    if last is None:
        raise LakehouseError("Nothing has been published yet.", "Run `tm-lakehouse gold`.")
    target = target_of(journal, to)
    wanted = tuple(rolled_back(last, target, tables))
    seen = {table.name: table.metadata_location for table in last.tables}
    for table in wanted:
        if table.metadata_location != seen.get(table.name):
            _check_readable(gold, table)
    return Record(
        next_number(journal), "rollback", "preparing", gold.by, now(), wanted,
        reason=reason, to=target.record_id, not_built=last.not_built,
    )  # fmt: skip


def roll_back(gold: Gold, planned: Record) -> Record:
    """Write the audit record, then move the pointers; returns the finished record."""
    gold.journal.create(planned)
    pointers = read_pointers(gold, (table.name for table in planned.tables))
    before = {name: pointer.metadata_location if pointer else None for name, pointer in pointers.items()}
    return move_all(gold, gold.journal.change(planned, "started", before=before), pointers)


def _check_readable(gold: Gold, table: PublishedTable) -> None:
    for location in (table.metadata_location, table.manifest_list):
        if location and not gold.catalog.exists(location):
            raise LakehouseError(
                f"{table.name} of publication {table.publication_id} can't be read any more: {location} is gone.", LIST
            )
