"""What the generated courses look like: one typed profile per course. A new course is one more profile."""

import hashlib
import random
from dataclasses import dataclass, field
from typing import Literal

from tm_lakehouse.errors import LakehouseError

ColumnOrder = Literal["rounds_first", "slots_first", "alphabetical", "field_by_field"]


@dataclass(frozen=True)
class Nine:
    """Nine holes in a row: how many sections each has, and the number of the first."""

    sections: tuple[int, ...]
    first_hole: int = 1


@dataclass(frozen=True)
class Play:
    """How a share of the rounds plays the course: over how many nines, in how many slots and minutes on average."""

    nines: int
    share: float
    mean_slots: float
    mean_minutes: float


@dataclass(frozen=True)
class Coverage:
    """Which share of the rows carries a value."""

    pace_gap: float
    positional_gap: float
    hole: float = 1.0
    coordinates: float = 0.998


@dataclass(frozen=True)
class LowBattery:
    """Share of rows below 20 %, and which part of these lies below 10 %."""

    share: float = 0.0
    critical: float = 0.5


@dataclass(frozen=True)
class SteadyHole:
    """A hole whose mean duration is known for each pass: from the first to the last section entered, in seconds."""

    hole: int
    seconds_by_loop: tuple[float, ...]


@dataclass(frozen=True)
class Season:
    """Rounds by month, from the first month on; `weights` has one entry per month, which may run into the next year."""

    first_month: int
    weights: tuple[float, ...]


@dataclass(frozen=True)
class FileStyle:
    """How a course's files are spelled; values stay the same."""

    column_order: ColumnOrder = "rounds_first"
    true_false: tuple[str, str] = ("true", "false")
    whole_numbers_as_floats: bool = False
    byte_order_mark: bool = False
    coordinate_decimals: int = 9
    pace_decimals: int = 3
    has_fix_date: bool = False
    absent_columns: frozenset[str] = frozenset()
    # File name's middle and the (month, day) its rounds begin; a course with one file has one part.
    parts: tuple[tuple[str, tuple[int, int]], ...] = (("rounds", (1, 1)),)
    absent_from_last_part: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CourseProfile:
    """One course. Shares are 0..1; `utc_offset_hours` places the tee times in the day."""

    course_id: str
    course_name: str
    rounds: int
    mean_pace_seconds: float
    nines: tuple[Nine, ...]
    plays: tuple[Play, ...]
    start_holes: tuple[tuple[int, float], ...]
    nine_hole_share: float
    coverage: Coverage
    season: Season
    longitude: float
    latitude: float
    utc_offset_hours: int
    goal_time_seconds: int
    low_battery: LowBattery = LowBattery()
    steady_holes: tuple[SteadyHole, ...] = ()
    incomplete_share: float = 0.06
    secondary_share: float = 0.04
    auto_assigned_share: float = 0.12
    longest_round_slots: int | None = None
    files: FileStyle = field(default_factory=FileStyle)

    @property
    def mean_slots(self) -> float:
        """Slots a round."""
        return sum(play.share * play.mean_slots for play in self.plays)

    @property
    def mean_minutes(self) -> float:
        """From a round's start to its end."""
        return sum(play.share * play.mean_minutes for play in self.plays)


BRADSHAWFARM = CourseProfile(
    course_id="bradshawfarmgc",
    course_name="Bradshaw Farm Golf Club",
    rounds=16_437,
    mean_pace_seconds=367.5,
    nines=(Nine((3,) * 9), Nine((3, 4, 3, 3, 2, 3, 3, 3, 3)), Nine((3, 3, 2, 3, 4, 3, 2, 3, 3))),
    plays=(Play(1, 0.588, 20.7, 108.0), Play(2, 0.406, 39.0, 215.0), Play(3, 0.006, 65.7, 367.8)),
    start_holes=((1, 1.0),),
    nine_hole_share=0.14,
    coverage=Coverage(pace_gap=0.94, positional_gap=0.82, hole=0.864),
    season=Season(6, (0.32, 0.35, 0.33)),
    longitude=-84.448,
    latitude=34.153,
    utc_offset_hours=-4,
    goal_time_seconds=15_840,
    longest_round_slots=117,
    files=FileStyle(
        coordinate_decimals=14,
        pace_decimals=12,
        has_fix_date=True,
        parts=(("rounds_0601_0715", (6, 1)), ("rounds_0716_0831", (7, 16))),
        absent_from_last_part=frozenset({"lastFix", "holdingUp"}),
    ),
)

ERINHILLS = CourseProfile(
    course_id="erinhills",
    course_name="Erin Hills",
    rounds=3_471,
    mean_pace_seconds=62.4,
    nines=(Nine((4, 3, 3, 3, 3, 3, 3, 3, 2)), Nine((3, 3, 3, 3, 4, 3, 3, 2, 4), first_hole=10)),
    plays=(Play(2, 0.769, 49.2, 300.0), Play(1, 0.231, 22.36, 161.5)),
    start_holes=((1, 0.93), (10, 0.06), (16, 0.01)),
    nine_hole_share=0.15,
    coverage=Coverage(pace_gap=0.92, positional_gap=0.88),
    season=Season(5, (0.13, 0.19, 0.20, 0.20, 0.17, 0.11)),
    longitude=-88.405,
    latitude=43.246,
    utc_offset_hours=-5,
    goal_time_seconds=16_200,
    low_battery=LowBattery(share=0.010),
    files=FileStyle(
        column_order="slots_first",
        whole_numbers_as_floats=True,
        coordinate_decimals=9,
        absent_columns=frozenset({"isAutoAssigned"}),
    ),
)

