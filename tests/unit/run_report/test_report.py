"""What a report says of a run."""

import json

import pytest
from planted_run import ERIN, PINE, facts, glue_run, gold_summary, node, summary

from tm_lakehouse.landing_to_silver.run_records import Failure
from tm_lakehouse.run_report.facts import Score, SilverRun
from tm_lakehouse.run_report.make import values
from tm_lakehouse.run_report.report import build_report, sound_first


def test_a_sound_run_succeeded_without_a_problem():
    report = build_report(facts())

    assert (report.status, report.problems) == ("succeeded", ())
    assert report.dollars == pytest.approx(120 * 2 / 3600 * 0.44 + 40 / (1 << 20) * 5)
    assert [(each.name, each.seconds) for each in report.times if each.began] == [
        ("landing to Silver", 120.0), ("Silver to Gold (dbt)", 60.0), ("publication", 4.0),
    ]  # fmt: skip


def test_stage_times_are_those_of_the_run_or_summed_over_its_deliveries():
    seconds = {each.name: each.seconds for each in build_report(facts()).times}

    assert seconds["landing to Silver: tasks"] == 9.0
    assert seconds["landing to Silver: read, summed over deliveries"] == 3.0


def test_a_silver_run_that_failed_is_told_with_its_reason_and_what_it_left_out():
    failure = Failure("jr_1", "pinehurst4", "2025-09-01", "2025-09-01T06:02:00+00:00", "the file is no CSV")
    run = SilverRun(glue_run(state="FAILED", message="PARTIAL: 1 of 2"), (summary(ERIN),), (failure,))
    report = build_report(facts(silver=(run,), gold=None, gold_counts=None, publication=None, scores=None))

    assert report.status == "failed"
    assert report.problems[:2] == (
        "The Silver run jr_1 ended as FAILED: PARTIAL: 1 of 2",
        "pinehurst4 2025-09-01 was left out: the file is no CSV",
    )
    assert (report.gold, report.quality) == (None, None)


def test_a_run_that_failed_before_it_told_anything_is_reported():
    report = build_report(facts(silver=(SilverRun(glue_run(state="TIMEOUT")),), gold=None))

    assert report.problems == ("The Silver run jr_1 ended as TIMEOUT: Glue tells no reason",)
    assert (report.flows, report.accounts, report.deliveries) == ((), (), ())


def test_a_build_that_failed_names_its_failures():
    nodes = (node("a"), node("b", "test", "fail", failures=3, message="Got 3 results"), node("c", status="skipped"))
    gold = gold_summary(succeeded=False, nodes=nodes, tested_snapshots={})
    report = build_report(facts(gold=gold, gold_counts=None, scores=None, publication=None))

    assert report.status == "failed"
    assert report.problems == (
        "The build of Gold failed: 1 of its models and tests failed: b. Readers keep what they had.",
    )
    assert [each.name for each in report.gold.failed] == ["b"]
    assert [each.name for each in report.gold.nodes] == ["b", "c", "a"]


def test_a_build_that_failed_before_any_model_tells_dbts_reason():
    gold = gold_summary(succeeded=False, nodes=(), reason="Compilation Error", tested_snapshots={})

    assert "Compilation Error" in build_report(facts(gold=gold, gold_counts=None)).problems[0]


def test_failures_come_first_then_warnings_then_the_slowest():
    nodes = [
        node("slow", seconds=9),
        node("quick"),
        node("w", "test", "warn"),
        node("f", "test", "fail"),
        node("e", status="error"),
    ]

    assert [each.name for each in sound_first(nodes)] == ["e", "f", "w", "slow", "quick"]


def test_a_run_whose_counts_do_not_add_up_is_doubtful_though_all_of_it_succeeded():
    report = build_report(facts(silver=(SilverRun(glue_run(), (summary(ERIN, slots_read=1_001), summary(PINE))),)))

    assert report.status == "doubtful"
    assert "Of the slots in Silver, +1 are not accounted for" in report.problems


def test_scores_are_compared_with_the_run_before_where_the_course_was_in_it():
    report = build_report(facts())

    assert [(each.score.course_id, each.difference) for each in report.quality] == [
        ("erinhills", -1.25), ("pinehurst4", None),
    ]  # fmt: skip


def test_a_first_run_has_nothing_to_compare_with():
    report = build_report(facts(earlier_scores=None, earlier_run_id=None))

    assert {each.difference for each in report.quality} == {None}


def test_a_course_without_a_score_is_no_difference():
    report = build_report(facts(scores=(Score("erinhills", None, None, None, None, None),)))

    assert report.quality[0].difference is None


def test_reasons_are_summed_over_deliveries_the_most_frequent_first():
    told = (
        summary(ERIN, quarantine_reasons={"no_locations": 1}),
        summary(PINE, quarantine_reasons={"no_locations": 2, "x": 9}),
    )
    report = build_report(facts(silver=(SilverRun(glue_run(), told),)))

    assert [(each.reason, each.lines, each.deliveries) for each in report.reasons] == [
        ("x", 9, 1),
        ("no_locations", 3, 2),
    ]


def test_the_data_behind_the_page_is_json():
    told = json.loads(json.dumps(values(build_report(facts()))))

    assert told["silver"][0]["glue"]["prefixes"] == [["erinhills", "2025-09-01"], ["pinehurst4", "2025-09-01"]]
    assert told["made_at"] == "2025-09-01T06:20:00+00:00"
    assert told["flows"][1]["stages"][0] == {"name": "read", "count": 2_000, "losses": [], "unaccounted": 0}
