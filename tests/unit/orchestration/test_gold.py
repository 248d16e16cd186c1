"""What the age of sources means for a run: fresh and somewhat late are told, too late fails."""

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.orchestration.gold import check_freshness


def _built(*statuses):
    return {
        "freshness": [{"source": f"s{n}", "status": each, "says": f"{each} {n}"} for n, each in enumerate(statuses)]
    }


def test_fresh_sources_and_those_that_only_warn_are_told():
    assert check_freshness(_built("pass", "warn")) == ["pass 0", "warn 1"]
    assert check_freshness(_built()) == []


@pytest.mark.parametrize("status", ["error", "runtime error"])
def test_a_source_that_is_too_late_or_can_not_be_told_fails_and_is_named(status):
    with pytest.raises(LakehouseError, match=f"^{status} 1") as raised:
        check_freshness(_built("pass", status))
    assert "pass 0" not in str(raised.value)
