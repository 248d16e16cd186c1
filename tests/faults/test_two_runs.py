"""Two runs at once, held until both are about to commit."""

from datetime import date

from tm_lakehouse.landing_to_silver.prefixes import Prefix


def run_together(lake, injector, wait_until, *deliveries: Prefix) -> list[str]:
    """Start a run for each, let them commit at the same moment, and tell how they ended."""
    injector.add(
        name="gate", effect="hold", service="glue", operation="UpdateTable", resource=f"{lake.names.database}.",
        times=len(deliveries), seconds=120,
    )  # fmt: skip
    runs = [lake.start(each) for each in deliveries]
    wait_until(lambda: injector.told("gate")["waiting"] == len(runs), 180, "all runs come to their commit")
    injector.release("gate")
    return [run.follow(lambda _: None).state for run in runs]


def test_runs_of_different_courses_both_land(lake, undisturbed, injector, delivery, wait_until):
    one, other = delivery("one"), delivery("other")

    states = run_together(lake, injector, wait_until, one, other)

    assert states == ["SUCCEEDED", "SUCCEEDED"]
    assert lake.rows(one.course_id) == lake.rows(other.course_id) == undisturbed


def test_runs_of_the_same_delivery_give_it_once(lake, undisturbed, injector, delivery, wait_until):
    prefix = delivery("same")

    states = run_together(lake, injector, wait_until, prefix, prefix)

    assert states == ["SUCCEEDED", "SUCCEEDED"]
    assert lake.rows(prefix.course_id) == undisturbed


def test_two_dates_of_a_course_end_with_the_later_one(lake, undisturbed, injector, delivery, wait_until):
    earlier = delivery("dates")
    later = Prefix(earlier.course_id, date(2024, 7, 2))
    lake.land(later)

    states = run_together(lake, injector, wait_until, earlier, later)

    assert states == ["SUCCEEDED", "SUCCEEDED"]
    assert lake.rows(later.course_id) == undisturbed
    assert lake.ingest_dates(later.course_id) == ["2024-07-02"]
