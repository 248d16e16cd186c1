"""Which runs a report is of."""

import datetime as dt
from dataclasses import replace

import pytest
from planted_run import AT, GOLD_ID, SILVER_ID, glue_run, gold_summary

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.run_report.choice import choose, of_silver

HOUR = dt.timedelta(hours=1)


def gold_at(moment, *, run_id=None, **changes):
    """A build of Gold that began then and took a minute."""
    text = moment.isoformat()
    return gold_summary(run_id=run_id or f"{moment:%Y%m%dT%H%M%SZ}-00", started_at=text, finished_at=text, **changes)


def silver_at(moment, run_id="jr_9"):
    """A run of the Silver job that began then and took ten minutes."""
    return glue_run(run_id=run_id, started_at=moment, finished_at=moment + HOUR / 6)


def chosen(wanted, silver, *golds):
    by_id = {each.run_id: each for each in golds}
    return choose(wanted, silver, by_id, by_id.get)


def test_the_latest_is_gold_with_the_silver_runs_that_it_took_and_the_build_before():
    before = gold_at(AT - HOUR)
    earlier, first, second = silver_at(AT - 2 * HOUR, "jr_0"), silver_at(AT, "jr_1"), silver_at(AT + HOUR / 4, "jr_2")
    now = gold_at(AT + HOUR)

    found = chosen(None, [second, first, earlier], now, before)

    assert found.gold == now
    assert found.earlier == before
    assert [run.run_id for run in found.silver] == ["jr_1", "jr_2"]
    assert found.run_id == now.run_id


def test_a_build_takes_no_silver_run_that_ended_after_it_began():
    now = gold_at(AT + HOUR)
    silver = [silver_at(AT, "jr_1"), silver_at(AT + HOUR, "jr_2"), replace(silver_at(AT, "jr_3"), finished_at=None)]

    assert [run.run_id for run in chosen(now.run_id, silver, now).silver] == ["jr_1"]


def test_a_silver_run_that_gold_has_not_taken_is_the_latest():
    found = chosen(None, [silver_at(AT + HOUR)], gold_at(AT))

    assert (found.run_id, found.gold, found.earlier) == ("jr_9", None, None)


def test_a_silver_run_is_told_with_the_build_that_followed_it_only():
    silver = [silver_at(AT, "jr_1"), silver_at(AT + 2 * HOUR, "jr_2")]
    first, second = gold_at(AT + HOUR), gold_at(AT + 3 * HOUR)

    found = chosen("jr_1", silver, first, second)

    assert found.gold == first
    assert [run.run_id for run in found.silver] == ["jr_1"]


def test_a_build_that_failed_is_a_run_and_took_nothing_from_the_next():
    failed = gold_at(AT + HOUR, succeeded=False, tested_snapshots={})
    now = gold_at(AT + 2 * HOUR)
    silver = [silver_at(AT)]

    assert chosen(failed.run_id, silver, failed, now).silver == tuple(silver)
    found = chosen(None, silver, failed, now)
    assert found.silver == tuple(silver)
    assert found.earlier is None


def test_a_selection_of_models_is_no_latest_run_and_nothing_to_compare_with():
    selection = gold_at(AT + 2 * HOUR, tested_snapshots={})
    now = gold_at(AT + HOUR)

    assert chosen(None, [], now, selection).gold == now
    assert chosen(None, [], now, gold_at(AT, tested_snapshots={})).earlier is None
    assert chosen(selection.run_id, [], now, selection).gold == selection


def test_runs_with_a_name_instead_of_a_time_are_found_by_their_summary():
    named = gold_at(AT + HOUR, run_id="nightly")

    assert chosen("jr_9", [silver_at(AT)], named).gold == named
    assert chosen("nightly", [silver_at(AT)], named).silver == (silver_at(AT),)


def test_a_build_that_began_in_the_second_of_the_silver_runs_end_follows_it():
    end = AT + dt.timedelta(milliseconds=200)
    gold = gold_at(AT + dt.timedelta(milliseconds=700))

    assert (
        of_silver((replace(silver_at(AT), finished_at=end),), end, [gold.run_id], {gold.run_id: gold}.get).gold == gold
    )


def test_an_unknown_run_is_refused_with_the_latest_ones():
    gold = gold_at(AT)

    with pytest.raises(LakehouseError) as caught:
        chosen("jr_x", [silver_at(AT, SILVER_ID)], gold)

    assert "'jr_x'" in caught.value.reason
    assert gold.run_id in caught.value.next_step
    assert SILVER_ID in caught.value.next_step


def test_where_nothing_ran_that_is_said():
    with pytest.raises(LakehouseError, match="Nothing has run yet"):
        chosen(None, [])
    with pytest.raises(LakehouseError, match="Nothing has run yet"):
        chosen(GOLD_ID, [])


def test_a_build_without_a_summary_is_refused():
    with pytest.raises(LakehouseError, match="left no summary"):
        choose(GOLD_ID, [], [GOLD_ID], lambda _: None)
