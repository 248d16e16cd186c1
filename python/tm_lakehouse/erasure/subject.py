"""What is to be erased, and which rows of a table hold it. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tm_lakehouse.errors import LakehouseError

# Athena takes statements of up to 262,144 bytes; an id takes 28.
_ROUNDS_PER_STATEMENT = 2000


class Round(NamedTuple):
    """One round of a course, in whatever deliveries."""

    course_id: str
    round_id: str


@dataclass(frozen=True)
class Subject:
    """A round, of one course where that is known, or a device on all courses."""

    kind: Literal["round", "device"]
    id: str
    course_id: str | None = None

    @property
    def key(self) -> str:
        """The column that names it."""
        return "round_id" if self.kind == "round" else "device"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" + (f" of {self.course_id}" if self.course_id else "")

    def covers(self, other: "Subject") -> bool:
        """Whether erasing this one erases the other too."""
        return (self.kind, self.id) == (other.kind, other.id) and self.course_id in (None, other.course_id)


def subject_of(round_id: str | None, device: str | None, course_id: str | None) -> Subject:
    """What the options name.

    Raises:
        LakehouseError: they name nothing, or both, or an empty id.
    """
    if (round_id is None) == (device is None):
        raise LakehouseError("Name what is to be erased.", "Give --round or --device, one of them.")
    if device is not None and course_id is not None:
        raise LakehouseError("A device is erased on all courses.", "Leave --course-id out.")
    subject = Subject("round", round_id.strip(), course_id) if round_id is not None else Subject("device", str(device))
    if not subject.id.strip():
        raise LakehouseError(f"The id of the {subject.kind} is empty.", "Give the id as Silver has it.")
    return subject


def conditions(subject: Subject, columns: Collection[str], rounds: Iterable[Round]) -> list[str]:
    """What is true of a table's rows that hold the subject, as one condition per statement; none where no row can.

    A table without the device's column is searched by the device's `rounds`.
    """
    if subject.key in columns:
        found = [f"{subject.key} = {quoted(subject.id)}"]
        if subject.course_id and "course_id" in columns:
            found.append(f"course_id = {quoted(subject.course_id)}")
        return [" AND ".join(found)]
    if subject.kind == "device" and {"course_id", "round_id"} <= set(columns):
        return _of_rounds(rounds)
    return []


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _of_rounds(rounds: Iterable[Round]) -> list[str]:
    ordered = sorted(set(rounds))
    parts = [ordered[start : start + _ROUNDS_PER_STATEMENT] for start in range(0, len(ordered), _ROUNDS_PER_STATEMENT)]
    return [" OR ".join(_of_courses(part)) for part in parts]


def _of_courses(rounds: Iterable[Round]) -> list[str]:
    by_course: dict[str, list[str]] = defaultdict(list)
    for course_id, round_id in rounds:
        by_course[course_id].append(quoted(round_id))
    return [f"(course_id = {quoted(course)} AND round_id IN ({', '.join(ids)}))" for course, ids in by_course.items()]
