"""What a refresh has to change: the wanted rows against those in the table. Pure, no I/O."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tm_lakehouse.topology.inference import Nine

Row = TypeVar("Row", bound=tuple[object, ...])


@dataclass(frozen=True)
class Changes(Generic[Row]):
    """Rows to write (new or different) and rows to remove; nothing else of the table is touched."""

    upserts: list[Row]
    deletes: list[Row]

    def __bool__(self) -> bool:
        return bool(self.upserts or self.deletes)


def changes(current: Iterable[Row], wanted: Iterable[Row], key: Callable[[Row], Hashable]) -> Changes[Row]:
    """The smallest set of changes that makes the current rows the wanted ones."""
    before = {key(row): row for row in current}
    after = {key(row): row for row in wanted}
    return Changes(
        upserts=[row for identity, row in after.items() if before.get(identity) != row],
        deletes=[row for identity, row in before.items() if identity not in after],
    )


def nine_key(nine: Nine) -> Hashable:
    """The key of `dim_facility_topology`."""
    return nine.facility_id, nine.nine_number


def wanted_nines(current: Sequence[Nine], curated: Sequence[Nine], inferred: Sequence[Nine]) -> list[Nine]:
    """Curated nines, then what Silver shows now, then what earlier refreshes inferred of courses it shows no more.

    Of rows that share a key or a section the earlier in that order stays, so a curated row is never replaced.
    """
    shown = {nine.facility_id for nine in inferred}
    remembered = [nine for nine in current if nine.source == "inferred" and nine.facility_id not in shown]
    taken: dict[str, list[Nine]] = {}
    for nine in [*curated, *inferred, *remembered]:
        facility = taken.setdefault(nine.facility_id, [])
        if not any(nine.nine_number == other.nine_number or nine.overlaps(other) for other in facility):
            facility.append(nine)
    return sorted(
        (nine for facility in taken.values() for nine in facility),
        key=lambda nine: (nine.facility_id, nine.nine_number),
    )
