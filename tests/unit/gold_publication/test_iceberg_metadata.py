"""What a publication takes from a build table's metadata, and what it leaves there."""

import copy

import pytest

from tm_lakehouse.gold_publication.iceberg_metadata import (
    PublishedSnapshot,
    current_snapshot_id,
    is_changed_since,
    publication_tags,
    published,
    with_tags,
)

BUILD = {
    "format-version": 2,
    "table-uuid": "build",
    "location": "s3://serve/warehouse/gold_build/t/u1",
    "last-sequence-number": 9,
    "last-updated-ms": 900,
    "current-schema-id": 0,
    "properties": {"write.format.default": "PARQUET", "write.data.path": "s3://serve/warehouse/gold_build/t/u1/data"},
    "current-snapshot-id": 4,
    "refs": {
        "main": {"snapshot-id": 4, "type": "branch"},
        "publication_000001": {"snapshot-id": 1, "type": "tag"},
        "audit": {"snapshot-id": 2, "type": "tag"},
    },
    "snapshots": [{"snapshot-id": each, "timestamp-ms": each * 100} for each in (1, 2, 3, 4)],
    "snapshot-log": [{"timestamp-ms": each * 100, "snapshot-id": each} for each in (1, 2, 3, 4)],
    "metadata-log": [{"timestamp-ms": 1, "metadata-file": "old"}],
    "statistics": [{"snapshot-id": 3}, {"snapshot-id": 4}],
}
SEEN = [PublishedSnapshot("000002", 3, 500), PublishedSnapshot("000001", 1, 250)]


def shown(seen=SEEN):
    return published(BUILD, seen, "s3://serve/warehouse/gold/t", "gold.t")


def test_readers_get_the_last_published_snapshot_and_no_untested_one():
    metadata = shown()
    assert metadata["current-snapshot-id"] == 3
    assert metadata["refs"]["main"]["snapshot-id"] == 3
    assert [each["snapshot-id"] for each in metadata["snapshots"]] == [1, 3]
    assert metadata["statistics"] == [{"snapshot-id": 3}]


def test_history_is_that_of_publications():
    assert shown()["snapshot-log"] == [
        {"timestamp-ms": 250, "snapshot-id": 1},
        {"timestamp-ms": 500, "snapshot-id": 3},
    ]
    assert shown()["last-updated-ms"] == 500
    assert publication_tags(shown()) == {"publication_000001": 1, "publication_000002": 3}


def test_a_snapshot_that_the_build_has_forgotten_is_not_promised():
    seen = [PublishedSnapshot("000000", 77, 100), *SEEN]
    assert [each["snapshot-id"] for each in shown(seen)["snapshot-log"]] == [1, 3]


def test_nothing_can_be_deleted_or_written_through_the_published_table():
    metadata = shown()
    assert metadata["properties"] == {"write.format.default": "PARQUET", "gc.enabled": "false"}
    assert metadata["location"] == "s3://serve/warehouse/gold/t"
    assert metadata["metadata-log"] == []


def test_published_table_is_one_table_for_ever_and_not_the_build_table():
    other = {**BUILD, "table-uuid": "made anew"}
    assert shown()["table-uuid"] == published(other, SEEN, "s3://x", "gold.t")["table-uuid"] != "build"
    assert shown()["table-uuid"] != published(BUILD, SEEN, "s3://x", "gold.other")["table-uuid"]


def test_a_table_that_never_held_a_row_is_published_empty():
    metadata = shown([])
    assert current_snapshot_id(metadata) is None
    assert (metadata["snapshots"], metadata["snapshot-log"], metadata["refs"]) == ([], [], {})


def test_tags_are_set_and_taken_away_and_nothing_else_changes():
    before = copy.deepcopy(BUILD)
    metadata = with_tags(BUILD, "s3://now.json", {"publication_000002": 4}, ["publication_000001"], 1000)
    assert before == BUILD
    assert publication_tags(metadata) == {"publication_000002": 4}
    assert metadata["refs"]["audit"] == BUILD["refs"]["audit"]
    assert metadata["metadata-log"][-1] == {"timestamp-ms": 900, "metadata-file": "s3://now.json"}
    changed = {name for name in metadata if metadata[name] != BUILD[name]}
    assert changed == {"refs", "metadata-log", "last-updated-ms"}


def test_time_of_a_table_never_goes_back_where_clocks_differ():
    assert with_tags(BUILD, "x", {}, [], 5)["last-updated-ms"] == 900


def test_log_of_metadata_stays_as_long_as_the_table_says():
    short = {**BUILD, "properties": {"write.metadata.previous-versions-max": "1"}}
    assert [each["metadata-file"] for each in with_tags(short, "new", {}, [], 1000)["metadata-log"]] == ["new"]


def history(*operations):
    """A table whose snapshots 1, 2, 3 ... came one after another by these operations."""
    snapshots = [
        {"snapshot-id": number, "parent-snapshot-id": number - 1 or None, "summary": {"operation": operation}}
        for number, operation in enumerate(operations, start=1)
    ]
    return {"current-snapshot-id": len(snapshots) or -1, "snapshots": snapshots}


@pytest.mark.parametrize(
    ("metadata", "snapshot_id", "is_changed"),
    [
        (history("append"), 1, False),
        (history("append", "overwrite"), 1, True),
        (history("append", "replace", "replace"), 1, False),
        (history("append", "delete", "replace"), 1, True),
        (history(), None, False),
        (history("append"), None, True),
        (history("replace"), None, False),
        (history(), 1, True),
        # Snapshot 1 has expired: that 2 and 3 only rewrote files says nothing of it.
        (
            {
                **history("append", "replace", "replace"),
                "snapshots": history("append", "replace", "replace")["snapshots"][2:],
            },
            1,
            True,
        ),
        ({"current-snapshot-id": 1, "snapshots": [{"snapshot-id": 1}]}, 9, True),
    ],
)
def test_rows_may_differ_unless_files_were_only_rewritten(metadata, snapshot_id, is_changed):
    assert is_changed_since(metadata, snapshot_id) is is_changed
