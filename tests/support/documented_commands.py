"""The commands that documents show: what is in their blocks of shell, and what they name in a sentence."""

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product, takewhile
from pathlib import Path
from typing import Any

import typer

from tm_lakehouse.cli.main import app
from tm_lakehouse.cli.output import document

PROGRAMS = ("make", "tm-lakehouse")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(rf"`((?:{'|'.join(PROGRAMS)})\s[^`]+)`")
# A sentence leaves out what a reader fills in, and names several at once.
LEFT_OUT = re.compile(r"\.\.\.|\[.*")
LEFT_OUT_BY_SENTENCES = {"MissingParameter", "BadOptionUsage"}
# What begins another command, or a file.
BEHIND = {"|", "||", "&&", ";", ">", ">>"}
OF_TYPER = {"--install-completion", "--show-completion"}
VARIABLE = re.compile(r"^([A-Z][A-Z_]*)(\?|:)?=", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A command as a document shows it. `is_whole`: it can be typed as it stands."""

    program: str
    arguments: tuple[str, ...]
    is_whole: bool

    def __str__(self) -> str:
        return " ".join((self.program, *self.arguments))


def commands_of(text: str) -> list[Shown]:
    """Every call of `make` and `tm-lakehouse` in a document, once each."""
    whole = (_shown(line, is_whole=True) for kind, body in FENCE.findall(text) if kind == "sh" for line in _lines(body))
    prose = FENCE.sub("", text)
    named = (_shown(" ".join(each.split()), is_whole=False) for each in NAMED.findall(prose))
    return list(dict.fromkeys(command for found in (*whole, *named) for command in found))


def _lines(body: str) -> Iterator[str]:
    yield from body.replace("\\\n", " ").splitlines()


def _shown(line: str, *, is_whole: bool) -> Iterator[Shown]:
    if not line.startswith(PROGRAMS):
        return
    words = list(takewhile(lambda word: word not in BEHIND, shlex.split(line, comments=is_whole)))
    words = [word for word in words if is_whole or not LEFT_OUT.fullmatch(word)]
    for chosen in product(*(_alternatives(word) for word in words)):
        yield Shown(chosen[0], chosen[1:], is_whole)


def _alternatives(word: str) -> list[str]:
    return word.split("|") if re.fullmatch(r"[\w-]+(\|[\w-]+)+", word) else [word]


def refusal(command: Shown, makefile: str) -> str | None:
    """Why the program would refuse the command; None if it would take it."""
    return _of_make(command, makefile) if command.program == "make" else _of_the_lakehouse(command)


def _of_make(command: Shown, makefile: str) -> str | None:
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, flags=re.MULTILINE))
    variables = {name for name, *_ in VARIABLE.findall(makefile.replace(" ?=", "?=").replace(" =", "="))}
    for word in command.arguments:
        name, is_assignment, _ = word.partition("=")
        if is_assignment and name not in variables:
            return f"the Makefile knows no variable {name}"
        if not is_assignment and word not in targets:
            return f"the Makefile has no target {word}"
    return None


def _of_the_lakehouse(command: Shown) -> str | None:
    try:
        _parse(command.arguments)
    except typer.Exit:
        return None
    except Exception as error:
        return _judged(error, is_whole=command.is_whole)
    finally:
        # `--json` was read too, and nothing runs that would answer with it.
        document.forget()
    return None


def _parse(arguments: Iterable[str]) -> None:
    """What the command line does before it calls a command."""
    # Those that typer carries out while it reads them change the shell's settings.
    rest = [word for word in arguments if word not in OF_TYPER]
    name, found, context = "tm-lakehouse", typer.main.get_command(app), None
    while True:
        context = found.make_context(name, rest, parent=context)
        if not hasattr(found, "resolve_command"):
            return
        remaining: list[Any] = [*context._protected_args, *context.args]
        name, found, rest = found.resolve_command(context, remaining)


def _judged(error: Exception, *, is_whole: bool) -> str | None:
    if type(error).__name__ in LEFT_OUT_BY_SENTENCES and not is_whole:
        return None
    reason = error.format_message() if hasattr(error, "format_message") else f"{type(error).__name__}: {error}"
    # The files of an example are the reader's.
    return None if "does not exist" in reason and "command" not in reason.lower() else reason


def documents(root: Path) -> list[Path]:
    """What people read: at the root, and below docs."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
