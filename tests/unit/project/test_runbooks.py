"""Whoever is alerted finds what to do: every alert names a section of the runbooks, and every section an alert."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[3]
RUNBOOKS = (PROJECT / "docs" / "runbooks.md").read_text()
MODULE = "".join(path.read_text() for path in sorted((PROJECT / "terraform/modules/observability").glob("*.tf")))
SECTIONS = set(re.findall(r"^## (\S+)$", RUNBOOKS, flags=re.MULTILINE))


def test_every_alert_has_a_runbook_and_every_runbook_an_alert():
    named = set(re.findall(r"docs/runbooks\.md#([a-z-]+)", MODULE))
    own = MODULE[MODULE.index("own_alarms = {") :]
    keys = set(re.findall(r"^    ([a-z-]+) = \{$", own[: own.index("\n}\n")], flags=re.MULTILINE))

    assert keys
    assert named | keys | {"budget"} == SECTIONS


def test_every_metric_that_an_alarm_watches_is_published():
    watched = set(re.findall(r'^\s+metric\s+= "(\w+)"', MODULE, flags=re.MULTILINE))
    sources = [
        PROJECT / "python/tm_lakehouse" / folder / "metrics.py" for folder in ("landing_to_silver", "silver_to_gold")
    ]
    published = set(re.findall(r'Metric\("(\w+)"', "".join(path.read_text() for path in sources)))

    assert watched <= published
    assert all(f"`{name}`" in RUNBOOKS for name in published)
