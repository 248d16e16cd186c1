"""Jobs, DAGs, dbt and modules carry no endpoint, bucket name, key or branch on where they run."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACES = (
    "python/jobs",
    "python/dags",
    "python/dbt",
    "python/tm_lakehouse/landing_to_silver",
    "python/tm_lakehouse/silver_geometry",
    "terraform/modules",
    "terraform/lakehouse",
)
FORBIDDEN = {
    "an endpoint": re.compile(r"https?://(?!docs\.|registry\.|www\.|json-schema)[\w.]|localhost|127\.0\.0\.1|:4566"),
    "a bucket's name": re.compile(r"tm-lakehouse-(landing|source|serve|quarantine|observability)"),
    "a branch on the environment": re.compile(r"""\bif\b.*["'](local|aws|dev|prod)["']|==\s*["']local["']"""),
    "a key": re.compile(r"AKIA[0-9A-Z]{16}|aws_secret_access_key\s*="),
}


def _sources() -> list[str]:
    listed = subprocess.run(["git", "ls-files", *PLACES], cwd=ROOT, capture_output=True, text=True, check=True)
    # Terraform's own tests try names on purpose.
    return [name for name in listed.stdout.split() if not name.endswith(".tftest.hcl")]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_sources_carry_none(what):
    found = [
        f"{name}:{number}: {line.strip()}"
        for name in _sources()
        for number, line in enumerate((ROOT / name).read_text(errors="replace").splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an endpoint", 'endpoint = "http://127.0.0.1:4566"'),
        ("a bucket's name", 'bucket = "tm-lakehouse-landing-zone"'),
        ("a branch on the environment", 'if settings.env == "local":'),
        ("a key", 'key = "AKIAIOSFODNN7EXAMPLE"'),
    ],
)
def test_the_patterns_catch_what_they_are_for(what, line):
    assert FORBIDDEN[what].search(line)


def test_the_places_hold_sources():
    assert len(_sources()) > 20