PINEHURST4 = CourseProfile(
    course_id="pinehurst4",
    course_name="Pinehurst 4",
    rounds=3_010,
    mean_pace_seconds=-256.2,
    nines=(Nine((3,) * 9), Nine((3,) * 9, first_hole=10)),
    plays=(Play(2, 0.824, 50.9, 289.5), Play(1, 0.176, 23.06, 138.95)),
    start_holes=((1, 0.80), (10, 0.10), *((hole, 0.0125) for hole in (2, 4, 5, 7, 9, 12, 14, 16))),
    nine_hole_share=0.176,
    coverage=Coverage(pace_gap=0.93, positional_gap=0.92),
    season=Season(3, (0.13, 0.17, 0.16, 0.11, 0.09, 0.09, 0.11, 0.14)),
    longitude=-79.47,
    latitude=35.19,
    utc_offset_hours=-4,
    goal_time_seconds=16_020,
    low_battery=LowBattery(share=0.025),
    files=FileStyle(
        column_order="alphabetical",
        true_false=("True", "False"),
        byte_order_mark=True,
        coordinate_decimals=13,
        pace_decimals=6,
        absent_columns=frozenset({"goalTimeFraction", "heldUp"}),
    ),
)

AMERICANFALLS = CourseProfile(
    course_id="americanfalls",
    course_name="American Falls Golf Course",
    rounds=2_949,
    mean_pace_seconds=-84.3,
    nines=(Nine((3, 3, 2, 3, 2, 3, 3, 2, 3)),),
    plays=(Play(1, 0.528, 19.6, 110.0), Play(2, 0.472, 31.04, 220.17)),
    start_holes=((1, 1.0),),
    nine_hole_share=0.528,
    coverage=Coverage(pace_gap=0.91, positional_gap=0.91),
    season=Season(4, (0.07, 0.13, 0.20, 0.23, 0.20, 0.12, 0.05)),
    longitude=-112.85,
    latitude=42.79,
    utc_offset_hours=-6,
    goal_time_seconds=8_100,
    low_battery=LowBattery(share=0.516, critical=0.98),
    steady_holes=(SteadyHole(5, (207.0, 247.0)),),
    files=FileStyle(
        column_order="field_by_field",
        coordinate_decimals=13,
        pace_decimals=6,
        absent_columns=frozenset({"currentNine"}),
    ),
)

INDIANCREEK = CourseProfile(
    course_id="indiancreek",
    course_name="Indian Creek Country Club",
    rounds=1_684,
    mean_pace_seconds=373.7,
    nines=(Nine((3, 3, 2, 3, 3, 4, 3, 3, 3)), Nine((3, 3, 3, 2, 3, 3, 3, 3, 3), first_hole=10)),
    plays=(Play(2, 0.695, 46.85, 205.3), Play(1, 0.305, 24.39, 102.7)),
    start_holes=((1, 0.818), (10, 0.07), *((hole, 0.016) for hole in (3, 5, 7, 8, 12, 14, 17))),
    nine_hole_share=0.305,
    coverage=Coverage(pace_gap=0.0, positional_gap=0.0),
    season=Season(11, (0.24, 0.28, 0.27, 0.21)),
    longitude=-80.1397,
    latitude=25.8748,
    utc_offset_hours=-5,
    goal_time_seconds=14_340,
    low_battery=LowBattery(share=0.005),
    files=FileStyle(coordinate_decimals=14, pace_decimals=9, absent_columns=frozenset({"paceGap", "positionalGap"})),
)

PILOT_COURSES = {
    profile.course_id: profile for profile in (BRADSHAWFARM, ERINHILLS, PINEHURST4, AMERICANFALLS, INDIANCREEK)
}
SYNTHETIC_PREFIX = "synthetic"


def find_profile(course_id: str) -> CourseProfile:
    """The profile of a pilot course, or one made up for a name that begins with `synthetic`.

    Raises:
        LakehouseError: there is no such course.
    """
    if course_id in PILOT_COURSES:
        return PILOT_COURSES[course_id]
    if course_id.startswith(SYNTHETIC_PREFIX) and course_id.replace("-", "").isalnum():
        return synthetic_profile(course_id)
    raise LakehouseError(
        f"There is no course {course_id!r} to generate.",
        f"Choose among {', '.join(PILOT_COURSES)}, or make one up as synthetic-001.",
    )


def synthetic_profile(course_id: str) -> CourseProfile:
    """A made-up course that depends on its name only: 9, 18 or 27 holes, somewhere in the United States."""
    draw = random.Random(hashlib.sha256(course_id.encode()).digest())
    units = draw.choice((1, 2, 2, 2, 3))
    restarts = units == 3
    nines = tuple(Nine((3,) * 9, first_hole=1 if restarts else 1 + 9 * unit) for unit in range(units))
    long_share = draw.uniform(0.5, 0.8)
    return CourseProfile(
        course_id=course_id,
        course_name=course_id.replace("-", " ").title(),
        rounds=2_000,
        mean_pace_seconds=draw.uniform(-300, 400),
        nines=nines,
        plays=(Play(2, long_share, 46.0, 240.0), Play(1, 1 - long_share, 23.0, 120.0)),
        start_holes=((1, 1.0),) if units != 2 else ((1, 0.9), (10, 0.1)),
        nine_hole_share=(1 - long_share) / 2,
        coverage=Coverage(pace_gap=0.93, positional_gap=0.9),
        season=Season(draw.choice((3, 4, 5)), (0.15, 0.25, 0.25, 0.2, 0.15)),
        longitude=round(draw.uniform(-120, -75), 4),
        latitude=round(draw.uniform(28, 46), 4),
        utc_offset_hours=-6,
        goal_time_seconds=15_000,
        low_battery=LowBattery(share=draw.uniform(0, 0.05)),
    )
