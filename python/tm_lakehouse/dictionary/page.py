"""How a table is shown: a heading, its grain, what else is to be known, and its columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NUMBERS = ("int", "bigint", "double", "decimal", "array(double)", "map<string,bigint>", "map<string,double>")


@dataclass(frozen=True)
class Shown:
    """A column as a page shows it. `unit` is empty for what is no number, and where the meaning tells it."""

    name: str
    kind: str
    meaning: str
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, so that they need a unit."""
        return self.kind.startswith(NUMBERS)


def section(name: str, grain: str, columns: Iterable[Shown], *more: str) -> str:
    """One table, with a column of units where any column has one. Markdown, ends with an empty line."""
    shown = list(columns)
    headings: Mapping[str, Sequence[str]] = {
        "column": [f"`{column.name}`" for column in shown],
        "type": [column.kind.replace("<", "&lt;") for column in shown],
        "unit": [column.unit for column in shown],
        "meaning": [_cell(column.meaning) for column in shown],
    }
    kept = {heading: cells for heading, cells in headings.items() if any(cells)}
    rows = [list(kept), *zip(*kept.values(), strict=True)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    table = "\n".join([lines[0], "|" + "---|" * len(kept), *lines[1:]])
    return f"### `{name}`\n" + "\n\n".join([grain, *more, table]) + "\n"


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
