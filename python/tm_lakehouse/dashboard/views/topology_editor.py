"""The curated nines of a course, edited: checked, shown as a difference, then written to the package's file."""

import ipaddress

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard.panel import remark
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.topology.changes import Changes
from tm_lakehouse.topology.curated import curated_nines
from tm_lakehouse.topology.edit import (
    MOST_NINES,
    difference,
    edited_nines,
    refresh_changes,
    seed_path,
    seed_text,
    why_not_writable,
    write_seed,
)
from tm_lakehouse.topology.inference import Nine

_DONE = "curated nines written"


def render(course_id: str, in_lake: pd.DataFrame) -> None:
    """The editor, where the caller may write; else why there is none."""
    st.subheader("Edit the curated nines", anchor=False)
    path = seed_path()
    reason = why_not_writable(path) or _why_not_here(_listens_on())
    if reason:
        remark(f"Not offered: {reason}")
        return
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    curated, lake_nines = curated_nines(), _nines(in_lake)
    rows = _edited_rows(course_id, _own(course_id, curated) or lake_nines)
    before = path.read_text(encoding="utf-8")
    try:
        edited = edited_nines(curated, course_id, rows)
    except ValueError as error:
        st.error(f"This can't be written: {error}")
        return
    after = seed_text(edited)
    _preview(course_id, before, after, refresh_changes(lake_nines, edited, course_id))
    if st.button("Write the file", disabled=before == after, type="primary", key=f"write {course_id}"):
        _write(before, after)


def _listens_on() -> str:
    """The address that Streamlit was given; none means every one of the machine's."""
    return str(st.get_option("server.address") or "")


def _why_not_here(address: str) -> str | None:
    """Whoever reaches a dashboard that listens beyond this machine could write: it has no sign-in."""
    try:
        is_own = address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_own = False
    return None if is_own else "this dashboard listens to other machines. Start one on your own, without --address."


def _edited_rows(course_id: str, given: list[Nine]) -> list[dict[str, object]]:
    remark(
        "Nines are numbered in the order of their sections, and no section belongs to two. "
        "0 nines takes the course out of the file: then they are inferred from its fixes."
    )
    count = st.number_input("Nines", 0, MOST_NINES, len(given) or 1, key=f"nines of {course_id}")
    return [_row(course_id, place, given[place] if place < len(given) else None) for place in range(int(count))]


def _row(course_id: str, place: int, nine: Nine | None) -> dict[str, object]:
    number = nine.nine_number if nine else place + 1
    name, unit, first, last = st.columns([3, 1, 1, 1])
    key = f"{course_id} {place}"
    with name:
        unit_name = st.text_input(f"Name of nine {number}", nine.unit_name if nine else "", key=f"name {key}")
    with unit:
        unit_id = st.number_input("Unit", 1, value=nine.unit_id if nine else number, key=f"unit {key}")
    with first:
        start = st.number_input("First section", 1, value=nine.section_start if nine else 1, key=f"first {key}")
    with last:
        end = st.number_input("Last section", 1, value=nine.section_end if nine else 27, key=f"last {key}")
    return {"unit_name": unit_name, "unit_id": unit_id, "nine_number": number, "section_start": start,
            "section_end": end}  # fmt: skip


def _preview(course_id: str, before: str, after: str, refreshed: Changes[Nine]) -> None:
    changed = difference(before, after)
    if not changed:
        remark("The file holds just this.")
        return
    st.code(changed, language="diff")
    told = [
        f"writes {nine.unit_name}, sections {nine.section_start} to {nine.section_end}" for nine in refreshed.upserts
    ]
    told += [f"removes {nine.unit_name}" for nine in refreshed.deletes]
    effect = "; ".join(told) or "changes nothing"
    remark(
        f"In the lake, `tm-lakehouse topology refresh` then {effect}. Re-run the dates of {course_id} afterwards: "
        "rows of Silver keep the nine and loop that they were derived with."
    )


def _write(before: str, after: str) -> None:
    try:
        write_seed(seed_path(), before, after)
    except LakehouseError as error:
        st.error(f"{error.reason} {error.next_step}")
        return
    st.session_state[_DONE] = (
        f"{seed_path().name} is written. Look at it with `git diff` and commit it; `tm-lakehouse topology refresh` "
        "brings it into the lake, under a role that may write there."
    )
    st.rerun()


def _own(course_id: str, nines: list[Nine]) -> list[Nine]:
    return [nine for nine in nines if nine.facility_id == course_id]


def _nines(frame: pd.DataFrame) -> list[Nine]:
    return [
        Nine(
            str(row.facility_id), int(row.unit_id), str(row.unit_name), int(row.nine_number), int(row.section_start),
            int(row.section_end), str(row.source),
        )
        for row in frame.itertuples(index=False)
    ]  # fmt: skip
