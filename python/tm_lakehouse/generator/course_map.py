"""The sections of a generated course and the ways round it."""

from dataclasses import dataclass

import numpy as np

from tm_lakehouse.generator.draws import Floats, Ints
from tm_lakehouse.generator.profiles import CourseProfile

_LOOP_RADIUS_DEGREES = 0.004


@dataclass(frozen=True)
class CourseMap:
    """One entry per section, in the order of the section numbers (1, 2, ...)."""

    hole: Ints
    hole_section: Ints
    nine: Ints
    longitude: Floats
    latitude: Floats

    def sections_of(self, nine: int) -> Ints:
        """The section numbers of a nine (1, 2, 3)."""
        return np.flatnonzero(self.nine == nine) + 1

    @property
    def nines(self) -> int:
        return int(self.nine[-1])


@dataclass(frozen=True)
class Route:
    """The sections of a round in the order of play, and which pass over its nine each belongs to."""

    sections: Ints
    loops: Ints


def course_map(profile: CourseProfile) -> CourseMap:
    """Number the sections through the course and lay each nine as a loop from the club house and back."""
    holes: list[int] = []
    hole_sections: list[int] = []
    nines: list[int] = []
    for number, nine in enumerate(profile.nines, start=1):
        for hole, sections in enumerate(nine.sections, start=nine.first_hole):
            holes += [hole] * sections
            hole_sections += range(1, sections + 1)
            nines += [number] * sections
    nine_of_section = np.array(nines)
    longitude, latitude = _loops(profile, nine_of_section)
    return CourseMap(np.array(holes), np.array(hole_sections), nine_of_section, longitude, latitude)


def _loops(profile: CourseProfile, nine_of_section: Ints) -> tuple[Floats, Floats]:
    nines = len(profile.nines)
    sizes = np.bincount(nine_of_section)[1:]
    progress = np.concatenate([(np.arange(size) + 0.5) / size for size in sizes])
    direction = 2 * np.pi * (nine_of_section - 1) / nines
    turn = direction + np.pi + 2 * np.pi * progress
    east = _LOOP_RADIUS_DEGREES * (np.cos(direction) + np.cos(turn)) * (nines > 1 or 0.5)
    north = _LOOP_RADIUS_DEGREES * (np.sin(direction) + np.sin(turn)) * (nines > 1 or 0.5)
    centred = (east - east.mean(), north - north.mean())
    return profile.longitude + centred[0], profile.latitude + centred[1]


def route(course: CourseMap, first_nine: int, nines: int, start_hole: int) -> Route:
    """Play `nines` nines one after the other, beginning at the tee of `start_hole` and going round to it again."""
    order = [(first_nine - 1 + turn) % course.nines + 1 for turn in range(nines)]
    sections = np.concatenate([course.sections_of(nine) for nine in order])
    loops = np.repeat(
        [1 + order[:turn].count(nine) for turn, nine in enumerate(order)],
        [len(course.sections_of(nine)) for nine in order],
    )
    first = int(np.flatnonzero(course.hole[sections - 1] == start_hole)[0])
    return Route(np.roll(sections, -first), np.roll(loops, -first))
