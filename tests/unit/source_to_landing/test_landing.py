"""Landing on an object store: keys, idempotence, races, records."""

import hashlib
import json
from datetime import date

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.source_to_landing.landing import Target, course_files, land_file, land_files, landing_key

TARGET = Target(landing_bucket="landing", observability_bucket="observability", ingest_date=date(2024, 1, 15))
REPLACING = Target("landing", "observability", date(2024, 1, 15), may_replace=True)
STRICT = Target("landing", "observability", date(2024, 1, 15), is_strict=True)
DRY_RUN = Target("landing", "observability", date(2024, 1, 15), is_dry_run=True)
KEY = "course_id=erinhills/ingest_date=2024-01-15/erinhills.rounds.csv"


def records(store):
    [key] = store.keys("observability")
    return [json.loads(line) for line in store.objects["observability", key][0].decode().splitlines()]


def test_bytes_land_unchanged_under_course_and_date(store, course_file):
    path = course_file()
    result = land_file(store, path, TARGET)
    content, metadata = store.objects["landing", KEY]
    assert content == path.read_bytes()
    assert metadata == {"sha256": hashlib.sha256(content).hexdigest(), "rows": "2"}
    assert (result.status, result.key, result.rows, result.bytes) == ("landed", KEY, 2, len(content))
    assert result.warning is None


def test_a_given_course_id_wins_over_the_file_name(store, course_file):
    result = land_file(store, course_file("anything.csv"), TARGET, course_id="erinhills")
    assert result.key == landing_key("erinhills", date(2024, 1, 15), "anything.csv")


def test_landing_the_same_bytes_again_is_no_write(store, course_file):
    land_file(store, course_file(), TARGET)
    again = land_file(store, course_file(), REPLACING)
    assert again.status == "unchanged"
    assert store.puts == 1


def test_other_bytes_under_the_same_key_are_refused(store, course_file):
    land_file(store, course_file(), TARGET)
    before = store.objects["landing", KEY]
    other = land_file(store, course_file(content="_id,course\nb1,Erin Hills\n"), TARGET)
    assert other.status == "rejected"
    assert "--replace" in other.reason
    assert store.objects["landing", KEY] == before


def test_other_bytes_replace_when_told_so(store, course_file):
    land_file(store, course_file(), TARGET)
    path = course_file(content="_id,course\nb1,Erin Hills\n")
    assert land_file(store, path, REPLACING).status == "replaced"
    assert store.objects["landing", KEY][0] == path.read_bytes()


def test_an_object_without_checksum_counts_as_other_bytes(store, course_file):
    path = course_file()
    store.objects["landing", KEY] = (path.read_bytes(), {})
    assert land_file(store, path, TARGET).status == "rejected"


@pytest.mark.parametrize(("is_same", "status"), [(True, "unchanged"), (False, "rejected")])
def test_whoever_loses_a_race_sees_the_winners_bytes(store, course_file, monkeypatch, is_same, status):
    path = course_file()
    winner = path.read_bytes() if is_same else b"other"
    find, seen = store.find, []

    def find_nothing_at_first(bucket, key):
        seen.append(key)
        if len(seen) > 1:
            return find(bucket, key)
        store.objects[bucket, key] = (winner, {"sha256": hashlib.sha256(winner).hexdigest()})
        return None

    monkeypatch.setattr(store, "find", find_nothing_at_first)
    assert land_file(store, path, TARGET).status == status
    assert store.objects["landing", KEY][0] == winner


def test_another_course_is_a_warning(store, course_file):
    result = land_file(store, course_file("indiancreek.rounds.csv"), TARGET)
    assert result.status == "landed"
    assert "'Erin Hills' does not look like indiancreek" in result.warning


def test_another_course_is_an_error_in_strict_mode(store, course_file):
    result = land_file(store, course_file("indiancreek.rounds.csv"), STRICT)
    assert result.status == "rejected"
    assert "does not look like indiancreek" in result.reason
    assert store.objects == {}


