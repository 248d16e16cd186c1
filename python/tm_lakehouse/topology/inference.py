"""From counts of fixes by section and hole to the nines of a facility: pure rules, no I/O."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

MIN_PLACED_FIXES = 100
HOLES_PER_NINE = 9
LAST_HOLE = 27
SECTIONS_OF_ONE_NINE = 27
SECTIONS_OF_TWO_NINES = 54
LATE_HOLE = 7
EARLY_HOLE = 3
MAX_NINES = 4
UNIT_NAMES = {1: ("Course",), 2: ("Front Nine", "Back Nine"), 3: ("Front Nine", "Middle Nine", "Back Nine")}


class PlacedFixes(NamedTuple):
    """How many fixes of a course lie in one section under one hole number."""

    section: int
    hole: int
    fixes: int


class Nine(NamedTuple):
    """One nine of a facility, without what the table adds to it."""

    facility_id: str
    unit_id: int
    unit_name: str
    nine_number: int
    section_start: int
    section_end: int
    source: str

    def overlaps(self, other: "Nine") -> bool:
        """Whether both claim a section of the same facility."""
        return (
            self.facility_id == other.facility_id
            and self.section_start <= other.section_end
            and other.section_start <= self.section_end
        )


class CourseClass(StrEnum):
    """How a course's nines are told apart."""

    BY_HOLE = "18-hole"
    THREE_NINES = "27-hole"
    LOOP = "18-hole loop"
    ONE_NINE = "9-hole"


class Evidence(NamedTuple):
    """What the nines of a course are inferred from; the last three are None where no section is known well enough."""

    placed_fixes: int
    max_hole: int | None
    max_section: int | None
    course_class: CourseClass | None


class _Section(NamedTuple):
    number: int
    hole: int
    fixes: int


def infer_nines(course_id: str, placed: Iterable[PlacedFixes], min_fixes_per_section: int) -> list[Nine]:
    """The nines of one course in section order; none where too little is known.

    A section counts from `min_fixes_per_section` fixes on, and as lying on its most frequent hole.
    """
    counts = list(placed)
    if sum(count.fixes for count in counts) < MIN_PLACED_FIXES:
        return []
    sections = _well_known_sections(counts, min_fixes_per_section)
    if not sections:
        return []
    ranges = _ranges(sections)
    count = max(ranges, default=0)
    names = UNIT_NAMES.get(count) or [f"Nine {number}" for number in range(1, count + 1)]
    return [
        Nine(course_id, number, names[number - 1], number, start, end, "inferred")
        for number, (start, end) in sorted(ranges.items())
    ]


def evidence(placed: Iterable[PlacedFixes], min_fixes_per_section: int) -> Evidence:
    """What `infer_nines` goes by."""
    counts = list(placed)
    total = sum(count.fixes for count in counts)
    sections = _well_known_sections(counts, min_fixes_per_section)
    if not sections:
        return Evidence(total, None, None, None)
    return Evidence(total, _max_hole(sections), sections[-1].number, _class_of(sections))


def _well_known_sections(counts: Iterable[PlacedFixes], min_fixes: int) -> list[_Section]:
    holes_by_section: dict[int, list[PlacedFixes]] = defaultdict(list)
    for count in counts:
        holes_by_section[count.section].append(count)
    sections = []
    for number, holes in sorted(holes_by_section.items()):
        fixes = sum(count.fixes for count in holes)
        if fixes >= min_fixes:
            most_frequent = min(holes, key=lambda count: (-count.fixes, count.hole))
            sections.append(_Section(number, most_frequent.hole, fixes))
    return sections


def _ranges(sections: Sequence[_Section]) -> dict[int, tuple[int, int]]:
    """First and last section by nine number."""
    match _class_of(sections):
        case CourseClass.BY_HOLE:
            return _ranges_by_hole(sections)
        case CourseClass.THREE_NINES | CourseClass.LOOP:
            return _ranges_by_restart(sections)
        case CourseClass.ONE_NINE:
            return {1: (sections[0].number, sections[-1].number)}


def _class_of(sections: Sequence[_Section]) -> CourseClass:
    if _max_hole(sections) > HOLES_PER_NINE:
        return CourseClass.BY_HOLE
    if sections[-1].number > SECTIONS_OF_TWO_NINES:
        return CourseClass.THREE_NINES
    return CourseClass.LOOP if sections[-1].number > SECTIONS_OF_ONE_NINE else CourseClass.ONE_NINE


def _max_hole(sections: Sequence[_Section]) -> int:
    return max(section.hole for section in sections)


def _ranges_by_restart(sections: Sequence[_Section]) -> dict[int, tuple[int, int]]:
    """Two loops or three nines: a new nine starts where the hole falls back to the first ones."""
    restarts = [
        section.number
        for previous, section in pairwise(sections)
        if previous.hole >= LATE_HOLE and section.hole <= EARLY_HOLE
    ]
    starts = [sections[0].number, *restarts][:MAX_NINES]
    ends = [start - 1 for start in starts[1:]] + [sections[-1].number]
    return dict(enumerate(zip(starts, ends, strict=True), start=1))


def _ranges_by_hole(sections: Sequence[_Section]) -> dict[int, tuple[int, int]]:
    """Holes count on through the course: 1-9, 10-18 and 19-27 are its nines."""
    ranges = {}
    rest = [section for section in sections if section.hole <= LAST_HOLE]
    for nine in sorted({_nine_of(section) for section in rest}):
        cut = _best_cut(rest, nine)
        numbers = [section.number for section in rest if _nine_of(section) == nine and section.number <= cut]
        if numbers:
            ranges[nine] = (min(numbers), max(numbers))
        rest = [section for section in rest if section.number > cut]
    return ranges


def _nine_of(section: _Section) -> int:
    return (section.hole - 1) // HOLES_PER_NINE + 1


def _best_cut(sections: Sequence[_Section], nine: int) -> int:
    """The last section of a nine: where the fewest fixes of it, and of the later nines, lie on the wrong side.

    In sound data that is simply the nine's last section. Stray sections would otherwise make the ranges overlap.
    """
    misplaced = sum(section.fixes for section in sections if _nine_of(section) == nine)
    best_cut, fewest = sections[0].number - 1 if sections else 0, misplaced
    for section in sections:
        misplaced += -section.fixes if _nine_of(section) == nine else section.fixes
        if misplaced < fewest:
            best_cut, fewest = section.number, misplaced
    return best_cut
