"""What must be equal is compared delivery by delivery, and what was not counted is not said to hold."""

import pytest
from planted_run import ERIN, PINE, SILVER_ID, facts, glue_run, summary

from tm_lakehouse.run_report.accounts import accounts
from tm_lakehouse.run_report.facts import GoldCounts, LandedFiles, Quarantined, SilverCounts, SilverRun

REASON = "coordinates_out_of_bounds"
SOUND, FEWER_ROWS = GoldCounts(8, 380), SilverCounts(389, 380, 8, 8)


def verdicts(**changes):
    return {account.name: account.holds for account in accounts(facts(**changes))}


def lines(reason, *, slots):
    """Four lines of one delivery in the quarantine."""
    return Quarantined({(SILVER_ID, ERIN, reason): 4}, {(SILVER_ID, ERIN): slots})


def told(*summaries):
    return (SilverRun(glue_run(), summaries),)


def test_everything_holds_in_a_sound_run_and_was_really_compared():
    found = accounts(facts())

    assert len(found) == 9
    assert {account.holds for account in found} == {True}
    assert {account.compared for account in found} == {2}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("every landed file was read", {"landed": {ERIN: LandedFiles(2, 1, "f", 10)}}),
        ("every landed record was read", {"landed": {ERIN: LandedFiles(1, 1, "f", 11)}}),
        (
            "records read = written + superseded + duplicate + quarantined",
            {"silver": told(summary(ERIN, rounds_written=7))},
        ),
        (
            "slots read = written + empty + duplicate + superseded + quarantined",
            {"silver": told(summary(ERIN, empty_slots=599))},
        ),
        (
            "the quarantine holds the lines that the run counted, by reason",
            {"silver": told(summary(ERIN)), "quarantined": lines("no_locations", slots=4)},
        ),
        (
            "the quarantine's lines account for the slots that the run set aside",
            {"silver": told(summary(ERIN)), "quarantined": lines(REASON, slots=3)},
        ),
        ("Silver holds the rows that the run wrote", {"silver_counts": {(SILVER_ID, ERIN): FEWER_ROWS}}),
        ("Gold counts every real round of Silver", {"gold_counts": {ERIN: GoldCounts(7, 380), PINE: SOUND}}),
        ("Gold counts every real row of Silver", {"gold_counts": {ERIN: GoldCounts(8, 379), PINE: SOUND}}),
    ],
)  # fmt: skip
def test_what_differs_is_found_with_its_delivery(name, changes):
    (broken,) = [account for account in accounts(facts(**changes)) if account.name == name]

    assert broken.holds is False
    assert all(each.startswith(("erinhills 2025-09-01: ", "pinehurst4 2025-09-01: ")) for each in broken.wrong)


def test_two_deliveries_that_balance_each_other_are_both_wrong():
    counts = {(SILVER_ID, ERIN): SilverCounts(391, 380, 8, 8), (SILVER_ID, PINE): SilverCounts(389, 380, 8, 8)}
    (broken,) = [each for each in accounts(facts(silver_counts=counts)) if each.name.startswith("Silver holds")]

    assert len(broken.wrong) == 2


def test_a_delivery_that_silver_lacks_whole_is_wrong():
    (broken,) = [each for each in accounts(facts(silver_counts={})) if each.name.startswith("Silver holds")]

    assert broken.wrong == ("erinhills 2025-09-01: 390 and 0", "pinehurst4 2025-09-01: 390 and 0")


def test_what_was_not_counted_does_not_hold_and_does_not_fail():
    nothing = {"landed": None, "quarantined": None, "silver_counts": None, "seen_by_gold": None, "gold_counts": None}
    found = verdicts(**nothing)

    assert list(found.values()).count(None) == 7
    assert list(found.values()).count(True) == 2


def test_a_quarantine_that_was_too_large_to_read_is_not_judged():
    found = verdicts(quarantined=Quarantined(is_whole=False))

    assert [name for name, holds in found.items() if holds is None] == [
        "the quarantine holds the lines that the run counted, by reason",
        "the quarantine's lines account for the slots that the run set aside",
    ]


def test_files_that_were_landed_after_the_run_are_no_fault_of_it():
    found = verdicts(landed={each: LandedFiles(5, 1, "newer", 99) for each in (ERIN, PINE)})

    assert found["every landed file was read"] is None
    assert found["every landed record was read"] is None
