"""What commands tell people, and what they tell programs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tm_lakehouse.cli import output
from tm_lakehouse.cli.main import LazyGroup
from tm_lakehouse.cli.output import Document, key_of, print_rows, tell

GROUP = LazyGroup()


@pytest.fixture
def document(monkeypatch):
    """A document that was asked for."""
    fresh = Document()
    fresh.is_wanted = True
    monkeypatch.setattr(output, "document", fresh)
    return fresh


def _leaves(command, path=()):
    parts = getattr(command, "commands", None)
    if parts is None:
        return [(path, command)]
    return [leaf for name, part in parts.items() for leaf in _leaves(part, (*path, name))]


LEAVES = [leaf for name in GROUP.list_commands(None) for leaf in _leaves(GROUP.get_command(None, name), (name,))]


@pytest.mark.parametrize("command", [leaf[1] for leaf in LEAVES], ids=[" ".join(leaf[0]) for leaf in LEAVES])
def test_every_command_speaks_to_programs_and_can_tell_its_traceback(command):
    options = [option for parameter in command.params for option in parameter.opts]

    assert options.count("--json") == options.count("--verbose") == 1


def test_tables_and_values_are_one_document(document, capsys):
    print_rows(
        ("table", "at (UTC)", "rows"), [("fact_rounds", "2025-09-01 06:00", 1234), ("dim_course", None, 0)], "kept"
    )
    tell("two tables", count=2)
    document.print()

    assert json.loads(capsys.readouterr().out) == {
        "kept": [
            {"table": "fact_rounds", "at_utc": "2025-09-01 06:00", "rows": 1234},
            {"table": "dim_course", "at_utc": None, "rows": 0},
        ],
        "count": 2,
    }


def test_people_get_lines(capsys):
    print_rows(("table", "rows"), [("fact_rounds", 1234)], "kept")
    tell("one table", count=1)

    assert capsys.readouterr().out.split() == ["table", "rows", "fact_rounds", "1,234", "one", "table"]


@pytest.mark.parametrize(
    ("column", "key"), [("at (UTC)", "at_utc"), ("rows (Spark)", "rows_spark"), ("bytes", "bytes")]
)
def test_headings_become_keys(column, key):
    assert key_of(column) == key


def test_a_failure_is_in_the_document(command):
    done = command("status", "--json")

    assert done.returncode == 1
    told = json.loads(done.stdout)["error"]
    assert (told["exit_code"], told["next_step"]) == (1, "Start it with `make up`.")


def test_wrong_usage_has_its_own_code_and_is_in_the_document_too(command):
    done = command("rollback", "--json", "--sideways")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["exit_code"] == 2


def test_a_traceback_is_told_where_it_is_asked_for(command):
    assert "Traceback" not in command("status").stderr
    assert "Traceback" in command("status", "--verbose").stderr


def test_completion_names_the_commands():
    asked = {"_TM_LAKEHOUSE_COMPLETE": "complete_bash", "COMP_WORDS": "tm-lakehouse qu", "COMP_CWORD": "1"}
    program = Path(sys.executable).parent / "tm-lakehouse"
    done = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["quarantine", "query"]
