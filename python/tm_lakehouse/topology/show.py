"""What the lake knows of each course: its nines, what inferred ones rest on, and its profile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables.athena_evolution import tables_of
from tm_lakehouse.topology.curated import CourseProfile
from tm_lakehouse.topology.inference import Evidence, Nine, PlacedFixes, evidence
from tm_lakehouse.topology.reading import read_nines_with_times, read_placed_fixes, read_profiles

_REFRESH = "Run `tm-lakehouse topology refresh`"


@dataclass(frozen=True)
class Course:
    """One course. `nines` are its rows of the table with the UTC time of their last change.

    `evidence` is what Silver's fixes show now of a course with inferred nines; None where they no longer suffice.
    """

    course_id: str
    nines: Sequence[tuple[Nine, str]]
    evidence: Evidence | None
    profile: CourseProfile | None

    def as_record(self) -> dict[str, Any]:
        """For JSON; each part without the course's id."""
        nines = [_without(nine._asdict(), "facility_id") | {"updated_at": time} for nine, time in self.nines]
        return {
            "course_id": self.course_id,
            "nines": nines,
            "evidence": self.evidence and self.evidence._asdict(),
            "profile": self.profile and _without(self.profile._asdict(), "course_id"),
        }


def show(settings: Settings, course_ids: Sequence[str] = ()) -> list[Course]:
    """The named courses, or all, by id.

    Raises:
        LakehouseError: no refresh has been run, nothing is known of a named course, or Athena refused.
    """
    athena = Athena(settings.athena_workgroup, settings.db_silver)
    existing = tables_of(athena, settings.db_silver)
    nines, profiles = read_nines_with_times(athena, existing), read_profiles(athena, existing)
    shown = choose({nine.facility_id for nine, _ in nines} | {each.course_id for each in profiles}, course_ids)
    inferred = sorted({nine.facility_id for nine, _ in nines if nine.source == "inferred"} & set(shown))
    placed = read_placed_fixes(athena, existing, inferred)
    return assemble(shown, nines, profiles, placed, settings.topology_min_fixes_per_section)


def choose(known: set[str], wanted: Sequence[str]) -> list[str]:
    """The courses to show.

    Raises:
        LakehouseError: nothing is known, or nothing of one that is wanted.
    """
    if not known:
        raise LakehouseError("Silver has neither nines nor course profiles yet.", f"{_REFRESH}.")
    if unknown := sorted(set(wanted) - known):
        reason = f"Neither a nine nor a profile is known of {', '.join(unknown)}."
        some = ", ".join(sorted(known)[:5]) + (" ..." if len(known) > 5 else "")
        raise LakehouseError(reason, f"{_REFRESH} once Silver holds 100 placed fixes of it. Known are: {some}")
    return sorted(set(wanted) or known)


def assemble(
    course_ids: Iterable[str],
    nines: Sequence[tuple[Nine, str]],
    profiles: Sequence[CourseProfile],
    placed: Mapping[str, Sequence[PlacedFixes]],
    min_fixes_per_section: int,
) -> list[Course]:
    """Put together what belongs to each course."""
    profile_of = {profile.course_id: profile for profile in profiles}
    return [
        Course(
            course_id=course,
            nines=[(nine, time) for nine, time in nines if nine.facility_id == course],
            evidence=evidence(placed[course], min_fixes_per_section) if course in placed else None,
            profile=profile_of.get(course),
        )
        for course in course_ids
    ]


def _without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != name}
