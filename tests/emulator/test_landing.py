"""Landing on S3: unchanged bytes, no silent overwrite, one record per file. Holds against AWS too."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from tm_lakehouse.cli import land as command
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder, known_truth
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.source_to_landing.landing import Target, land_file, landing_key
from tm_lakehouse.source_to_landing.object_store import KeyTakenError, S3ObjectStore

DAY = date(2024, 1, 15)
KEY = landing_key("erinhills", DAY, "erinhills.rounds.csv")


@pytest.fixture
def store(client):
    return S3ObjectStore(client("s3"))


@pytest.fixture
def target(bucket):
    return Target(bucket("landing"), bucket("observability"), DAY)


@pytest.fixture
def course_file(tmp_path):
    def write(content: bytes = b"_id,course\na1,Erin Hills\n", name: str = "erinhills.rounds.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def land(monkeypatch, target):
    """Run `tm-lakehouse land` on the buckets; returns what it printed, or its error."""
    names = {
        "LANDING": target.landing_bucket,
        "OBSERVABILITY": target.observability_bucket,
        "SOURCE": "source",
        "SERVE": "serve",
        "QUARANTINE": "quarantine",
    }
    for name, value in names.items():
        monkeypatch.setenv(f"TM_BUCKET_{name}", value)
    for name in ("ICEBERG_WAREHOUSE_SILVER", "ICEBERG_WAREHOUSE_GOLD", "ATHENA_RESULTS"):
        monkeypatch.setenv(f"TM_{name}", "s3://source/x")
    for name in ("ATHENA_WORKGROUP", "GLUE_JOB_SILVER"):
        monkeypatch.setenv(f"TM_{name}", "x")
    monkeypatch.setattr(command.target, "activate", lambda: None)

    def run(*arguments: object):
        return CliRunner().invoke(command.app, [str(argument) for argument in arguments])

    return run


def content_of(client, bucket, key):
    return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def records_of(client, bucket):
    keys = [one["Key"] for one in client("s3").list_objects_v2(Bucket=bucket, Prefix="bronze/run_id=")["Contents"]]
    return [json.loads(line) for key in keys for line in content_of(client, bucket, key).decode().splitlines()]


def versions_of(client, bucket):
    return client("s3").list_object_versions(Bucket=bucket).get("Versions", [])


def test_bytes_land_unchanged_with_their_checksum(client, store, target, course_file):
    path = course_file()
    result = land_file(store, path, target)
    assert result.status == "landed"
    assert content_of(client, target.landing_bucket, KEY) == path.read_bytes()
    head = client("s3").head_object(Bucket=target.landing_bucket, Key=KEY)
    assert head["Metadata"] == {"sha256": result.sha256, "rows": "1"}


def test_landing_again_makes_no_new_version(client, store, target, course_file):
    statuses = [land_file(store, course_file(), target).status for _ in range(2)]
    assert statuses == ["landed", "unchanged"]
    assert len(versions_of(client, target.landing_bucket)) == 1


def test_replacing_keeps_the_earlier_version(client, store, target, course_file):
    land_file(store, course_file(), target)
    other = course_file(b"_id,course\nb1,Erin Hills\n")
    assert land_file(store, other, target).status == "rejected"
    replacing = Target(target.landing_bucket, target.observability_bucket, DAY, may_replace=True)
    assert land_file(store, other, replacing).status == "replaced"
    assert content_of(client, target.landing_bucket, KEY) == other.read_bytes()
    assert len(versions_of(client, target.landing_bucket)) == 2


def test_of_many_that_land_one_key_at_once_one_wins(client, store, target, tmp_path):
    files = []
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(folder / "erinhills.rounds.csv")
        files[-1].write_text(f"_id,course\na{number},Erin Hills\n")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda file: land_file(store, file, target), files))
    statuses = [one.status for one in results]
    assert sorted(statuses) == ["landed"] + ["rejected"] * 7
    assert content_of(client, target.landing_bucket, KEY) == files[statuses.index("landed")].read_bytes()
    assert len(versions_of(client, target.landing_bucket)) == 1


def test_large_files_go_in_parts_and_are_as_conditional(client, store, target, tmp_path, monkeypatch):
    monkeypatch.setattr(S3ObjectStore, "PART_BYTES", 5 << 20)
    path = tmp_path / "large.csv"
    path.write_bytes(os.urandom(12 << 20))
    store.put_file(target.landing_bucket, "large", path, {"sha256": "x"}, may_replace=False)
    assert content_of(client, target.landing_bucket, "large") == path.read_bytes()
    assert store.find(target.landing_bucket, "large").metadata == {"sha256": "x"}
    with pytest.raises(KeyTakenError):
        store.put_file(target.landing_bucket, "large", path, {"sha256": "y"}, may_replace=False)
    assert store.find(target.landing_bucket, "large").metadata == {"sha256": "x"}
    assert "Uploads" not in client("s3").list_multipart_uploads(Bucket=target.landing_bucket)


def test_a_missing_bucket_is_an_error(store, unique, course_file):
    gone = Target(unique("gone"), unique("gone"), DAY)
    with pytest.raises(ClientError, match="NoSuchBucket"):
        land_file(store, course_file(), gone)


def test_the_command_lands_a_generated_folder(client, land, target, tmp_path):
    generate_folder(tmp_path / "courses", [CourseOrder(PILOT_COURSES["bradshawfarmgc"], 40)], Options(is_gzip=True))
    done = land(tmp_path / "courses", "--ingest-date", DAY)
    assert done.exit_code == 0, done.output
    assert done.output.count("landed") == 2
    files = known_truth(tmp_path / "courses")["courses"]["bradshawfarmgc"]["files"]
    records = records_of(client, target.observability_bucket)
    assert {record["key"].rpartition("/")[2]: record["rows"] for record in records} == files
    for record in records:
        landed = content_of(client, target.landing_bucket, record["key"])
        assert landed == (tmp_path / "courses" / record["key"].rpartition("/")[2]).read_bytes()


def test_the_command_lands_what_is_sound_and_fails_for_the_rest(client, land, target, course_file):
    sound, empty = course_file(), course_file(b"", "indiancreek.rounds.csv")
    done = land(sound, empty, "--ingest-date", DAY)
    assert isinstance(done.exception, LakehouseError)
    assert done.exception.reason == "1 of 2 files are rejected."
    assert "it has no rows" in done.output
    assert content_of(client, target.landing_bucket, KEY) == sound.read_bytes()
    statuses = [record["status"] for record in records_of(client, target.observability_bucket)]
    assert statuses == ["landed", "rejected"]


def test_a_dry_run_writes_nothing(client, land, target, course_file):
    done = land(course_file(), "--dry-run")
    assert done.exit_code == 0, done.output
    assert versions_of(client, target.landing_bucket) == []
    assert versions_of(client, target.observability_bucket) == []
