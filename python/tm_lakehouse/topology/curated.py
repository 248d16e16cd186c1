"""The versioned files of the package: curated nines and course profiles."""

import csv
from collections.abc import Iterable
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import available_timezones

from tm_lakehouse.topology.inference import Nine

TOPOLOGY_FILE = "curated_topology.csv"
PROFILES_FILE = "course_profiles.csv"


class CourseProfile(NamedTuple):
    """One row of `dim_course_profile`."""

    course_id: str
    course_name: str
    course_type: str
    volume_profile: str
    peak_season_start_month: int | None
    peak_season_end_month: int | None
    time_zone: str
    notes: str


def curated_nines() -> list[Nine]:
    """The curated rows, checked for keys and overlaps.

    Raises:
        ValueError: two rows of a facility share a nine or a section, or a range is reversed.
    """
    nines = [
        Nine(
            facility_id=row["facility_id"],
            unit_id=int(row["unit_id"]),
            unit_name=row["unit_name"],
            nine_number=int(row["nine_number"]),
            section_start=int(row["section_start"]),
            section_end=int(row["section_end"]),
            source="curated",
        )
        for row in _rows(TOPOLOGY_FILE)
    ]
    check_nines(nines)
    return nines


def course_profiles() -> list[CourseProfile]:
    """The course profiles, checked for keys and time zones.

    Raises:
        ValueError: a course comes twice, or its time zone is no IANA name.
    """
    profiles = [
        CourseProfile(
            course_id=row["course_id"],
            course_name=row["course_name"],
            course_type=row["course_type"],
            volume_profile=row["volume_profile"],
            peak_season_start_month=_month(row["peak_season_start_month"]),
            peak_season_end_month=_month(row["peak_season_end_month"]),
            time_zone=row["time_zone"],
            notes=row["notes"],
        )
        for row in _rows(PROFILES_FILE)
    ]
    check_profiles(profiles)
    return profiles


def check_nines(nines: Iterable[Nine]) -> None:
    """Raise ValueError where the nines of a facility are reversed, share a number or share a section."""
    ordered = sorted(nines, key=lambda nine: (nine.facility_id, nine.section_start))
    for nine in ordered:
        if not 1 <= nine.section_start <= nine.section_end:
            raise ValueError(f"{nine.facility_id}: sections {nine.section_start}-{nine.section_end} are no range.")
    for one, other in pairwise(ordered):
        if one.overlaps(other):
            raise ValueError(f"{one.facility_id}: nines {one.nine_number} and {other.nine_number} share sections.")
    _check_unique([f"{nine.facility_id} {nine.nine_number}" for nine in ordered], "nine")


def check_profiles(profiles: Iterable[CourseProfile]) -> None:
    """Raise ValueError where a course comes twice or its time zone is unknown."""
    rows = list(profiles)
    _check_unique([profile.course_id for profile in rows], "course")
    for profile in rows:
        if profile.time_zone not in available_timezones():
            raise ValueError(f"{profile.course_id}: {profile.time_zone!r} is no IANA time zone.")


def _check_unique(keys: list[str], what: str) -> None:
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"A {what} is listed twice: {repeated[0]}.")


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("tm_lakehouse.topology") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _month(text: str) -> int | None:
    return int(text) if text else None
