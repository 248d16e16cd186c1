"""How a page of the reference is put together: Markdown."""

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; without rows nothing. Cells are one line, and may hold Markdown."""
    told = [[cell(each) for each in row] for row in rows]
    if not told:
        return ""
    lines = [list(headings), ["---"] * len(headings), *told]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def cell(text: str) -> str:
    """A text in one line, its bars kept from ending the cell."""
    return prose(" ".join(text.split())).replace("|", r"\|")


def prose(text: str) -> str:
    """A text in which nothing is taken for a tag; what stands in code marks stays as it is."""
    parts = text.split("`")
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))


def joined(parts: Iterable[str]) -> str:
    """Parts with one empty line between them; empty parts are left out."""
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part)
