"""The nines of a course, as the topology table knows them."""

from dataclasses import dataclass
from typing import NamedTuple

SECTIONS_PER_NINE = 27


class NineRange(NamedTuple):
    """The sections of one nine, both ends inclusive."""

    nine_number: int
    section_start: int
    section_end: int

    @property
    def sections(self) -> int:
        return self.section_end - self.section_start + 1


@dataclass(frozen=True)
class Topology:
    """All known nines by course, and the snapshot they were read from (None: there is no topology yet)."""

    nines: dict[str, tuple[NineRange, ...]]
    snapshot_id: int | None = None

    def of(self, course_id: str) -> tuple[NineRange, ...]:
        """The course's nines; none where the topology doesn't know it."""
        return self.nines.get(course_id, ())
