"""The folder of generated files: repeatable, whole, and never over somebody's files."""

import hashlib
import json

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.generator.course import generate_course
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder, known_truth
from tm_lakehouse.generator.profiles import PILOT_COURSES, find_profile

ORDERS = [CourseOrder(PILOT_COURSES["bradshawfarmgc"], 60), CourseOrder(PILOT_COURSES["erinhills"], 40)]


def checksums(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("options", [Options(seed=9), Options(seed=9, file_format="jsonl", is_gzip=True)])
def test_the_same_seed_gives_the_same_bytes(tmp_path, options):
    generate_folder(tmp_path / "one", ORDERS, options)
    generate_folder(tmp_path / "two", ORDERS, options)
    assert len(checksums(tmp_path / "one")) == 6
    assert checksums(tmp_path / "one") == checksums(tmp_path / "two")


def test_another_seed_gives_other_rounds():
    profile = PILOT_COURSES["erinhills"]
    one, two = (generate_course(profile, rounds=30, seed=seed).first.files[0].content for seed in (1, 2))
    assert one != two


def test_a_course_does_not_depend_on_the_others(tmp_path):
    generate_folder(tmp_path / "both", ORDERS, Options(seed=9))
    generate_folder(tmp_path / "alone", ORDERS[1:], Options(seed=9))
    alone = checksums(tmp_path / "alone")
    del alone["truth.json"]
    assert alone.items() <= checksums(tmp_path / "both").items()


def test_files_of_the_full_set_have_the_names_of_the_source(tmp_path):
    orders = [CourseOrder(profile, 40) for profile in PILOT_COURSES.values()]
    generate_folder(tmp_path, orders, Options())
    assert {path.name for path in tmp_path.glob("*.csv")} == {
        "bradshawfarmgc.rounds_0601_0715.csv",
        "bradshawfarmgc.rounds_0716_0831.csv",
        "erinhills.rounds.csv",
        "pinehurst4.rounds.csv",
        "americanfalls.rounds.csv",
        "indiancreek.rounds.csv",
    }


def test_truth_names_every_file_with_its_records(tmp_path):
    written = generate_folder(tmp_path, ORDERS, Options())
    told = {}
    for course in known_truth(tmp_path)["courses"].values():
        told |= course["files"] | course["redelivered"]["files"]
    assert told == {str(file.path.relative_to(tmp_path)): file.records for file in written}
    assert all(file.size == file.path.stat().st_size for file in written)


def test_a_folder_with_files_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(LakehouseError, match="not empty"):
        generate_folder(tmp_path, ORDERS, Options())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_force_replaces_generated_files_and_nothing_else(tmp_path):
    generate_folder(tmp_path, ORDERS, Options())
    (tmp_path / "mine.txt").write_text("mine")
    generate_folder(tmp_path, ORDERS[1:], Options(file_format="json"), is_forced=True)
    assert {path.name for path in tmp_path.iterdir()} == {
        "mine.txt",
        "erinhills.rounds.json",
        "redelivered",
        "truth.json",
    }


def test_a_broken_off_run_leaves_no_truth(tmp_path, monkeypatch):
    generate_folder(tmp_path, ORDERS, Options())

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr("tm_lakehouse.generator.delivery.generate_course", fail)
    with pytest.raises(OSError, match="no space"):
        generate_folder(tmp_path, ORDERS, Options(), is_forced=True)
    with pytest.raises(LakehouseError, match="no readable truth"):
        known_truth(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LakehouseError, match="is a file"):
        generate_folder(tmp_path / "file", ORDERS, Options())


def test_synthetic_courses_depend_on_their_names():
    one, same, other = (find_profile(name) for name in ("synthetic-001", "synthetic-001", "synthetic-002"))
    assert one == same
    assert one != other
    assert generate_course(one, rounds=20).first.files[0].name == "synthetic-001.rounds.csv"


def test_unknown_courses_are_refused():
    with pytest.raises(LakehouseError, match="no course 'augusta'"):
        find_profile("augusta")


def test_truth_is_json_of_counts(tmp_path):
    generate_folder(tmp_path, ORDERS, Options(seed=3))
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["seed"] == 3
    assert truth["sound_rounds"] == {"bradshawfarmgc": 60, "erinhills": 40}
    assert truth["courses"]["erinhills"]["summary"]["rounds_written"] == 40
