"""Every command that a document shows is one that its program takes; those that cost nothing are run."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from documented_commands import Shown, commands_of, documents, refusal

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = documents(ROOT)
SHOWN = {path: commands_of(path.read_text()) for path in DOCUMENTS}
COMMAND = Path(sys.executable).parent / "tm-lakehouse"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_shown_command_is_taken_by_its_program(document):
    refused = {str(command): refusal(command, MAKEFILE) for command in SHOWN[document]}

    assert {command: reason for command, reason in refused.items() if reason} == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("tm-lakehouse fly", "No such command 'fly'"),
        ("tm-lakehouse quarantine lst", "No such command 'lst'"),
        ("tm-lakehouse land --ingest-dat 2024-09-02 x.csv", "No such option"),
        ("tm-lakehouse query --format xml", "'xml' is not one of"),
        ("tm-lakehouse backfill --parallel many", "valid integer"),
        ("tm-lakehouse generate", "Missing argument"),
        ("make fly", "no target fly"),
        ("make plan ENVIRONMENT=dev", "no variable ENVIRONMENT"),
    ],
)
def test_what_a_program_does_not_take_is_found(line, reason):
    [command] = commands_of(f"```sh\n{line}\n```")

    assert reason in (refusal(command, MAKEFILE) or "")


def test_commands_are_found_in_blocks_and_in_sentences():
    text = "Run `tm-lakehouse a|b`, then `make\nunit`.\n\n```sh\nmake test  # all\ntm-lakehouse \\\n  gold\n```\n"

    assert set(commands_of(text)) == {
        Shown("tm-lakehouse", ("a",), False),
        Shown("tm-lakehouse", ("b",), False),
        Shown("make", ("unit",), False),
        Shown("make", ("test",), True),
        Shown("tm-lakehouse", ("gold",), True),
    }
    assert len([command for shown in SHOWN.values() for command in shown]) > 200


def test_the_files_that_a_reader_generates_are_made(tmp_path):
    start = commands_of((ROOT / "docs" / "start.md").read_text())
    [generate] = [command for command in start if command.arguments[0] == "generate"]
    assert generate in SHOWN[ROOT / "README.md"]
    arguments = [str(tmp_path) if word == "/tmp/files" else word for word in generate.arguments]

    subprocess.run([COMMAND, *arguments], check=True, capture_output=True, timeout=120)

    assert [path.name for path in tmp_path.glob("*.csv")]
    assert (tmp_path / "truth.json").is_file()


def test_help_shows_every_target_that_documents_name():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=_plain()).stdout
    named = {word for commands in SHOWN.values() for command in commands if command.program == "make"
             for word in command.arguments if "=" not in word}  # fmt: skip
    listed = {line.split()[0] for line in shown.splitlines() if line.startswith("  ")}

    assert named - listed <= {"airflow-next-setup"}


def test_environments_are_compared_as_the_readme_says():
    [line] = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("diff -r ")]
    done = subprocess.run(shlex.split(line), cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout.count("diff -r") == 2


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
