"""A service that errs, loses answers or is slow: a run ends in success with exact accounts, or fails and says why."""

import pytest

SUMMARY_ACCOUNTS = (9, 6, 3)


def accounts(lake, prefix, run_id) -> list[tuple[int, int, int]]:
    """Slots read, rows written and slots quarantined, as the run's summary tells."""
    told = [each for each in lake.summaries(prefix.course_id) if each.run_id == run_id]
    return [(each.slots_read, each.rows_written, each.quarantined_slots) for each in told]


@pytest.mark.parametrize("times", [pytest.param(1, marks=pytest.mark.nightly), 3])
def test_a_commit_whose_answer_is_lost_counts_once(lake, undisturbed, injector, delivery, times):
    prefix = delivery("lost-answer")
    injector.add(
        name="lost", effect="error", service="glue", operation="UpdateTable", moment="after", times=times,
        resource=f"{lake.names.database}.", code="InternalServiceException", status=500,
    )  # fmt: skip

    finished = lake.run(prefix)

    assert injector.told("lost")["struck"] >= 1
    assert finished.state == "SUCCEEDED", finished.message
    assert lake.rows(prefix.course_id) == undisturbed
    assert accounts(lake, prefix, finished.run_id) == [SUMMARY_ACCOUNTS]


@pytest.mark.nightly
def test_a_commit_that_is_never_taken_fails_by_its_name(lake, undisturbed, injector, delivery):
    prefix = delivery("no-commit")
    injector.add(
        name="refused", effect="error", service="glue", operation="UpdateTable", resource=f"{lake.names.database}.",
        code="InternalServiceException", status=500,
    )  # fmt: skip

    finished = lake.run(prefix)

    assert finished.state == "FAILED"
    assert "commit" in str(finished.message).lower()
    assert lake.rows(prefix.course_id) == []
    assert accounts(lake, prefix, finished.run_id) == []


@pytest.mark.parametrize(
    "probability", [pytest.param(0.01, marks=pytest.mark.nightly), 0.1, pytest.param(0.5, marks=pytest.mark.nightly)]
)
def test_an_s3_that_is_too_busy(lake, undisturbed, injector, delivery, probability):
    prefix = delivery("busy")
    injector.add(
        name="busy", effect="error", service="s3", code="SlowDown", status=503, probability=probability, seed=7,
        resource=lake.names.job.removesuffix("landing-to-silver"),
    )  # fmt: skip

    finished = lake.run(prefix)
    met = injector.told("busy")["met"]
    injector.clear()

    assert met > 10
    if finished.state == "SUCCEEDED":
        assert lake.rows(prefix.course_id) == undisturbed
        assert accounts(lake, prefix, finished.run_id) == [SUMMARY_ACCOUNTS]
    else:
        assert probability == 0.5, finished.message
        assert finished.message
        assert lake.rows(prefix.course_id) in ([], undisturbed)


def test_a_slow_and_throttling_catalog(lake, undisturbed, injector, delivery):
    prefix = delivery("slow")
    catalog = {"service": "glue", "resource": f"{lake.names.database}."}
    injector.add(
        name="throttled", effect="error", code="ThrottlingException", status=400, probability=0.3, seed=3, **catalog
    )
    injector.add(name="slow", effect="delay", seconds=1, times=10, **catalog)

    finished = lake.run(prefix)

    assert injector.told("throttled")["struck"]
    assert finished.state == "SUCCEEDED", finished.message
    assert lake.rows(prefix.course_id) == undisturbed
