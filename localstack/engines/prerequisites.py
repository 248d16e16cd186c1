"""What must already be on the machine. Everything else is installed by the set-up."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

TERRAFORM_AT_LEAST = (1, 11)
JAVA_AT_LEAST = (17,)


class SetupError(Exception):
    """One sentence: what is wrong and how to mend it."""


@dataclass(frozen=True)
class Tool:
    """A program the user installs, how to ask its version, and how to get it."""

    name: str
    command: tuple[str, ...]
    at_least: tuple[int, ...]
    how_to_get: str


TOOLS = (
    Tool("Python 3.11", ("python3.11", "--version"), (3, 11), "`apt install python3.11 python3.11-venv` or pyenv"),
    Tool("a JDK (17 or newer)", ("java", "-version"), JAVA_AT_LEAST, "`apt install openjdk-17-jdk-headless`"),
    Tool("Maven", ("mvn", "--version"), (3, 6), "`apt install maven`"),
    Tool(
        "Terraform (1.11 or newer)", ("terraform", "version"), TERRAFORM_AT_LEAST, "developer.hashicorp.com/terraform"
    ),
)


def check() -> None:
    """Raise SetupError naming every tool that is missing or too old."""
    problems = [problem for tool in TOOLS if (problem := _problem(tool))]
    if problems:
        raise SetupError(" ".join(problems))


def _problem(tool: Tool) -> str | None:
    if not shutil.which(tool.command[0]):
        return f"{tool.name} is missing: get it with {tool.how_to_get}."
    answer = subprocess.run(tool.command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        first_line = ((answer.stderr or answer.stdout).strip().splitlines() or ["no message"])[0]
        return f"{tool.name} does not start ({first_line}): get it with {tool.how_to_get}."
    found = _version(answer.stdout + answer.stderr)
    if found < tool.at_least:
        return f"{tool.name} is needed but {'.'.join(map(str, found))} was found: get it with {tool.how_to_get}."
    return None


def _version(text: str) -> tuple[int, ...]:
    # Maven colours its answer, so a lone number counts only in quotes, as `java -version` writes it.
    match = re.search(r"(\d+(?:\.\d+)+)", text) or re.search(r'"(\d+)"', text)
    return tuple(int(part) for part in match.group(1).split(".")) if match else (0,)
