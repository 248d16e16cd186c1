"""How a table is shown: a heading, its grain, what else is to be known, and its columns."""

from collections.abc import Iterable, Sequence

Row = tuple[str, str, str]


def section(name: str, grain: str, columns: Iterable[Row], *more: str) -> str:
    """One table; columns are name, type and meaning. Markdown, ends with an empty line."""
    rows = "\n".join(f"| `{column}` | {kind} | {_cell(meaning)} |" for column, kind, meaning in columns)
    paragraphs = [grain, *more, f"| column | type | meaning |\n|---|---|---|\n{rows}"]
    return f"### `{name}`\n" + "\n\n".join(paragraphs) + "\n"


def contents(groups: dict[str, Sequence[str]]) -> str:
    """Links to every table, a line for each group."""
    return "\n".join(
        f"- {group}: {', '.join(f'[{name}](#{name})' for name in tables)}" for group, tables in groups.items()
    )


def names(every: Iterable[str]) -> str:
    """Column names in a sentence."""
    return ", ".join(f"`{name}`" for name in every) or "nothing"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
