"""Progress on stderr, live on a terminal and in plain lines elsewhere."""

import io

import pytest
from rich.console import Console

from tm_lakehouse.cli import progress
from tm_lakehouse.cli.output import print_rows
from tm_lakehouse.cli.progress import stage


def written(*, is_terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=is_terminal, width=100, highlight=False)


def test_plain_lines_tell_beginning_and_end():
    console = written(is_terminal=False)
    with stage("Landing [3 files]", console):
        pass
    first, last = console.file.getvalue().splitlines()
    assert first == "Landing [3 files] ..."
    assert last.startswith("Landing [3 files]: done in 0.")


def test_a_failure_is_told_and_goes_on():
    console = written(is_terminal=False)
    with pytest.raises(ValueError, match="broken"), stage("Landing", console):
        raise ValueError("broken")
    assert "Landing: failed after 0." in console.file.getvalue()


def test_plain_updates_come_seldom(monkeypatch):
    console = written(is_terminal=False)
    with stage("Landing", console) as current:
        current.update("one")
        monkeypatch.setattr(progress, "_PLAIN_UPDATE_SECONDS", 0.0)
        current.update("two [of] three")
        current.update("two [of] three")
    assert console.file.getvalue().splitlines()[1:-1] == ["Landing: two [of] three"]


def test_a_terminal_shows_what_the_stage_is_at():
    console = written(is_terminal=True)
    with stage("Landing", console) as current:
        current.update("file one")
        current._status.refresh() if hasattr(current._status, "refresh") else current._status._live.refresh()
    shown = console.file.getvalue()
    assert "file one" in shown
    assert "Landing: done in" in shown
    assert "..." not in shown


def test_rows_are_not_cut_where_there_is_no_terminal(capsys):
    print_rows(("name", "rows"), [("x" * 300, 1_234_567), ("y", None)])
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "rows"]
    assert first.split() == ["x" * 300, "1,234,567"]
    assert second.strip() == "y"
