"""The planted truth, recomputed from the files alone."""

import pytest

from tm_lakehouse.generator.course import generate_course
from tm_lakehouse.generator.profiles import PILOT_COURSES, find_profile

COURSES = [*PILOT_COURSES.values(), find_profile("synthetic-007")]
FORMATS = ["csv", "json", "jsonl"]


def counted(naive, delivery):
    return naive.account([one for file in delivery.files for one in naive.read_rounds(file.name, file.content)])


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("profile", COURSES, ids=lambda profile: profile.course_id)
def test_truth_is_what_the_files_hold(naive, profile, file_format):
    first = generate_course(profile, rounds=120, seed=3, file_format=file_format).first
    assert counted(naive, first) == first.truth.summary() | first.truth.beyond_summary()


@pytest.mark.parametrize("rounds", [1, 2, 9, 26])
def test_truth_holds_for_a_handful_of_rounds(naive, rounds):
    first = generate_course(PILOT_COURSES["bradshawfarmgc"], rounds=rounds, seed=1).first
    assert counted(naive, first) == first.truth.summary() | first.truth.beyond_summary()
    assert first.truth.rounds_written == rounds


@pytest.mark.parametrize("seed", range(30))
def test_defects_that_fall_on_rows_without_hole_are_counted_right(naive, seed):
    first = generate_course(PILOT_COURSES["bradshawfarmgc"], rounds=30, seed=seed, file_format="json").first
    assert counted(naive, first) == first.truth.summary() | first.truth.beyond_summary()


@pytest.mark.parametrize("file_format", FORMATS)
def test_truth_of_what_is_delivered_again(naive, file_format):
    course = generate_course(PILOT_COURSES["erinhills"], rounds=200, seed=5, file_format=file_format)
    assert course.later is not None
    assert course.replaced is not None
    assert counted(naive, course.later) == course.later.truth.summary() | course.later.truth.beyond_summary()
    assert course.later.truth.rounds_written == course.replaced.rounds_replaced
    assert course.later.truth.rows_written == course.replaced.rows_replaced - course.replaced.rounds_replaced


@pytest.mark.parametrize("seed", range(6))
def test_rounds_that_come_again_were_sound_and_single(naive, seed):
    course = generate_course(PILOT_COURSES["bradshawfarmgc"], rounds=40, seed=seed)
    first = [one for file in course.first.files for one in naive.read_rounds(file.name, file.content)]
    assert course.later is not None
    again = [one for file in course.later.files for one in naive.read_rounds(file.name, file.content)]
    for one in again:
        earlier = [other for other in first if other.values.get("_id") == one.values["_id"]]
        assert naive.account(earlier)["quarantined_slots"] == 0
        assert len(earlier) == 1


def test_every_kind_of_defect_is_planted_in_a_small_file():
    truth = generate_course(PILOT_COURSES["americanfalls"], rounds=60, seed=1).first.truth
    assert set(truth.records_quarantined_by_reason) == {
        "unreadable_record",
        "round_id_missing",
        "no_locations",
        "coordinates_out_of_bounds",
    }
    assert len(truth.unreadable_values) == 10
    assert min(truth.duplicates, truth.rows_without_timestamp, truth.padding_rows, truth.empty_slots) > 0


def test_without_defects_nothing_is_set_aside(naive, delivered):
    truth = generate_course(PILOT_COURSES["indiancreek"], rounds=50, with_defects=False).first.truth
    assert truth.rounds_written == truth.records_read == 50
    assert truth.records_quarantined == truth.quarantined_slots == truth.duplicates == 0
    assert truth.unreadable_values == {}


def test_rounds_are_copied_across_the_two_files_of_a_course(naive):
    files = generate_course(PILOT_COURSES["bradshawfarmgc"], rounds=300, seed=1).first.files
    early, late = ({one.values.get("_id") for one in naive.read_rounds(file.name, file.content)} for file in files)
    assert (early & late) - {None}


def test_the_first_record_of_every_file_is_sound(naive):
    for seed in range(12):
        for file in generate_course(
            PILOT_COURSES["bradshawfarmgc"], rounds=40, seed=seed, file_format="jsonl"
        ).first.files:
            first = naive.read_rounds(file.name, file.content)[0]
            assert first.values["_id"]
