"""The curated nines changed by hand: checked, compared and written to the package's versioned file."""

import csv
import difflib
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tm_lakehouse.topology
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.files import write_whole
from tm_lakehouse.topology.changes import Changes, changes, nine_key, wanted_nines
from tm_lakehouse.topology.curated import TOPOLOGY_FILE, check_nines
from tm_lakehouse.topology.inference import Nine

COLUMNS = ("facility_id", "unit_id", "unit_name", "nine_number", "section_start", "section_end")
NUMBERS = ("unit_id", "nine_number", "section_start", "section_end")
MOST_NINES = 9


def seed_path() -> Path:
    """The versioned file of curated nines, where this package lies."""
    return Path(tm_lakehouse.topology.__path__[0]) / TOPOLOGY_FILE


def why_not_writable(path: Path) -> str | None:
    """Why nobody may write the file here; None where one may."""
    if not path.is_file():
        return f"{path.name} lies in an archive here."
    # A file is replaced whole, which its folder has to allow.
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return f"{path.name} can't be written here."
    return None


def edited_nines(nines: Sequence[Nine], facility_id: str, rows: Iterable[Mapping[str, object]]) -> list[Nine]:
    """All curated nines, those of one facility as the rows say; no row takes the facility out.

    Raises:
        ValueError: a row is incomplete, or nines contradict each other.
    """
    edited = [_nine(facility_id, row) for row in rows]
    whole = [nine for nine in nines if nine.facility_id != facility_id] + edited
    check_nines(whole)
    return sorted(whole, key=lambda nine: (nine.facility_id, nine.nine_number))


def seed_text(nines: Iterable[Nine]) -> str:
    """The file's text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(nine, name) for name in COLUMNS] for nine in nines)
    return text.getvalue()


def difference(before: str, after: str) -> str:
    """What changes, line by line, as `git diff` would show it; empty where nothing does."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), TOPOLOGY_FILE, f"{TOPOLOGY_FILE} (edited)", n=1, lineterm=""
    )
    return "\n".join(lines)


def refresh_changes(in_lake: Sequence[Nine], curated: Sequence[Nine], facility_id: str) -> Changes[Nine]:
    """What the next `topology refresh` changes in the lake's rows of the facility, new inference aside."""
    current = [nine for nine in in_lake if nine.facility_id == facility_id]
    wanted = wanted_nines(current, [nine for nine in curated if nine.facility_id == facility_id], [])
    return changes(current, wanted, nine_key)


def write_seed(path: Path, before: str, after: str) -> None:
    """Replace the file, if it still says what the change was made from.

    Raises:
        LakehouseError: it doesn't, or can't be written.
    """
    if path.read_text(encoding="utf-8") != before:
        raise LakehouseError(f"{path.name} was changed by somebody else meanwhile.", "Look at it anew, then edit.")
    try:
        write_whole(path, after)
    except OSError as error:
        raise LakehouseError(f"{path.name} can't be written: {error.strerror}.", "Ask who owns the checkout.") from None


def _nine(facility_id: str, row: Mapping[str, object]) -> Nine:
    name = str(row.get("unit_name") or "").strip()
    if not name:
        raise ValueError("A nine needs a name.")
    unit_id, nine_number, start, end = (_whole(row.get(column), column, name) for column in NUMBERS)
    if not 1 <= nine_number <= MOST_NINES:
        raise ValueError(f"{name}: nine_number has to be from 1 to {MOST_NINES}.")
    return Nine(facility_id, unit_id, name, nine_number, start, end, "curated")


def _whole(value: object, column: str, name: str) -> int:
    try:
        number = float(str(value))
    except ValueError:
        raise ValueError(f"{name}: {column} has to be a whole number.") from None
    if not number.is_integer():
        raise ValueError(f"{name}: {column} has to be a whole number.")
    return int(number)
