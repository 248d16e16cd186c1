"""Every command of `tm-lakehouse`, from the tree that the command line itself runs."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from tm_lakehouse.cli.main import EXIT_CODES, app
from tm_lakehouse.reference.page import joined, prose, table

PROGRAM = "tm-lakehouse"
# What typer gives to every application, also to those that are commands of ours.
OF_TYPER = frozenset({"install_completion", "show_completion"})
HEADER = """# Command line

Written by `make docs` from the commands themselves. Every command works on the environment that `--env` names, which
stands before the command: `tm-lakehouse --env dev doctor`.
"""


def page() -> str:
    """The whole page."""
    root = typer.main.get_command(app)
    context = root.context_class(root, info_name=PROGRAM)
    leaves = list(_leaves(root, context))
    common = set.intersection(*({tuple(each.opts) for each in command.params} for command, _ in leaves))
    of_all = [each for each in leaves[0][0].params if tuple(each.opts) in common and each.name not in OF_TYPER]
    parts = [
        HEADER,
        "## Exit codes\n",
        table(("code", "means"), _exit_codes()),
        "## Options before the command\n",
        _options(root.params, context),
        "## Options of every command\n",
        _options(of_all, context),
        "## Commands\n",
        _contents(root, context),
    ]
    return joined([*parts, *_sections(root, context, common)])


def _exit_codes() -> Iterator[tuple[str, str]]:
    told = EXIT_CODES.partition(":")[2].strip().removesuffix(".")
    yield from ((code, means) for code, _, means in (each.strip().partition(" ") for each in told.split(";")))


def _leaves(group: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """The commands that do something, each with its context."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        own = command.context_class(command, info_name=name, parent=context)
        yield from _leaves(command, own) if hasattr(command, "list_commands") else [(command, own)]


def _contents(root: Any, context: Any) -> str:
    named = ((name, root.get_command(context, name)) for name in root.list_commands(context))
    rows = [(f"[`{name}`](#{PROGRAM}-{name})", _first_line(found.help)) for name, found in named if not found.hidden]
    return table(("command", "does"), rows)


def _sections(group: Any, context: Any, common: set[tuple[str, ...]]) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command.hidden:
            continue
        own = command.context_class(command, info_name=name, parent=context)
        heading = "##" if context.parent is None else "###"
        yield f"{heading} {own.command_path}\n"
        yield from _help(command.help or "")
        if hasattr(command, "list_commands"):
            yield from _sections(command, own, common)
        else:
            pieces = [piece for piece in command.collect_usage_pieces(own) if piece]
            yield f"Usage: `{' '.join([own.command_path, *pieces])}`\n"
            yield _options([each for each in command.params if tuple(each.opts) not in common], own)
        yield from _help(command.epilog or "")


def _options(parameters: list[Any], context: Any) -> str:
    shown = (each for each in parameters if each.name not in OF_TYPER and not each.hidden)
    records = (each.get_help_record(context) for each in shown)
    rows = [(f"`{record[0].strip()}`", record[1]) for record in records if record]
    return table(("argument or option", "meaning"), rows)


def _help(text: str) -> Iterator[str]:
    """A command's help: its examples become blocks of code, the rest stays as it is."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        first = re.sub(rf"^Examples?:\s*($|(?={PROGRAM}))", "", lines[0]) if lines else ""
        if first.startswith(PROGRAM):
            yield "```sh\n" + "\n".join(map(_example, [first, *lines[1:]])) + "\n```\n"
        elif first:
            yield prose("\n".join([first, *lines[1:]])) + "\n"


def _example(line: str) -> str:
    """A call that a shell takes: what stands behind it in brackets becomes a comment."""
    return re.sub(r"\s+\(([^()]*)\)$", r"  # \1", line)


def _first_line(text: str | None) -> str:
    return re.split(r"(?<=[.!?])\s", (text or "").strip())[0].strip()
