"""What is told of the age of a source's newest load."""

import pytest

from tm_lakehouse.silver_to_gold.freshness import SourceFreshness, read_freshness

DAY, HOUR, MINUTE = 86_400, 3_600, 60
LOADED = "2024-06-03T06:30:00+00:00"


def sources_json(*results):
    return {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/sources/v3.json",
            "dbt_version": "1.11.16",
            "generated_at": "2024-06-05T06:30:00Z",
            "invocation_id": "i",
            "env": {},
        },
        "results": list(results),
        "elapsed_time": 1.0,
    }


def looked_up(source="silver.fact_telemetry_event", status="pass", loaded=LOADED, age=60.0, days=2):
    return {
        "unique_id": f"source.tm_lakehouse.{source}",
        "max_loaded_at": loaded,
        "snapshotted_at": "2024-06-05T06:30:00+00:00",
        "max_loaded_at_time_ago_in_s": age,
        "status": status,
        "criteria": {
            "warn_after": {"count": days, "period": "day"},
            "error_after": {"count": None, "period": None},
            "filter": None,
        },
        "adapter_response": {},
        "timing": [],
        "thread_id": "Thread-1",
        "execution_time": 0.5,
    }


def test_sources_are_told_by_name_with_what_they_may_be():
    found = read_freshness(sources_json(looked_up("silver.z"), looked_up("silver.a", "warn", age=3.0 * DAY, days=2)))
    assert found == (
        SourceFreshness("silver.a", "warn", LOADED, 3.0 * DAY, 2 * DAY),
        SourceFreshness("silver.z", "pass", LOADED, 60.0, 2 * DAY),
    )


def test_a_zone_in_the_load_s_time_is_heeded():
    (found,) = read_freshness(sources_json(looked_up(loaded="2024-06-03T08:30:00+02:00")))
    assert found.newest_load == LOADED


def test_a_table_without_any_load_was_never_loaded():
    (found,) = read_freshness(sources_json(looked_up(status="warn", loaded="0001-01-01T00:00:00+00:00", age=6.4e10)))
    assert (found.newest_load, found.age_seconds, found.is_late) == (None, None, True)
    assert str(found).startswith(
        "late: silver.fact_telemetry_event was never loaded, over 2 days. `tm-lakehouse silver"
    )


def test_a_source_that_could_not_be_read_says_why():
    broken = {
        "unique_id": "source.tm_lakehouse.silver.a",
        "error": "TABLE_NOT_FOUND:\n line 1",
        "status": "runtime error",
    }
    (found,) = read_freshness(sources_json(broken))
    assert str(found) == "age of silver.a is unknown: TABLE_NOT_FOUND: line 1"
    assert not found.is_late


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (MINUTE - 1, "less than a minute"),
        (MINUTE, "1 minute"),
        (2 * HOUR + MINUTE, "2 hours 1 minute"),
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 days 4 hours"),
        (DAY + 5 * MINUTE, "1 day 5 minutes"),
        (2 * DAY, "2 days"),
    ],
)
def test_ages_are_told_in_two_units(seconds, words):
    assert str(SourceFreshness("silver.a", "pass", LOADED, seconds, 2 * DAY)) == (
        f"fresh: silver.a was last loaded {words} ago (2024-06-03 06:30 UTC)"
    )


def test_a_late_source_tells_how_old_it_is_and_what_to_do():
    told = str(SourceFreshness("silver.a", "warn", LOADED, 3.5 * DAY, 2 * DAY))
    assert told.startswith("late: silver.a was last loaded 3 days 12 hours ago (2024-06-03 06:30 UTC), over 2 days. ")
    assert "`tm-lakehouse silver --pending`" in told
