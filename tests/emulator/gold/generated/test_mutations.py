"""Every dbt test finds the defects that it is there for, and no test that says something else fails for them."""

import os
from collections import Counter

import pytest
from gold_mutations import data_tests, page, trial

from tm_lakehouse.cli.target import project_root

pytestmark = pytest.mark.nightly
PAGE = project_root() / "docs" / "gold-tests.md"
REWRITES_PAGE = os.environ.get("TM_TEST_WRITE_PAGE") == "1"

# Tests that fail for another one's defect, since both say it: a round that is there twice is in the totals of others,
# and two equal ranges overlap.
SAME = {
    "course_start_hole_distribution_has_sound_rows": {"course_start_hole_distribution_has_every_round"},
    "dim_facility_topology_has_sound_rows": {"dim_facility_topology_has_disjoint_ranges"},
    "fact_rounds_has_sound_rows": {
        "course_start_hole_distribution_has_every_round", "global_overview_sums_its_courses",
        "round_hours_counts_every_fix",
    },
    "round_hours_has_sound_rows": {"round_hours_counts_every_fix"},
}  # fmt: skip


@pytest.fixture(scope="module")
def tests(built):
    return data_tests.read(built.target)


@pytest.fixture(scope="module")
def mutants(athena, tests):
    """Fails by a KeyError for a test of a new kind, or with new expressions: somebody has to think of its defect."""
    return trial.mutants(tests, trial.read_tables(athena, tests))


@pytest.fixture(scope="module")
def outcomes(athena, tests, mutants):
    return trial.try_all(athena, tests, mutants)


def test_every_dbt_test_has_a_defect_in_a_whole_table(tests, mutants):
    assert len(tests) > 40
    assert {mutant.test for mutant in mutants if mutant.is_whole} == {test.name for test in tests}


def test_every_bound_and_value_that_a_test_names_has_a_defect_of_its_own(tests, mutants):
    alone = Counter[str]()
    for mutant in mutants:
        alone[mutant.test] += 0 if mutant.is_whole else mutant.found
    for test in tests:
        bounds = [bound for both in test.arguments.get("ranges", {}).values() for bound in both if bound is not None]
        needed = [name for name in test.arguments.get("key", ()) if name not in test.arguments.get("nullable", ())]
        least = {
            "sound_rows": 1 + len(needed) + len(bounds) + 2 * len(test.arguments.get("values", {})),
            "holds": len(test.arguments.get("expressions", ())),
        }
        assert alone[test.name] >= least.get(test.kind, 0), test.name


def test_every_defect_is_found(outcomes):
    missed = [
        (each.mutant.test, each.mutant.words, each.mutant.found, each.found)
        for each in outcomes
        if each.found.get(each.mutant.test) != each.mutant.found
    ]
    assert missed == []


def test_no_test_fails_that_says_something_else(outcomes):
    others: dict[str, set[str]] = {}
    for each in outcomes:
        if found := each.found.keys() - {each.mutant.test}:
            others.setdefault(each.mutant.test, set()).update(found)
    assert others == SAME


def test_the_page_tells_what_was_found(tests, outcomes):
    text = page.page(tests, outcomes)
    if REWRITES_PAGE:
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "run `make mutations`"
