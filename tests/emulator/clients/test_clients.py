"""Other people's clients of Athena, each in its own words: what they send, and what they make of the answers.

Every module of `inside` runs in the clients' environment, where their versions are locked; nothing of ours is in it.
"""

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

HERE = Path(__file__).parent
PYTHON = HERE.parents[2] / ".runtime" / "clients" / "bin" / "python"
MODULES = sorted(path.name for path in (HERE / "inside").glob("test_*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_client(module, tmp_path):
    assert PYTHON.exists(), "run `make clients-setup`"
    report = tmp_path / "report.xml"
    command = [PYTHON, "-m", "pytest", "-q", "-c", "pytest.ini", "--rootdir", ".", "--junit-xml", report, module]

    done = subprocess.run(command, cwd=HERE / "inside", capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    counts = ET.parse(report).find("testsuite").attrib
    assert int(counts["tests"]) > 0
    assert counts["skipped"] == "0", done.stdout


def test_every_client_has_a_module():
    assert {name.removeprefix("test_").removesuffix(".py") for name in MODULES} == {
        "awswrangler", "boto3", "ibis", "pyathena", "sqlalchemy",
    }  # fmt: skip
