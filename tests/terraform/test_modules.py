"""Every module's own tests, the root with the values of each environment, format and security checks."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from python_terraform import IsFlagged

PROJECT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path.parent.relative_to(PROJECT / "terraform").as_posix()
    for path in (PROJECT / "terraform" / "modules").rglob("versions.tf")
)
ENVIRONMENTS = sorted(path.name for path in (PROJECT / "terraform" / "environments").iterdir())
PASSED = re.compile(r"^Success! (\d+) passed, 0 failed\.$", re.MULTILINE)
SKIP = re.compile(r"checkov:skip=(\w+)(?::\s*(.*))?")


def _assert_all_pass(code: int, text: str) -> None:
    passed = PASSED.search(text)
    assert code == 0, text
    assert passed, text
    assert int(passed[1]) > 0, f"no test ran:\n{text}"


@pytest.fixture(scope="module")
def tested(request, initialised) -> Iterator[Callable[[str], tuple[int, str]]]:
    """`terraform test` of the modules, and of the root for the environments, that this session asks for.

    Each starts the provider anew and waits for it: on two cores two at once take half the time.
    """
    asked = {item.callspec.params.get("tested_with") for item in request.session.items if hasattr(item, "callspec")}
    root = initialised("lakehouse") if asked & set(ENVIRONMENTS) else None

    def run(name: str) -> tuple[int, str]:
        if name in MODULES:
            return initialised(name).cmd("test", no_color=IsFlagged)[:2]
        values = f"../environments/{name}/terraform.tfvars"
        return root.cmd("test", no_color=IsFlagged, var_file=values)[:2]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {name: pool.submit(run, name) for name in [*MODULES, *ENVIRONMENTS] if name in asked}
        yield lambda name: running[name].result()


@pytest.mark.parametrize("tested_with", MODULES)
def test_module_keeps_its_promises(tested, tested_with):
    _assert_all_pass(*tested(tested_with))


@pytest.mark.parametrize("tested_with", ENVIRONMENTS)
def test_root_takes_the_values_of(tested, tested_with):
    _assert_all_pass(*tested(tested_with))


def test_root_is_valid(initialised):
    code, text, _ = initialised("lakehouse").cmd("validate", no_color=IsFlagged)
    assert code == 0, text


def test_every_file_is_in_terraforms_format(initialised):
    code, text, _ = initialised("lakehouse").cmd("fmt", "..", check=IsFlagged, recursive=IsFlagged)
    assert code == 0, text


def test_every_module_has_the_same_four_files_and_tests():
    for module in MODULES:
        folder = PROJECT / "terraform" / module
        names = {path.name for path in folder.glob("*.tf")}
        assert names == {"main.tf", "variables.tf", "outputs.tf", "versions.tf"}, module
        assert list(folder.glob("tests/*.tftest.hcl")), f"{module} has no tests"


def test_checkov_finds_nothing():
    command = [PROJECT / ".runtime/checkov/bin/checkov", "--config-file", "terraform/.checkov.yaml"]
    done = subprocess.run(
        [*command, "--directory", "terraform", "--output", "json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["passed"] > 100
    assert report["summary"]["parsing_errors"] == 0
    assert [(check["check_id"], check["resource"]) for check in report["results"]["failed_checks"]] == []


def test_every_check_that_is_skipped_says_why():
    skips = [
        (path.name, match[1], (match[2] or "").strip())
        for path in (PROJECT / "terraform").rglob("*.tf")
        for match in SKIP.finditer(path.read_text(encoding="utf-8"))
    ]
    assert skips
    assert [skip for skip in skips if len(skip[2].split()) < 5] == []
