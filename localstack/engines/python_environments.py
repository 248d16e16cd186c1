"""One Python environment per runtime, each exactly as its lock file says."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from places import PROJECT, REQUIREMENTS, cache, environment
from prerequisites import SetupError


@dataclass(frozen=True)
class PythonEnvironment:
    """`projects` are folders of this checkout, installed editable.

    `is_compiled`: started from the user's shell. Where that sets PYTHONDONTWRITEBYTECODE, as many images do, every
    start would compile what it imports. The emulator gives its own processes no such setting.
    """

    name: str
    projects: tuple[str, ...] = ()
    is_compiled: bool = True


ENVIRONMENTS = (
    PythonEnvironment("tools", (".", "localstack")),
    PythonEnvironment("emulator", ("localstack",), is_compiled=False),
    PythonEnvironment("spark", is_compiled=False),
    PythonEnvironment("dbt"),
    PythonEnvironment("airflow", is_compiled=False),
    PythonEnvironment("checkov"),
)
# Installed only where they are asked for.
BENCH = PythonEnvironment("bench")
CLIENTS = PythonEnvironment("clients")
AIRFLOW_NEXT = PythonEnvironment("airflow_next")
IAM_ORACLE = PythonEnvironment("iam_oracle")
DOCS = PythonEnvironment("docs")
DASHBOARD = PythonEnvironment("dashboard", (".",))
DASHBOARD_TESTS = PythonEnvironment("dashboard_tests", (".",))


def uv() -> str:
    """The pinned uv: the user's own if it is that version, else one installed by pip beside the downloads."""
    wanted = (REQUIREMENTS / "uv.in").read_text(encoding="utf-8").strip().partition("==")[2]
    found = shutil.which("uv")
    if found and wanted in _output([found, "--version"]):
        return found
    home = cache() / f"uv-{wanted}"
    if not (home / "bin" / "uv").exists():
        shutil.rmtree(home, ignore_errors=True)
        _run("uv", ["python3.11", "-m", "venv", str(home)])
        lock = str(REQUIREMENTS / "uv.txt")
        _run("uv", [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
    return str(home / "bin" / "uv")


def is_current(wanted: PythonEnvironment) -> bool:
    """Whether the environment was made whole from today's lock and project files."""
    stamp = environment(wanted.name) / ".lock-digest"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(wanted)


def install(wanted: PythonEnvironment, uv_program: str) -> None:
    """Make the environment anew; its stamp is written last, so a half-made one is made again.

    Raises:
        SetupError: an installer failed; the message ends with its last lines.
    """
    home = environment(wanted.name)
    python = home / "bin" / "python"
    _run(
        wanted.name, [uv_program, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", "3.11", str(home)]
    )
    install_into = [uv_program, "pip", "install", "--quiet", "--python", str(python)]
    install_into += ["--compile-bytecode"] if wanted.is_compiled else []
    _run(wanted.name, [*install_into, "--require-hashes", "-r", str(REQUIREMENTS / f"{wanted.name}.txt")])
    if wanted.projects:
        editable = [argument for project in wanted.projects for argument in ("-e", str(PROJECT / project))]
        _run(wanted.name, [*install_into, "--no-deps", "--no-build-isolation", *editable])
    (home / ".lock-digest").write_text(_digest(wanted), encoding="utf-8")


def _digest(wanted: PythonEnvironment) -> str:
    parts = [(REQUIREMENTS / f"{wanted.name}.txt").read_text(encoding="utf-8"), str(PROJECT), str(wanted.is_compiled)]
    parts += [_installed_settings(PROJECT / project / "pyproject.toml") for project in wanted.projects]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _installed_settings(pyproject: Path) -> str:
    """What an installation depends on: not the settings of linters, which change often."""
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    kept = {
        "build-system": settings["build-system"],
        "project": settings["project"],
        "hatch": settings["tool"]["hatch"],
    }
    return json.dumps(kept, sort_keys=True)


def _run(name: str, command: list[str]) -> None:
    # An active virtual environment would make uv warn about, or install into, the wrong place.
    settings = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=settings, cwd=PROJECT)
    if done.returncode != 0:
        tail = " | ".join((done.stderr or done.stdout).strip().splitlines()[-4:])
        raise SetupError(f"The {name} environment could not be made: {tail}. Check the network and run it again.")


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
