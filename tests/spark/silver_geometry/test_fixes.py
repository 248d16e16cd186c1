"""Which fixes tell where a section lies, and which of them stray."""

import math

import pytest
from pyspark.sql import DataFrame, SparkSession

from tm_lakehouse.silver_geometry.fixes import LEAST_STRAY_METRES, STRAY_FACTOR, judged_fixes, measured_fixes

pytestmark = [
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
SCHEMA = (
    "course_id string, nine_number int, section_number int, longitude double, latitude double, "
    "is_projected boolean, is_location_padding boolean"
)
SOUND_FIX = {
    "course_id": "erinhills", "nine_number": 1, "section_number": 7, "longitude": -88.37, "latitude": 43.25,
    "is_projected": False, "is_location_padding": False,
}  # fmt: skip
METRE_NORTH = 1 / 111_195
METRE_EAST = METRE_NORTH / math.cos(math.radians(SOUND_FIX["latitude"]))


@pytest.fixture
def silver(spark: SparkSession):
    """Build fixes: each argument says only how a fix differs from a sound one."""

    def build(*differences: dict) -> DataFrame:
        return spark.createDataFrame([SOUND_FIX | difference for difference in differences], SCHEMA)

    return build


def at(metres_east: float, metres_north: float) -> dict:
    """A fix that far from the sound one."""
    longitude = SOUND_FIX["longitude"] + metres_east * METRE_EAST
    return {"longitude": longitude, "latitude": SOUND_FIX["latitude"] + metres_north * METRE_NORTH}


@pytest.mark.parametrize(
    ("difference", "count"),
    [
        ({}, 1),
        ({"is_projected": None}, 1),
        ({"section_number": None}, 1),
        ({"is_projected": True}, 0),
        ({"is_location_padding": True}, 0),
        ({"longitude": None}, 0),
        ({"latitude": None}, 0),
    ],
)
def test_only_measured_positions_count(silver, difference, count):
    assert measured_fixes(silver(difference)).count() == count


@pytest.mark.parametrize("missing", ["nine_number", "section_number"])
def test_a_fix_without_place_belongs_to_no_section(silver, missing):
    assert judged_fixes(silver({missing: None})).isEmpty()


# Sixty fixes 10 m around the center: the median distance is 10 m, so the limit is 40 m.
RING = [at(10 * math.cos(turn), 10 * math.sin(turn)) for turn in (math.pi * (step + 0.5) / 30 for step in range(60))]


@pytest.mark.parametrize(
    ("position", "is_stray"), [(at(37, 0), False), (at(0, -37), False), (at(44, 0), True), (at(0, 44), True)]
)
def test_a_fix_strays_beyond_a_multiple_of_the_median_distance(silver, position, is_stray):
    assert 10 * STRAY_FACTOR == 40
    found = [row.is_stray for row in judged_fixes(silver(*RING, position)).collect()]

    assert sorted(found) == [False] * len(RING) + [is_stray]


def test_many_strays_move_neither_center_nor_limit(silver):
    center, *_ = judged_fixes(silver(*RING)).collect()
    judged = judged_fixes(silver(*RING, *[at(900, 900)] * 25)).collect()

    assert sum(row.is_stray for row in judged) == 25
    assert abs(judged[0].center_longitude - center.center_longitude) < 12 * METRE_EAST
    assert abs(judged[0].center_latitude - center.center_latitude) < 12 * METRE_NORTH


@pytest.mark.parametrize(("metres", "is_stray"), [(LEAST_STRAY_METRES - 1, False), (LEAST_STRAY_METRES + 1, True)])
def test_within_a_devices_error_nothing_strays_from_a_point(silver, metres, is_stray):
    judged = judged_fixes(silver(*[{}] * 5, at(metres, 0))).collect()

    assert sum(row.is_stray for row in judged) == is_stray


@pytest.mark.parametrize("other", [{"course_id": "pinehurst4"}, {"nine_number": 2}, {"section_number": 8}])
def test_sections_are_judged_apart(silver, other):
    far = [fix | at(5000, 0) | other for fix in [{}] * 5]
    judged = judged_fixes(silver(*RING, *far)).collect()

    assert len(judged) == len(RING) + 5
    assert not any(row.is_stray for row in judged)
