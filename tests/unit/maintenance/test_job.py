"""The arguments of the maintenance job."""

import datetime as dt
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "python" / "jobs" / "spark" / "table_maintenance.py"
REQUIRED = ("--tables", "silver.a,gold.b", "--keep-snapshots-hours", "0")


@pytest.fixture(scope="module")
def job():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("table_maintenance", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_orphans_are_kept_by_age_or_removed_before_a_moment(job):
    by_age, _ = job.parse_arguments([*REQUIRED, "--keep-orphans-hours", "72"])
    by_moment, _ = job.parse_arguments([*REQUIRED, "--remove-orphans-before", "2024-01-01T10:00:00+02:00"])

    assert (by_age.keep_orphans_hours, by_age.remove_orphans_before) == (72.0, None)
    assert by_moment.remove_orphans_before == dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "orphans",
    [
        (),
        ("--remove-orphans-before", "2024-01-01T10:00:00"),
        ("--remove-orphans-before", "soon"),
        ("--remove-orphans-before", "2024-01-01T10:00:00Z", "--keep-orphans-hours", "1"),
    ],
)
def test_neither_both_and_a_moment_without_a_zone_are_refused(job, orphans, capsys):
    with pytest.raises(SystemExit):
        job.parse_arguments([*REQUIRED, *orphans])
    assert "orphans" in capsys.readouterr().err
