"""A round and a device leave the lakehouse: rows, snapshots, files and their versions; the rest stays as it was."""

import pytest

from tm_lakehouse.end_to_end.deliveries import FIRST_DATE, LATER_DATE

COURSE = "pinehurst4"
FACT = "fact_telemetry_event"


@pytest.fixture(scope="module")
def redelivered(lake) -> str:
    """A round that both deliveries hold: Silver has the later version, its older snapshots the earlier one."""
    query = f"SELECT min(round_id) FROM {FACT} WHERE ingest_date = DATE '{LATER_DATE}'"
    return str(lake.query(query)[0][0])


@pytest.fixture(scope="module")
def device(lake, redelivered) -> str:
    """A device of several rounds, with low batteries, that did not record the round above."""
    query = (
        f"SELECT device FROM {FACT} GROUP BY device HAVING count_if(round_id = '{redelivered}') = 0 "
        "ORDER BY count(DISTINCT round_id) DESC LIMIT 1"
    )
    return str(lake.query(query)[0][0])


def without(content: dict, column: str, values: set) -> dict:
    """All rows but those that have one of the values in a column."""
    return {table: [row for row in rows if dict(row).get(column) not in values] for table, rows in content.items()}


def test_a_dry_run_tells_everything_and_changes_nothing(lake, command, redelivered):
    before = lake.state()

    done = command("erase", "--round", redelivered, "--dry-run")

    assert done.code == 0, done.err
    assert FACT in done.out
    assert "BRINGS IT BACK" in done.err
    assert "nothing was changed" in done.err
    assert lake.state() == before


def test_without_a_yes_nothing_is_erased(lake, command, redelivered):
    before = lake.state()

    done = command("erase", "--round", redelivered)

    assert done.code == 1
    assert "--yes" in done.err
    assert lake.state() == before


def test_a_round_is_gone_for_good_and_the_others_are_as_they_were(lake, command, redelivered):
    before = lake.content()
    assert len(lake.data_files_with(redelivered)[0]) > 2

    done = command("erase", "--round", redelivered, "--yes", "--reason", "asked for")

    assert done.code == 0, done.err
    files, looked = lake.data_files_with(redelivered)
    assert files == []
    assert looked > 5
    assert lake.content() == without(before, "round_id", {redelivered})
    landed = lake.landed_with(redelivered)
    assert {key.split("/")[1] for key in landed} == {f"ingest_date={FIRST_DATE}", f"ingest_date={LATER_DATE}"}
    assert all(key in done.out for key in landed)

    [record] = lake.records()
    assert (record["state"], record["id"], record["reason"]) == ("finished", redelivered, "asked for")
    assert record["caller"].startswith("arn:aws:")
    rows = {table.partition(".")[2]: count for table, count in record["rows"].items()}
    assert rows == {
        table: len(content) - len(without(before, "round_id", {redelivered})[table])
        for table, content in before.items()
        if table not in ("dim_device", "dim_course")
    }
    assert record["snapshots_expired"][f"{lake.settings.db_silver}.{FACT}"] >= 2
    assert record["object_versions_removed"] > 0
    assert len(record["landing_objects"]) == len(landed)


def test_what_is_erased_is_not_found_again(lake, command, redelivered):
    before = lake.state()

    done = command("erase", "--round", redelivered, "--yes")

    assert done.code == 1
    assert f"No table holds round {redelivered}" in done.err
    assert lake.records()[0]["erasure_id"] in done.err
    assert lake.state() == before


@pytest.mark.nightly
def test_an_erasure_that_was_cut_off_is_visible_and_goes_on_when_it_is_run_again(
    lake, command, device, redelivered, monkeypatch
):
    before = lake.content()
    rounds = {dict(row)["round_id"] for row in before[FACT] if dict(row)["device"] == device}
    assert len(rounds) > 1
    with monkeypatch.context() as patch:
        patch.setenv("TM_GLUE_JOB_MAINTENANCE", "gone")
        patch.setattr("tm_lakehouse.erasure.quiet._job_runs", lambda _: iter(()))
        cut_off = command("erase", "--device", device, "--yes", "--reason", "first")
    assert cut_off.code == 1
    assert "There is no Glue job gone" in cut_off.err
    started = next(each for each in lake.records() if each["id"] == device)
    assert started["state"] == "started"

    done = command("erase", "--device", device, "--yes")

    assert done.code == 0, done.err
    assert "goes on" in done.err
    record = next(each for each in lake.records() if each["id"] == device)
    assert (record["state"], record["erasure_id"]) == ("finished", started["erasure_id"])
    assert (record["reason"], record["rows"]) == ("first", started["rows"])
    assert record["rows"][f"{lake.settings.db_gold_build}.dim_device"] == 1
    assert {round_id for _, round_id in record["rounds"]} == rounds
    assert lake.content() == without(without(before, "round_id", rounds), "device", {device})
    for text in (device, *rounds):
        assert lake.data_files_with(text)[0] == []


def test_a_round_of_no_table_is_not_found(command):
    done = command("erase", "--round", "0" * 24, "--yes")

    assert done.code == 1
    assert "No table holds round" in done.err
    assert "next:" in done.err
