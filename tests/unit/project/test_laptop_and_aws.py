"""Every difference between the laptop and AWS names a test that there is, or says why none could tell."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "laptop-and-aws.md").read_text()
ROWS = [
    line for line in PAGE.splitlines() if line.startswith("| ") and "|---" not in line and " pinned by |" not in line
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
REASON = re.compile(r"\*not pinned\*.*: .{10,}\|$")
# Tests whose subject is a difference, wherever they stand.
DIFFERENCES = sorted((ROOT / "tests").rglob("test_differences.py"))


def _tests_in(path: Path) -> set[str]:
    found = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in found if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[2].strip()[:40])
def test_a_difference_names_a_test_or_a_reason(row):
    named = NAMED.findall(row)

    assert named or REASON.search(row), row
    assert [test for path, test in named if test not in _tests_in(ROOT / path)] == []


def test_every_test_of_a_difference_is_told():
    written = {(str(path.relative_to(ROOT)), test) for path in DIFFERENCES for test in _tests_in(path)}

    assert len(written) > 10
    assert written - set(NAMED.findall(PAGE)) == set()


def test_there_are_differences_to_check():
    assert len(ROWS) > 40
