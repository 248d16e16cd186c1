"""A token opens one door, for a minute."""

import pytest

from tm_localstack.mwaa.web_site import mwaa_tokens

NOW = 1_700_000_000.0


@pytest.fixture
def token():
    return mwaa_tokens.make("cli", "secret", now_seconds=NOW)


@pytest.mark.parametrize(
    ("purpose", "secret", "seconds_later", "holds"),
    [
        ("cli", "secret", 0, True),
        ("cli", "secret", 60, True),
        ("cli", "secret", 61, False),
        ("login", "secret", 0, False),
        ("cli", "other", 0, False),
    ],
)
def test_a_token_holds_for_its_purpose_within_its_minute(token, purpose, secret, seconds_later, holds):
    assert mwaa_tokens.holds(token, purpose, secret, now_seconds=NOW + seconds_later) is holds


@pytest.mark.parametrize("forged", ["", "cli", "cli.9999999999.x", "cli.9999999999.x.00", "é.9.x.y"])
def test_a_forged_token_does_not_hold(forged):
    assert not mwaa_tokens.holds(forged, "cli", "secret", now_seconds=NOW)
