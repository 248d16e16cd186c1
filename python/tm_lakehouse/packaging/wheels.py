"""Wheels: third-party ones from the job's lock, and the package's own."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tm_lakehouse.errors import LakehouseError

# Glue 5.1 runs Python 3.11 on Amazon Linux 2023 (glibc 2.34), x86_64.
_PYTHON_VERSION = "3.11"
_PLATFORMS = (
    "manylinux_2_34_x86_64",
    "manylinux_2_28_x86_64",
    "manylinux_2_24_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
)
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*==[^\s;\\]+)", re.MULTILINE)


def cache_directory() -> Path:
    """Where downloads are kept for every checkout of this user."""
    if named := os.environ.get("TM_CACHE_DIR"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tm-lakehouse"


def third_party_wheels(lock: Path, cache: Path) -> list[Path]:
    """The wheels that `lock` pins, for Glue's Python and platform; downloaded once for each content of the lock.

    Raises:
        LakehouseError: a wheel can't be had, or its hash is not the lock's.
    """
    content = lock.read_bytes() + "\n".join((_PYTHON_VERSION, *_PLATFORMS)).encode()
    folder = cache / "glue-wheels" / hashlib.sha256(content).hexdigest()[:16]
    if not folder.is_dir():
        _download(lock, folder)
    return sorted(folder.glob("*.whl"))


def pins(lock: Path) -> list[str]:
    """The `name==version` lines of a lock."""
    return _PIN.findall(lock.read_text(encoding="utf-8"))


def package_wheel(project: Path, folder: Path) -> Path:
    """Build the package's own wheel into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LakehouseError(
            f"The package's wheel can't be built: {_last_line(done.stderr)}", "Run `make setup`, then read the message."
        )
    return next(folder.glob("*.whl"))


def _download(lock: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder.parent))
    try:
        done = subprocess.run(_pip_download(lock, draft), capture_output=True, text=True, check=False)
        if done.returncode:
            raise LakehouseError(
                f"The Glue job's wheels can't be downloaded: {_last_line(done.stderr)}",
                "Check the network and pip's index, or run `make setup` if pip is missing; then try again.",
            )
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _pip_download(lock: Path, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(lock)]
    command += ["--implementation", "cp", "--python-version", _PYTHON_VERSION]
    for platform in _PLATFORMS:
        command += ["--platform", platform]
    return [*command, "--dest", str(folder)]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no message"])[-1]
