"""The flow adds up, or says that it does not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from planted_run import ERIN, PINE, SILVER_ID, facts, glue_run, summary

from tm_lakehouse.run_report.facts import GoldCounts, LandedFiles, SilverCounts, SilverRun
from tm_lakehouse.run_report.flow import flows
from tm_lakehouse.run_report.report import build_report

COUNTS = st.integers(0, 5_000)
SLOTS = ("slots_read", "rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots")
RECORDS = ("records_read", "rounds_written", "rounds_duplicate", "rounds_superseded", "records_quarantined")


def stages(flow):
    return {stage.name: stage.count for stage in flow.stages}


def losses(flow):
    return {loss.name: loss.count for stage in flow.stages for loss in stage.losses}


def test_every_stage_of_a_sound_run_is_told_with_what_did_not_go_on():
    rounds, slots = flows(facts())

    assert stages(rounds) == {"landed": 20, "read": 20, "in Silver": 16, "in Gold": 16}
    assert losses(rounds) == {"quarantined": 2, "duplicate": 2}
    assert stages(slots) == {"read": 2_000, "in Silver": 780, "in Gold": 760}
    assert losses(slots) == {"empty": 1_200, "quarantined": 8, "duplicate": 12, "without a place": 20}
    assert rounds.adds_up
    assert slots.adds_up


def test_a_run_without_gold_ends_in_silver():
    rounds, slots = flows(facts(gold=None, gold_counts=None))

    assert [stage.name for stage in rounds.stages] == ["landed", "read", "in Silver"]
    assert [stage.name for stage in slots.stages] == ["read", "in Silver"]


def test_what_was_landed_is_left_out_where_other_files_are_there_by_now_or_nobody_counted_them():
    for landed in (LandedFiles(1, 5_000, "other", 10), LandedFiles(1, 5_000, "f", None)):
        rounds, _ = flows(facts(landed={ERIN: landed, PINE: landed}))
        assert rounds.stages[0].name == "read"


def test_a_fix_that_gold_lacks_is_not_accounted_for():
    _, slots = flows(facts(gold_counts={ERIN: GoldCounts(8, 379), PINE: GoldCounts(8, 380)}))

    assert slots.stages[-1].unaccounted == 1
    assert not slots.adds_up


def test_only_of_several_runs_may_a_later_one_have_replaced_rows():
    seen = {each: SilverCounts(380, 370, 7, 7) for each in (ERIN, PINE)}
    gold = {each: GoldCounts(7, 370) for each in (ERIN, PINE)}
    one = facts(seen_by_gold=seen, gold_counts=gold)
    two = replace(one, silver=(*one.silver, SilverRun(glue_run(run_id="jr_2"))))

    assert not any(flow.adds_up for flow in flows(one))
    assert all(flow.adds_up for flow in flows(two))
    assert [losses(flow)["replaced"] for flow in flows(two)] == [2, 20]


def test_a_run_that_told_of_nothing_has_no_flow():
    assert flows(facts(silver=())) == ()
    assert flows(facts(silver=(SilverRun(glue_run(state="FAILED")),))) == ()


@given(slots=st.tuples(*[COUNTS] * 6), records=st.tuples(*[COUNTS] * 5), landed=COUNTS, seen=st.tuples(*[COUNTS] * 4),
       gold=st.tuples(COUNTS, COUNTS))  # fmt: skip
def test_whatever_was_counted_every_unit_is_in_a_stage_a_loss_or_told_as_missing(slots, records, landed, seen, gold):
    counts = dict(zip(SLOTS, slots, strict=True)) | dict(zip(RECORDS, records, strict=True))
    planted = facts(
        silver=(SilverRun(glue_run(), (summary(ERIN, **counts),)),),
        landed={ERIN: LandedFiles(1, 1, "f", landed)},
        silver_counts={(SILVER_ID, ERIN): SilverCounts(*seen)},
        seen_by_gold={ERIN: SilverCounts(*seen)},
        gold_counts={ERIN: GoldCounts(*gold)},
    )
    found = flows(planted)

    for flow in found:
        for before, stage in zip(flow.stages, flow.stages[1:], strict=False):
            assert before.count == stage.count + sum(loss.count for loss in stage.losses) + stage.unaccounted
    slots_add_up = slots[0] == sum(slots[1:]) and seen[0] == counts["rows_written"] and seen[1] == gold[1]
    records_add_up = (
        landed == records[0] == sum(records[1:]) and seen[2] == counts["rounds_written"] and seen[3] == gold[0]
    )
    assert [flow.adds_up for flow in found] == [records_add_up, slots_add_up]
    report = build_report(planted)
    assert (report.status == "succeeded") <= (records_add_up and slots_add_up)


@given(parts=st.tuples(*[COUNTS] * 4), rows=COUNTS, padding=COUNTS)
def test_counts_that_add_up_are_never_doubted(parts, rows, padding):
    empty, duplicates, superseded, quarantined = parts
    written = rows + padding
    planted = facts(
        silver=(SilverRun(glue_run(), (summary(
            ERIN, slots_read=sum(parts) + written, rows_written=written, empty_slots=empty, duplicates=duplicates,
            superseded=superseded, quarantined_slots=quarantined,
        ),)),),
        seen_by_gold={ERIN: SilverCounts(written, rows, 8, 8)},
        gold_counts={ERIN: GoldCounts(8, rows)},
    )  # fmt: skip

    assert all(flow.adds_up for flow in flows(planted))
