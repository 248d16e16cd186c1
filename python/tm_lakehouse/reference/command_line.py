"""Every command of `tm-lakehouse`, from the tree that the command line itself runs."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from tm_lakehouse.cli.main import INTERRUPTED, app
from tm_lakehouse.cli.terraform import CHANGES_EXIT_CODE
from tm_lakehouse.reference.page import joined, table

PROGRAM = "tm-lakehouse"
# Typer gives these to every application, also to those that are commands of ours.
OF_TYPER = frozenset({"install_completion", "show_completion"})
HEADER = """# Command line

Written by `make docs` from the commands themselves. Every command works on the environment that `--env` names, which
stands before the command: `tm-lakehouse --env dev doctor`.
"""
EXIT_CODES = (
    ("0", "All of it succeeded."),
    ("1", "Something failed or was refused. The last two lines on standard error are cause and next step."),
    (
        str(CHANGES_EXIT_CODE),
        "The command was called wrongly; or `plan --detailed-exitcode` found something to change.",
    ),
    (str(INTERRUPTED), "Interrupted, by Ctrl-C or SIGTERM. Run it again: every write is repeatable."),
)


def page() -> str:
    """The whole page."""
    root = typer.main.get_command(app)
    context = root.context_class(root, info_name=PROGRAM)
    parts = [HEADER, "## Exit codes\n", table(("code", "means"), EXIT_CODES), "## Options of every command\n"]
    parts += [_options(root, context), "## Commands\n", _contents(root, context)]
    return joined([*parts, *_sections(root, context)])


def _contents(root: Any, context: Any) -> str:
    named = ((name, root.get_command(context, name)) for name in root.list_commands(context))
    rows = [(f"[`{name}`](#{PROGRAM}-{name})", _first_line(found.help)) for name, found in named if not found.hidden]
    return table(("command", "does"), rows)


def _sections(group: Any, context: Any) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command.hidden:
            continue
        own = command.context_class(command, info_name=name, parent=context)
        heading = "##" if context.parent is None else "###"
        yield f"{heading} {own.command_path}\n"
        yield from _prose(command.help or "")
        if hasattr(command, "list_commands"):
            yield from _sections(command, own)
        else:
            pieces = [piece for piece in command.collect_usage_pieces(own) if piece]
            yield f"Usage: `{' '.join([own.command_path, *pieces])}`\n"
            yield _options(command, own)


def _options(command: Any, context: Any) -> str:
    shown = (parameter for parameter in command.params if parameter.name not in OF_TYPER and not parameter.hidden)
    records = ((parameter.get_help_record(context), parameter) for parameter in shown)
    rows = [(f"`{record[0].strip()}`", record[1]) for record, _ in records if record]
    return table(("argument or option", "meaning"), rows)


def _prose(text: str) -> Iterator[str]:
    """A command's help: its examples become blocks of code, the rest stays as it is."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        first = lines[0].removeprefix("Example:").removeprefix("Examples:").strip()
        if first.startswith(PROGRAM):
            yield "```sh\n" + "\n".join(map(_example, [first, *lines[1:]])) + "\n```\n"
        elif first:
            yield "\n".join([first, *lines[1:]]) + "\n"


def _example(line: str) -> str:
    """A call that a shell takes: what stands behind it in brackets becomes a comment."""
    return re.sub(r"\s+\(([^()]*)\)$", r"  # \1", line)


def _first_line(text: str | None) -> str:
    return re.split(r"(?<=[.!?])\s", (text or "").strip())[0].strip()
