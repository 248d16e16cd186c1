"""Jars come from Maven once, are checked, and are part of their bundle's identity."""

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging import jars
from tm_lakehouse.packaging.build import GEOMETRY, SILVER
from tm_lakehouse.packaging.jars import Jar, fetch

CONTENT = b"classes"
JAR = Jar("org.example:tiny:1.0", hashlib.sha256(CONTENT).hexdigest(), "tiny.jar")


@pytest.fixture
def downloads(monkeypatch) -> list[list[str]]:
    """Stand in for Maven, the one thing here that needs a network: note each call and leave a jar."""
    calls: list[list[str]] = []

    def maven(command, **options):
        calls.append(command)
        folder = next(part for part in command if part.startswith("-DoutputDirectory=")).partition("=")[2]
        (Path(folder) / "tiny-1.0.jar").write_bytes(CONTENT)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(jars.subprocess, "run", maven)
    return calls


def test_a_jar_is_downloaded_once(tmp_path, downloads):
    first, second = fetch(JAR, tmp_path), fetch(JAR, tmp_path)

    assert first == second
    assert first.read_bytes() == CONTENT
    assert [[part for part in call if part.startswith("-Dartifact")] for call in downloads] == [
        ["-Dartifact=org.example:tiny:1.0:jar"]
    ]


def test_another_content_than_the_pinned_one_is_refused_and_not_kept(tmp_path, downloads):
    other = replace(JAR, sha256="0" * 64)
    with pytest.raises(LakehouseError, match="not the pinned 0000"):
        fetch(other, tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_mavens_reason_is_told(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "[INFO] Scanning\n[ERROR] Could not find artifact tiny\n", "")
    monkeypatch.setattr(jars.subprocess, "run", lambda *_, **__: failed)

    with pytest.raises(LakehouseError, match="Could not find artifact tiny"):
        fetch(JAR, tmp_path)


def test_a_machine_without_maven_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LakehouseError, match="Maven is missing"):
        fetch(JAR, tmp_path)


def test_only_the_geometry_bundle_has_a_jar_and_none_shares_a_file():
    assert [jar.file_name for jar in GEOMETRY.jars] == ["sedona.jar"]
    assert SILVER.jars == ()
    assert not set(SILVER.artifacts) & set(GEOMETRY.artifacts)
