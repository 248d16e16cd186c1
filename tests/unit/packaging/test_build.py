"""The job's artifacts: what they hold, that they are reproducible, and that nothing is built twice."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging import wheels
from tm_lakehouse.packaging.build import PACKAGE_ZIP, SILVER, Sources, build
from tm_lakehouse.packaging.wheels import pins, third_party_wheels

SCRIPT = "silver_etl.py"
WHEELS, WHEELS_WITH_PACKAGE = SILVER.wheels, SILVER.wheels_with_package
LOCK = """polars==1.0.0 \\
    --hash=sha256:00
    # via -r glue.in
typing-extensions==4.16.0 ; python_version >= '3.9'
"""
PROJECT_FILE = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "tm-lakehouse"
version = "1.2.3"
requires-python = ">=3.11"
[tool.hatch.build.targets.wheel]
packages = ["python/tm_lakehouse"]
"""


def _checkout(folder: Path) -> Sources:
    files = {
        "pyproject.toml": PROJECT_FILE,
        "requirements/glue.txt": LOCK,
        **{f"python/jobs/spark/{script}": "import tm_lakehouse\n" for script in SILVER.scripts},
        "python/tm_lakehouse/__init__.py": "",
        "python/tm_lakehouse/tables/courses.csv": "a,b\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Sources(folder)


@pytest.fixture
def downloads(monkeypatch) -> list[list[str]]:
    """Stand in for pip, the one thing here that needs a network: note each call and leave two wheels."""
    calls: list[list[str]] = []
    real = subprocess.run

    def pip(command, **options):
        if command[1:4] != ["-m", "pip", "download"]:
            return real(command, **options)
        calls.append(command)
        for name in ("polars-1.0.0-py3-none-any.whl", "typing_extensions-4.16.0-py3-none-any.whl"):
            (Path(command[command.index("--dest") + 1]) / name).write_bytes(name.encode())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(wheels.subprocess, "run", pip)
    return calls


def _names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def test_two_checkouts_build_the_same_bytes(tmp_path, downloads):
    for place in ("one", "another/deeper"):
        assert build(_checkout(tmp_path / place), tmp_path / place / "out", tmp_path / place / "cache")

    for name in SILVER.artifacts:
        assert (tmp_path / "one/out" / name).read_bytes() == (tmp_path / "another/deeper/out" / name).read_bytes(), name


def test_the_zip_holds_jobs_and_package_with_its_data(tmp_path, downloads):
    build(_checkout(tmp_path), tmp_path / "out", tmp_path / "cache")

    assert _names(tmp_path / "out" / PACKAGE_ZIP) == [
        "jobs/spark/silver_etl.py",
        "jobs/spark/table_maintenance.py",
        "jobs/spark/table_parity.py",
        "tm_lakehouse/__init__.py",
        "tm_lakehouse/tables/courses.csv",
    ]
    assert (tmp_path / "out" / SCRIPT).read_text() == "import tm_lakehouse\n"


def test_zips_of_wheels_say_what_to_install(tmp_path, downloads):
    build(_checkout(tmp_path), tmp_path / "out", tmp_path / "cache")

    third_party = [
        "wheels/polars-1.0.0-py3-none-any.whl",
        "wheels/requirements.txt",
        "wheels/typing_extensions-4.16.0-py3-none-any.whl",
    ]
    assert _names(tmp_path / "out" / WHEELS) == third_party
    own = "wheels/tm_lakehouse-1.2.3-py3-none-any.whl"
    assert _names(tmp_path / "out" / WHEELS_WITH_PACKAGE) == sorted([*third_party, own])
    with zipfile.ZipFile(tmp_path / "out" / WHEELS_WITH_PACKAGE) as archive:
        listed = archive.read("wheels/requirements.txt").decode().splitlines()
    assert listed == ["polars==1.0.0", "tm-lakehouse==1.2.3", "typing-extensions==4.16.0"]


def test_nothing_is_built_twice_and_a_change_is_seen(tmp_path, downloads):
    sources = _checkout(tmp_path)
    assert build(sources, tmp_path / "out", tmp_path / "cache")
    assert not build(sources, tmp_path / "out", tmp_path / "cache")

    (tmp_path / "python/tm_lakehouse/new.py").write_text("x = 1\n")
    assert build(sources, tmp_path / "out", tmp_path / "cache")
    assert "tm_lakehouse/new.py" in _names(tmp_path / "out" / PACKAGE_ZIP)
    assert len(downloads) == 1


def test_a_damaged_artifact_is_built_again(tmp_path, downloads):
    sources = _checkout(tmp_path)
    build(sources, tmp_path / "out", tmp_path / "cache")
    (tmp_path / "out" / WHEELS).write_bytes(b"cut")

    assert build(sources, tmp_path / "out", tmp_path / "cache")
    assert zipfile.is_zipfile(tmp_path / "out" / WHEELS)


def test_another_lock_downloads_again(tmp_path, downloads):
    sources = _checkout(tmp_path)
    third_party_wheels(sources.lock(SILVER.lock), tmp_path / "cache")
    sources.lock(SILVER.lock).write_text(LOCK.replace("1.0.0", "1.0.1"))
    third_party_wheels(sources.lock(SILVER.lock), tmp_path / "cache")

    assert len(downloads) == 2
    assert "--require-hashes" in downloads[0]
    assert downloads[0][downloads[0].index("--python-version") + 1] == "3.11"


def test_a_failed_download_leaves_nothing_and_tells_pips_reason(tmp_path):
    lock = tmp_path / "glue.txt"
    lock.write_text("polars==1.0.0 --hash=md5:00\n")
    with pytest.raises(LakehouseError, match=r"wheels can't be downloaded: .*hash"):
        third_party_wheels(lock, tmp_path / "cache")
    assert list((tmp_path / "cache" / "glue-wheels").iterdir()) == []


def test_a_missing_script_is_named(tmp_path):
    sources = _checkout(tmp_path)
    sources.script(SCRIPT).unlink()
    with pytest.raises(LakehouseError, match=r"silver_etl\.py is missing"):
        build(sources, tmp_path / "out", tmp_path / "cache")


def test_pins_are_names_and_versions(tmp_path):
    (tmp_path / "lock").write_text(LOCK)
    assert pins(tmp_path / "lock") == ["polars==1.0.0", "typing-extensions==4.16.0"]
