"""A command's result as a table on stdout."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

# A pipe has no width of its own, so nothing is cut there.
_PIPE_WIDTH = 2000


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> None:
    """Print one line per row; numbers to the right, with thousands separated."""
    table = Table(box=None, pad_edge=False)
    rows = list(rows)
    for place, name in enumerate(columns):
        is_number = any(isinstance(row[place], int) for row in rows)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row))
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    Console(file=sys.stdout, highlight=False, width=width).print(table)


def _text(value: str | int | None) -> Text:
    if value is None:
        return Text("")
    return Text(f"{value:,}" if isinstance(value, int) else value)
