"""What a command tells on stdout: tables and lines for people or, with --json, one JSON document for programs."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

# A pipe has no width of its own, so nothing is cut there.
_PIPE_WIDTH = 2000

Cell = str | int | None


class Document:
    """The JSON document of a command, if one was asked for."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: none is wanted."""
        self.is_wanted = False
        self._content: dict[str, Any] = {}

    def add(self, content: Mapping[str, Any]) -> None:
        """Keep values by their names."""
        self._content.update(content)

    def text(self) -> str:
        """What was kept, as JSON."""
        return json.dumps(self._content, indent=2, ensure_ascii=False, default=str)

    def print(self) -> None:
        """Print what was kept, at the end of the command, and begin anew."""
        if self.is_wanted:
            typer.echo(self.text())
        self.forget()


document = Document()


def tell(text: str, **values: Any) -> None:
    """A line for people, the same as values for programs."""
    if document.is_wanted:
        document.add(values)
    else:
        typer.echo(text)


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "rows") -> None:
    """One line per row, numbers to the right, with thousands separated; for programs a list of objects by `name`."""
    rows = list(rows)
    if document.is_wanted:
        keys = [key_of(column) for column in columns]
        document.add({name: [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(columns):
        is_number = any(isinstance(row[place], int) for row in rows)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row))
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    Console(file=sys.stdout, highlight=False, width=width).print(table)


def key_of(column: str) -> str:
    """A column's heading as a key: `at (UTC)` is `at_utc`."""
    return re.sub(r"\W+", "_", column.lower()).strip("_")


def _text(value: Cell) -> Text:
    if value is None:
        return Text("")
    return Text(f"{value:,}" if isinstance(value, int) else value)
