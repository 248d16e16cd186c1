"""Fetches the suites' sources in their pinned versions: what they test is what they were released for."""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tm_lakehouse.cli.target import project_root

PYATHENA = "https://github.com/pyathena-dev/PyAthena.git"
# Its source distribution holds no tests. The commit is that of the tag, which could be moved.
PYATHENA_COMMIT = "a851a8496bcda20e6691458206819f8f04f56c79"


class SourceError(Exception):
    """A suite's sources can't be had: why, and what to do."""


def pyathena(folder: Path, origin: str) -> Path:
    """Clone the release of the clients' lock from `origin`: an address, or the path of a clone that has its tag."""
    tag = f"v{_locked_version('pyathena')}"
    target = folder / f"PyAthena-{tag}"
    if not (target / ".git").exists():
        shutil.rmtree(target, ignore_errors=True)
        _run(
            ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--branch", tag, origin, str(target)],
            "Name a clone that you have with COMPAT_ARGS='--pyathena-from PATH'.",
        )
    commit = _run(["git", "-C", str(target), "rev-parse", "HEAD"], f"Remove {target}.").strip()
    if commit != PYATHENA_COMMIT:
        raise SourceError(f"{tag} of {origin} is commit {commit}, not {PYATHENA_COMMIT}. Remove {target}.")
    return target


def dbt_athena(folder: Path) -> Path:
    """Unpack the source distribution of the locked version, whose checksum the lock holds."""
    version = _locked_version("dbt-athena")
    target = folder / f"dbt_athena-{version}"
    if not target.exists():
        pinned = folder / "dbt-athena.txt"
        pinned.write_text(_locked_lines("dbt-athena"), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        from_source = ["--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
        _run([*pip, *from_source, "--dest", str(folder), "-r", str(pinned)], "Check the network and run it again.")
        with tarfile.open(folder / f"dbt_athena-{version}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    return target


def _locked_lines(package: str) -> str:
    lock = (project_root() / "requirements" / "clients.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{package}==(?:.*\\\n)+.*\n", lock, flags=re.MULTILINE)
    if found is None:
        raise SourceError(f"requirements/clients.txt does not pin {package}.")
    return found.group()


def _locked_version(package: str) -> str:
    return _locked_lines(package).split("==")[1].split()[0]


def _run(command: list[str], next_step: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise SourceError(f"{command[0]} failed: {lines[-1]} {next_step}")
    return done.stdout