@pytest.mark.parametrize("course_id", ["a/b", "..", "a b", "-a", "é"])
def test_course_ids_that_are_no_part_of_a_key_are_refused(store, course_file, course_id):
    result = land_file(store, course_file(), TARGET, course_id=course_id)
    assert result.status == "rejected"
    assert "no course id" in result.reason
    assert store.objects == {}


def test_a_name_without_course_is_refused(store, course_file):
    assert land_file(store, course_file(".rounds.csv"), TARGET).status == "rejected"


def test_nothing_is_written_for_a_rejected_file(store, course_file):
    assert land_file(store, course_file(content=""), TARGET).status == "rejected"
    assert store.objects == {}


def test_each_file_stands_alone_and_has_its_record(store, course_file):
    files = [course_file("empty.csv", ""), course_file(), course_file("gone.csv")]
    files[2].unlink()
    results = land_files(store, files, TARGET)
    assert [one.status for one in results] == ["rejected", "landed", "rejected"]
    told = records(store)
    assert [one["status"] for one in told] == ["rejected", "landed", "rejected"]
    assert told[1] | {"run_id": "", "ts": ""} == {
        "stage": "source_to_landing",
        "run_id": "",
        "ts": "",
        "course_id": "erinhills",
        "ingest_date": "2024-01-15",
        "source": str(files[1]),
        "bucket": "landing",
        "key": KEY,
        "rows": 2,
        "bytes": files[1].stat().st_size,
        "sha256": hashlib.sha256(files[1].read_bytes()).hexdigest(),
        "status": "landed",
        "reason": None,
        "warning": None,
    }
    [key] = store.keys("observability")
    assert key == f"bronze/run_id={told[0]['run_id']}.json"
    assert len({one["run_id"] for one in told}) == 1


def test_what_landed_is_recorded_though_the_store_fails_later(store, course_file, monkeypatch):
    put_file = store.put_file

    def fail_for_the_second(bucket, key, path, metadata, *, may_replace):
        if path.name == "b.csv":
            raise ConnectionError("gone")
        put_file(bucket, key, path, metadata, may_replace=may_replace)

    monkeypatch.setattr(store, "put_file", fail_for_the_second)
    with pytest.raises(ConnectionError):
        land_files(store, [course_file("a.csv"), course_file("b.csv")], TARGET)
    assert [one["course_id"] for one in records(store)] == ["a"]


def test_a_dry_run_tells_and_writes_nothing(store, course_file):
    [result] = land_files(store, [course_file()], DRY_RUN)
    assert result.status == "landed"
    assert store.objects == {}


def test_a_dry_run_tells_a_conflict_too(store, course_file):
    land_file(store, course_file(), TARGET)
    [result] = land_files(store, [course_file(content="_id,course\nb,Erin Hills\n")], DRY_RUN)
    assert result.status == "rejected"
    assert store.keys("observability") == []


def test_a_generated_folder_lands_without_its_truth_and_its_later_delivery(store, tmp_path):
    written = generate_folder(tmp_path, [CourseOrder(PILOT_COURSES["bradshawfarmgc"], 60)], Options())
    results = land_files(store, course_files([tmp_path]), TARGET)
    assert {one.status for one in results} == {"landed"}
    landed = {key.rpartition("/")[2] for key in store.keys("landing")}
    assert landed == {file.path.name for file in written if file.path.parent == tmp_path}
    assert len(landed) == 2


def test_files_of_a_folder_come_by_name_and_none_twice(course_file, tmp_path):
    for name in ("b.csv", "a.json.gz", "notes.txt", "truth.json", "b.csv.truth.json", ".hidden.csv", "c.jsonl"):
        course_file(name)
    found = course_files([tmp_path, tmp_path / "b.csv"])
    assert [path.name for path in found] == ["a.json.gz", "b.csv", "c.jsonl"]


def test_a_folder_without_course_files_is_an_error(tmp_path):
    with pytest.raises(LakehouseError, match="no course file"):
        course_files([tmp_path])


def test_paths_none_of_which_exist_are_an_error(tmp_path):
    with pytest.raises(LakehouseError, match="no file"):
        course_files([tmp_path / "a.csv", tmp_path / "b.csv"])
