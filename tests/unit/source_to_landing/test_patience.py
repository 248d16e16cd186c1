"""How waits grow, what a server may ask for, and when it ends."""

from datetime import UTC, datetime

import pytest

from tm_lakehouse.source_to_landing.patience import Patience, TemporaryError, asked_wait

NOW = datetime(2024, 1, 15, 12, 0, 0, tzinfo=UTC)


def failing(*asked):
    """An action that fails as often as it is called, each time asking for a wait."""
    left = list(asked)

    def act():
        raise TemporaryError("busy", left.pop(0) if left else None)

    return act


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("Mon, 15 Jan 2024 12:00:30 GMT", 30),
        ("Mon, 15 Jan 2024 13:00:30 +0100", 30),
        ("Mon, 15 Jan 2024 12:00:30 -0000", 30),
        ("Mon, 15 Jan 2024 11:00:00 GMT", 0),
        ("9" * 400, float("inf")),
        ("soon", None),
        ("-5", None),
        ("\u0663", None),
        ("", None),
        (None, None),
    ],
)
def test_what_retry_after_asks_for(header, seconds):
    assert asked_wait(header, NOW) == seconds


def test_waits_grow_with_jitter():
    runs = []
    for _ in range(20):
        waits = []
        with pytest.raises(TemporaryError):
            Patience(attempts=5, first_wait=1, sleep=waits.append).retry(failing())
        runs.append(waits)
    for waits in runs:
        for wait, least in zip(waits, [1, 2, 4, 8], strict=True):
            assert least <= wait <= least + 1
    assert len({waits[0] for waits in runs}) > 1


def test_what_is_asked_for_is_waited_up_to_the_longest_and_never_less_than_without():
    waits = []
    with pytest.raises(TemporaryError):
        Patience(attempts=4, first_wait=1, longest_wait=60, sleep=waits.append).retry(failing(20, 3600, 0))
    assert waits[:2] == [20, 60]
    assert 4 <= waits[2] <= 5


def test_no_try_begins_after_the_deadline():
    waits = []
    with pytest.raises(TemporaryError, match="2 tries"):
        Patience(deadline=50, sleep=waits.append).retry(failing(30, 55))
    assert waits == [30]


def test_each_wait_is_told_with_its_reason():
    told = []
    with pytest.raises(TemporaryError):
        Patience(attempts=2, sleep=lambda _: None).retry(failing(30), told.append)
    assert told == ["busy; next try in 30 s"]


def test_another_failure_is_not_tried_again():
    def act():
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        Patience(sleep=lambda _: pytest.fail("waited")).retry(act)
