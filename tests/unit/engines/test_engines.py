"""The set-up: what it asks of the machine, and what it refuses to install."""

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

ENGINES = Path(__file__).parents[3] / "localstack" / "engines"


@pytest.fixture
def engines(monkeypatch):
    """The set-up's modules import each other by bare name, as a script's neighbours do."""
    monkeypatch.syspath_prepend(str(ENGINES))
    yield
    for name in ("install", "java_artifacts", "places", "prerequisites", "python_environments"):
        sys.modules.pop(name, None)


def _fake_tool(folder: Path, name: str, answer: str) -> None:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\necho '{answer}'\n")
    tool.chmod(0o755)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine that has only the tools it is given, with the version texts that real ones print."""
    monkeypatch.setenv("PATH", str(tmp_path))
    _fake_tool(tmp_path, "python3.11", "Python 3.11.7")
    _fake_tool(tmp_path, "java", 'openjdk version "17.0.15" 2025-04-15')
    _fake_tool(tmp_path, "mvn", "\x1b[1mApache Maven 3.8.7\x1b[m")
    _fake_tool(tmp_path, "terraform", "Terraform v1.11.4\non linux_amd64")
    return tmp_path


def test_a_complete_machine_passes(engines, machine):
    from prerequisites import check

    check()


@pytest.mark.parametrize(
    ("tool", "answer", "reason"),
    [
        ("terraform", "Terraform v1.9.8", r"Terraform \(1.11 or newer\) is needed but 1.9.8 was found"),
        ("java", 'openjdk version "11.0.2" 2019-01-15', r"a JDK \(17 or newer\) is needed but 11.0.2 was found"),
    ],
)
def test_an_old_tool_is_named_with_both_versions(engines, machine, tool, answer, reason):
    from prerequisites import SetupError, check

    _fake_tool(machine, tool, answer)

    with pytest.raises(SetupError, match=reason):
        check()


def test_a_java_version_without_dots_is_read(engines, machine):
    from prerequisites import check

    _fake_tool(machine, "java", 'openjdk version "25" 2025-09-16')

    check()


def test_every_missing_tool_is_named_in_one_sentence(engines, machine):
    from prerequisites import SetupError, check

    (machine / "mvn").unlink()
    (machine / "terraform").unlink()

    with pytest.raises(SetupError, match=r"Maven is missing: .* Terraform .* is missing: get it") as caught:
        check()

    assert "\n" not in str(caught.value)


def test_a_file_with_another_checksum_is_refused(engines, tmp_path):
    from java_artifacts import Artifact, _check_sum
    from prerequisites import SetupError

    wanted = Artifact("g", "a", "1", "jar", hashlib.sha256(b"right").hexdigest(), 5, "spark")
    (tmp_path / "a-1.jar").write_bytes(b"wrong")

    with pytest.raises(SetupError, match=r"a-1.jar has the checksum"):
        _check_sum(tmp_path / "a-1.jar", wanted)

    (tmp_path / "a-1.jar").write_bytes(b"right")
    _check_sum(tmp_path / "a-1.jar", wanted)


def test_every_artifact_is_pinned_by_version_and_checksum():
    listed = json.loads((ENGINES / "artifacts.json").read_text())

    assert {entry["engine"] for entry in listed} == {"spark", "trino", "site"}
    assert not [entry for entry in listed if not re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])]
    assert not [entry for entry in listed if "SNAPSHOT" in entry["version"] or not entry["version"][0].isdigit()]


def test_the_launcher_looks_for_the_trino_that_the_set_up_installs(engines, monkeypatch, tmp_path):
    from java_artifacts import spark_jars, trino_home

    from tm_localstack.launcher.settings import LauncherSettings

    monkeypatch.setenv("TM_CACHE_DIR", str(tmp_path))

    assert LauncherSettings.from_environment().trino_home == trino_home()
    assert LauncherSettings.from_environment().spark_jars == spark_jars()
