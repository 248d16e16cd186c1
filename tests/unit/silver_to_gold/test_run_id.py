"""Names of dbt's runs tell when they began."""

from datetime import UTC, datetime, timedelta

from tm_lakehouse.silver_to_gold.run_id import began_at, new_run_id

NOW = datetime(2026, 3, 1, 12, 30, 15, 900_000, tzinfo=UTC)


def test_a_name_sorts_by_time_and_is_never_the_same():
    assert new_run_id(NOW) < new_run_id(NOW + timedelta(seconds=1))
    assert new_run_id(NOW) != new_run_id(NOW)


def test_a_name_tells_when_its_run_began_to_the_second():
    assert began_at(new_run_id(NOW)) == NOW.replace(microsecond=0)
