"""Move Gold's pointers to what a record says, all of them in one go; go on where that was interrupted."""

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.catalog import Pointer, PointerMovedError
from tm_lakehouse.gold_publication.gold import Gold, now
from tm_lakehouse.gold_publication.plan import newest, unfinished
from tm_lakehouse.gold_publication.records import PublishedTable, Record

logger = logging.getLogger(__name__)

# The shorter the moves take together, the shorter a reader can see two publications at once.
MOVES_AT_ONCE = 8
ATTEMPTS = 5

Pointers = Mapping[str, Pointer | None]


def read_pointers(gold: Gold, names: Iterable[str]) -> Pointers:
    """What readers see now, by table."""
    names = list(names)
    with ThreadPoolExecutor(MOVES_AT_ONCE) as pool:
        return dict(zip(names, pool.map(partial(gold.catalog.pointer, gold.database), names), strict=True))


def move_all(gold: Gold, record: Record, pointers: Pointers) -> Record:
    """Move every pointer of a started record, views last, and finish it.

    Of two records that are moved at once the newer wins, whatever the order of their calls: a pointer that somebody
    else moved is moved again by the newer and left alone by the older.

    Raises:
        LakehouseError: a newer record has taken over, or a pointer can't be moved.
    """
    for are_views in (False, True):
        tables = [table for table in record.tables if table.is_view == are_views]
        with ThreadPoolExecutor(MOVES_AT_ONCE) as pool:
            list(pool.map(lambda table: _move(gold, record, table, pointers[table.name]), tables))
    return gold.journal.change(record, "finished", finished_at=now())


def resume(gold: Gold) -> Record | None:
    """Finish the publication or rollback that stopped between two pointers; None where there is none."""
    record = unfinished(gold.journal.read())
    return record and move_all(gold, record, read_pointers(gold, (table.name for table in record.tables)))


def _move(gold: Gold, record: Record, table: PublishedTable, pointer: Pointer | None) -> None:
    for _ in range(ATTEMPTS):
        if _is_there(table, pointer):
            return
        try:
            gold.catalog.move(gold.database, table.table_input, pointer)
        except PointerMovedError:
            logger.info("%s was moved by somebody else", table.name)
            _check_newest(gold, record)
            pointer = gold.catalog.pointer(gold.database, table.name)
        else:
            return
    raise PointerMovedError(f"{gold.database}.{table.name}")


def _is_there(table: PublishedTable, pointer: Pointer | None) -> bool:
    if pointer is None:
        return False
    if table.is_view:
        return bool(pointer.table_input.get("ViewOriginalText") == table.table_input["ViewOriginalText"])
    return pointer.metadata_location == table.metadata_location


def _check_newest(gold: Gold, record: Record) -> None:
    last = newest(gold.journal.read())
    if last and last.number > record.number:
        raise LakehouseError(
            f"{last.kind.capitalize()} {last.record_id} has taken over from {record.kind} {record.record_id}.",
            "`tm-lakehouse publications` shows what readers see.",
        )
