"""Which calls a fault strikes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tm_localstack.faults.rules import Call, Faults, InvalidRuleError, Rule

PUT = Call("s3", "PutObject", "silver/warehouse/data.parquet")


def struck(faults: Faults, calls: int, moment: str = "before", call: Call = PUT) -> list[bool]:
    return [faults.struck_by(call, moment) is not None for _ in range(calls)]


@pytest.fixture
def faults():
    return Faults()


@pytest.mark.parametrize(
    ("fields", "is_struck"),
    [
        ({}, True),
        ({"service": "s3"}, True),
        ({"service": "glue"}, False),
        ({"operation": "PutObject"}, True),
        ({"operation": "GetObject"}, False),
        ({"resource": "silver/ware"}, True),
        ({"resource": "silver/data"}, False),
        ({"moment": "after"}, False),
    ],
)
def test_a_rule_strikes_what_all_its_fields_match(faults, fields, is_struck):
    faults.add(Rule(name="one", effect="error", **fields))

    assert struck(faults, 1) == [is_struck]


def test_skipped_calls_are_spared_and_then_so_many_are_struck(faults):
    fault = faults.add(Rule(name="one", effect="error", skip=2, times=2))

    assert struck(faults, 6) == [False, False, True, True, False, False]
    assert (fault.met, fault.struck) == (6, 2)


def test_a_probability_draws_the_same_from_the_same_seed(faults):
    faults.add(Rule(name="one", effect="error", probability=0.3, seed=7))
    first = struck(faults, 300)
    faults.add(Rule(name="one", effect="error", probability=0.3, seed=7))

    assert struck(faults, 300) == first
    assert 60 < sum(first) < 120


@pytest.mark.parametrize(("ending", "goes_on"), [("release", True), ("end", False)])
def test_a_held_call_goes_on_when_released_and_fails_when_its_rule_ends(faults, ending, goes_on):
    fault = faults.add(Rule(name="one", effect="hold", seconds=30))
    with ThreadPoolExecutor() as pool:
        held = pool.submit(fault.hold)
        getattr(fault, ending)()

        assert held.result(timeout=5) is goes_on


def test_a_removed_rule_strikes_no_more(faults):
    faults.add(Rule(name="one", effect="error"))

    assert faults.remove("one")
    assert struck(faults, 1) == [False]
    assert not faults


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], "a rule is a JSON object"),
        ({"effect": "error"}, "name is missing"),
        ({"name": "one"}, "effect is missing"),
        ({"name": "one", "effect": "explode"}, "effect is one of error, delay, hold"),
        ({"name": "one", "effect": "error", "moment": "later"}, "moment is one of before, after"),
        ({"name": "one", "effect": "error", "key": "x"}, "there is no field key"),
        ({"name": "one", "effect": "error", "times": "3"}, "times has a value of the wrong type"),
        ({"name": "one", "effect": "error", "times": True}, "times has a value of the wrong type"),
        ({"name": "one", "effect": "error", "probability": 1.5}, "probability lies between 0 and 1"),
        ({"name": "one", "effect": "error", "status": 200}, "status lies between 400 and 599"),
        ({"name": "one", "effect": "hold", "seconds": 3600}, "seconds lies between 0 and 600"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_its_field(values, told):
    with pytest.raises(InvalidRuleError, match=told):
        Rule.parse(values)


def test_a_rule_reads_whole_numbers_where_fractions_are_meant():
    assert Rule.parse({"name": "one", "effect": "delay", "seconds": 2}).seconds == 2
