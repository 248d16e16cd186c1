"""What a publication or rollback is to do."""

from dataclasses import replace

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication import plan
from tm_lakehouse.gold_publication.iceberg_metadata import PublishedSnapshot
from tm_lakehouse.gold_publication.records import PublishedTable, Record, read_record


def table(name, publication, snapshot=None):
    where = {"Parameters": {"metadata_location": f"s3://{name}/{publication}"}}
    snapshot = snapshot or int(publication) * 100
    return PublishedTable(name, False, f"{int(publication):06d}", "run", where, snapshot, rows=1)


def publication(number, *names, **values):
    tables = tuple(table(name, number) for name in names or ("fact", "total"))
    hour = f"2025-09-01T{number:02d}"
    record = Record(
        number, "publication", "finished", "me", f"{hour}:00:00+00:00", tables, f"{hour}:00:09+00:00", "run"
    )
    return replace(record, **values)


def rollback(number, to):
    return replace(publication(number), kind="rollback", tables=publication(to).tables, to=f"{to:06d}")


JOURNAL = [publication(1), publication(2), publication(3)]


def test_newest_record_decides_and_one_that_only_prepares_does_not():
    preparing = publication(4, status="preparing")
    assert plan.newest([*JOURNAL, preparing]) == JOURNAL[2]
    assert plan.next_number([*JOURNAL, preparing]) == 5
    assert plan.newest([]) is None
    assert plan.next_number([]) == 1


def test_only_the_newest_record_is_finished_later():
    stopped = publication(4, status="started")
    assert plan.unfinished([*JOURNAL, stopped]) == stopped
    assert plan.unfinished([*JOURNAL, stopped, publication(5)]) is None
    assert plan.unfinished(JOURNAL) is None


def test_last_publications_are_kept_and_the_one_that_readers_went_back_to():
    journal = [publication(number) for number in range(1, 6)] + [rollback(6, to=1)]
    assert [record.number for record in plan.kept(journal, 2)] == [5, 4, 1]
    assert [record.number for record in plan.kept(journal[:-1], 2)] == [5, 4]


def test_tags_of_publications_that_are_not_kept_are_forgotten():
    tags = ["publication_000001", "publication_000002", "publication_000003", "release"]
    assert plan.tags_to_forget(tags, [publication(2)], "000003") == ["publication_000001"]
    assert plan.tags_to_forget(tags, [publication(1)], "000002") == [], "number 3 is prepared at the same time"


def test_a_publication_that_prepares_beside_keeps_its_tags_and_a_killed_one_loses_them():
    journal = [publication(number, status="preparing") for number in (1, 4)]
    assert plan.preparing(journal, 5, count=2) == [journal[1]]


def test_snapshots_of_a_table_are_those_published_of_it_and_not_carried_along():
    carried = replace(publication(3), tables=(table("fact", 1), table("total", 3)))
    assert plan.seen_snapshots([publication(1), carried], "fact") == [
        PublishedSnapshot("000001", 100, plan.milliseconds("2025-09-01T01:00:00+00:00"))
    ]


def test_a_table_without_a_model_stays_until_it_is_taken_out_of_gold():
    last = publication(3, "fact", "old", "gone")
    assert [each.name for each in plan.carried_over(last, ["fact", "new"], ["fact", "old"])] == ["old"]
    assert plan.carried_over(None, ["fact"], []) == []


@pytest.mark.parametrize(
    ("to", "number"),
    [
        ("2", 2),
        ("000002", 2),
        ("300", 3),
        ("2025-09-01T02:30:00", 2),
        ("2025-09-01T02:00:09+00:00", 2),
        ("2025-09-01T02:00:08", 1),
        ("2025-09-01T04:30:00+02:00", 2),
        ("2026-01-01", 4),
    ],
)
def test_target_by_number_snapshot_and_what_readers_saw_at_a_time(to, number):
    assert plan.target_of([*JOURNAL, rollback(4, to=1)], to).number == number


@pytest.mark.parametrize(
    ("to", "said"),
    [("9", "no finished publication 000009"), ("yesterday", "no ISO time"), ("2020-01-01", "Nothing was published")],
)
def test_target_that_there_is_not_is_refused(to, said):
    with pytest.raises(LakehouseError, match=said):
        plan.target_of(JOURNAL, to)


def test_unfinished_publication_is_no_target():
    with pytest.raises(LakehouseError, match="no finished publication"):
        plan.target_of([*JOURNAL, publication(4, status="started")], "4")


def test_rollback_takes_all_tables_together_and_leaves_those_that_came_later():
    now, then = publication(3, "fact", "total", "new"), publication(1)
    back = plan.rolled_back(now, then, ())
    assert [(each.name, each.publication_id) for each in back] == [
        ("fact", "000001"),
        ("new", "000003"),
        ("total", "000001"),
    ]


def test_rollback_of_one_table_leaves_the_others():
    back = plan.rolled_back(publication(3), publication(1), ["fact"])
    assert [(each.name, each.publication_id) for each in back] == [("fact", "000001"), ("total", "000003")]


def test_rollback_of_a_table_that_was_not_there_is_refused():
    with pytest.raises(LakehouseError, match="new was not published in 000001"):
        plan.rolled_back(publication(3, "fact", "new"), publication(1), ["new"])


def test_differences_are_the_tables_that_change_for_readers():
    now = {"fact": "000003", "total": "000001"}
    back = [table("fact", 1), table("total", 1), table("new", 1)]
    assert plan.differences(now, back) == [("fact", "000003", "000001"), ("new", None, "000001")]


@pytest.mark.parametrize("record", [publication(3, not_built=("old",)), rollback(4, to=1)])
def test_record_is_the_same_after_it_was_kept(record):
    assert read_record(record.to_json()) == record
    assert "\n" not in record.to_json()
