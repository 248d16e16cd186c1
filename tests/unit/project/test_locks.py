"""Every environment is pinned with hashes, and no lock names where packages come from."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[3] / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


def test_every_list_of_requirements_has_a_lock():
    assert {path.stem for path in REQUIREMENTS.glob("*.in")} == {path.stem for path in LOCKS}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_pins_every_package_with_hashes_and_names_no_index(lock):
    text = lock.read_text()
    packages = re.findall(r"^(\S+)==\S+ (\\\n    --hash)?", text, flags=re.MULTILINE)

    assert packages
    assert not [name for name, has_hash in packages if not has_hash]
    assert "index-url" not in text
    assert "://" not in text


@pytest.mark.parametrize("package", ["polars", "pyarrow", "pydantic-settings"])
def test_tests_run_the_versions_that_the_glue_job_ships(package):
    versions = {re.search(rf"^{package}==(\S+)", _lock(name), flags=re.MULTILINE)[1] for name in ("glue", "tools")}

    assert len(versions) == 1


def _lock(name: str) -> str:
    return (REQUIREMENTS / f"{name}.txt").read_text()
