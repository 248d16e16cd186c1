"""What a publication or a rollback is to do, from the journal's records. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.iceberg_metadata import TAG_PREFIX, PublishedSnapshot, tag_of
from tm_lakehouse.gold_publication.records import PublishedTable, Record, number_text

KEPT_PUBLICATIONS = 10
LIST = "`tm-lakehouse publications` lists what there is."


def newest(journal: Iterable[Record]) -> Record | None:
    """The record that decides what readers see; one that only prepares decides nothing."""
    deciding = [record for record in journal if record.status != "preparing"]
    return max(deciding, key=lambda record: record.number, default=None)


def unfinished(journal: Iterable[Record]) -> Record | None:
    """The newest record, where it stopped between two pointers.

    Older ones don't matter: each record is the whole of Gold.
    """
    last = newest(journal)
    return last if last and last.status == "started" else None


def next_number(journal: Iterable[Record]) -> int:
    """The number of the next publication or rollback."""
    return max((record.number for record in journal), default=0) + 1


def kept(journal: Iterable[Record], count: int = KEPT_PUBLICATIONS) -> list[Record]:
    """The publications that can be rolled back to, newest first: the last ones, and those that readers still see."""
    journal = list(journal)
    last = newest(journal)
    seen = {table.publication_id for table in last.tables} if last else set()
    done = sorted(
        (each for each in journal if each.kind == "publication" and each.status != "preparing"),
        key=lambda record: -record.number,
    )
    return [record for place, record in enumerate(done) if place < count or record.record_id in seen]


def preparing(journal: Iterable[Record], number: int, count: int = KEPT_PUBLICATIONS) -> list[Record]:
    """Publications that may still be prepared beside number `number`; older ones were killed."""
    return [record for record in journal if record.status == "preparing" and record.number >= number - count]


def seen_snapshots(publications: Iterable[Record], table: str) -> list[PublishedSnapshot]:
    """When which snapshot of a table was published."""
    return [
        PublishedSnapshot(record.record_id, each.snapshot_id, milliseconds(record.started_at))
        for record in publications
        for each in record.tables
        if each.name == table and each.snapshot_id is not None and each.publication_id == record.record_id
    ]


def tags_to_forget(tags: Iterable[str], publications: Iterable[Record], current: str) -> list[str]:
    """The publication tags that protect nothing any more; a later publication's are its own business."""
    wanted = {tag_of(record.record_id) for record in publications}
    return sorted(tag for tag in tags if tag.startswith(TAG_PREFIX) and tag < tag_of(current) and tag not in wanted)


def carried_over(last: Record | None, built: Iterable[str], present: Iterable[str]) -> list[PublishedTable]:
    """Published tables that no model builds any more. They stay, unless somebody has taken them out of Gold."""
    names, there = set(built), set(present)
    return [each for each in (last.tables if last else ()) if each.name not in names and each.name in there]


def target_of(journal: Sequence[Record], to: str) -> Record:
    """The record whose tables a rollback brings back: by number, by a snapshot of one of its tables, or by time (UTC).

    A time means what readers saw at it, after rollbacks too.

    Raises:
        LakehouseError: nothing fits, or the time is before the first publication.
    """
    finished = [record for record in journal if record.status == "finished"]
    if to.isascii() and to.isdigit():
        return _by_number(finished, int(to))
    try:
        moment = datetime.fromisoformat(to)
    except ValueError:
        raise LakehouseError(
            f"{to!r} is no number of a publication, no snapshot and no ISO time.", f"Try `--to 12`. {LIST}"
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seen = [record for record in finished if datetime.fromisoformat(str(record.finished_at)) <= moment]
    if not seen:
        raise LakehouseError(f"Nothing was published before {moment.isoformat()}.", LIST)
    return max(seen, key=lambda record: record.number)


def rolled_back(last: Record, target: Record, tables: Sequence[str]) -> list[PublishedTable]:
    """All that readers see after a rollback: everything as in the target, or only the named tables.

    A table that the target didn't have stays as it is.

    Raises:
        LakehouseError: a named table was not published then.
    """
    before = {each.name: each for each in target.tables}
    if missing := [name for name in tables if name not in before]:
        raise LakehouseError(f"{missing[0]} was not published in {target.record_id}.", LIST)
    wanted = set(tables or before)
    now = {each.name: each for each in last.tables}
    names = sorted(now.keys() | wanted)
    return [before[name] if name in wanted else now[name] for name in names]


def differences(last: Mapping[str, str | None], tables: Iterable[PublishedTable]) -> list[tuple[str, str | None, str]]:
    """(table, publication readers see, publication they would see) where the two differ."""
    return [
        (each.name, last.get(each.name), each.publication_id)
        for each in tables
        if last.get(each.name) != each.publication_id
    ]


def milliseconds(moment: str) -> int:
    """An ISO time as Iceberg counts."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def _by_number(finished: Sequence[Record], number: int) -> Record:
    by_number = [record for record in finished if record.number == number]
    by_snapshot = [record for record in finished if any(each.snapshot_id == number for each in record.tables)]
    if found := by_number or by_snapshot[:1]:
        return found[0]
    raise LakehouseError(f"There is no finished publication {number_text(number)}, and no such snapshot.", LIST)
