"""What the documents name exists: every path, every make target, every command."""

import re
import subprocess
from pathlib import Path

import pytest

from tm_lakehouse.cli.main import COMMANDS
from tm_lakehouse.dictionary import observability
from tm_lakehouse.dictionary.__main__ import pages
from tm_lakehouse.dictionary.gold import read_models
from tm_lakehouse.reference import command_line, local_aws, run_summaries, terraform_modules

ROOT = Path(__file__).parents[3]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TREE = set(subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n"))
FOLDERS = {str(parent) for name in TREE for parent in Path(name).parents}
# Made by a command, so a checkout doesn't hold them.
MADE = (".venv", ".runtime", ".tm", "build")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_code_marks_exist(document):
    named = re.findall(
        r"`((?:terraform|python|localstack|tests|docs|requirements|\.github|\.ci)/[\w./-]*)`", document.read_text()
    )

    assert [path for path in named if path.rstrip("/") not in TREE | FOLDERS and not path.startswith(MADE)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_make_targets_and_commands_exist(document):
    text = document.read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert set(re.findall(r"`make ([a-z0-9-]+)", text)) - targets == set()
    assert set(re.findall(r"tm-lakehouse ([a-z0-9]+)[ `\n]", text)) - set(COMMANDS) == set()


def test_there_is_something_to_check():
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= {path.name for path in DOCUMENTS}


@pytest.mark.parametrize(("page", "text"), pages(ROOT).items(), ids=pages(ROOT))
def test_the_data_dictionary_is_what_contracts_and_models_say(page, text):
    assert (ROOT / "docs" / page).read_text() == text, "run `make docs`"


REFERENCE = {
    "command-line.md": command_line.page,
    "terraform.md": lambda: terraform_modules.page(ROOT / "terraform"),
    "run-summary.md": lambda: run_summaries.page(ROOT / "terraform" / "modules" / "catalog"),
    "local-aws-operations.md": lambda: local_aws.page(local_aws.read_services(ROOT)),
}


@pytest.mark.parametrize("page", REFERENCE)
def test_the_reference_is_what_the_code_says(page):
    assert (ROOT / "docs" / "reference" / page).read_text() == REFERENCE[page](), "run `make docs`"


def test_every_column_of_gold_has_a_type_and_a_meaning():
    models = read_models(ROOT / "python" / "dbt" / "models" / "gold")
    told = {(model.name, column["name"]): column for model in models for column in model.columns}
    assert len(told) > 300
    assert [key for key, column in told.items() if not (column.get("data_type") and column.get("description"))] == []


def test_every_number_of_gold_and_observability_has_a_unit():
    shown = [
        (model.name, column)
        for model in read_models(ROOT / "python" / "dbt" / "models" / "gold")
        for column in model.shown
    ]
    for table in observability.TABLES:
        declared = observability.read_columns(ROOT / "terraform" / "modules" / "catalog" / f"{table}.json")
        shown += [(table, column) for column in declared]
    assert len([column for _, column in shown if column.is_number]) > 250
    assert [(table, column.name) for table, column in shown if column.is_number != bool(column.unit)] == []
