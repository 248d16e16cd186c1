"""What a browser session shares with Streamlit: the lake, the URL's filters, and what its queries have cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from tm_lakehouse.athena import Athena
from tm_lakehouse.dashboard import link
from tm_lakehouse.dashboard.lake import Answer, Lake
from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.queries import courses
from tm_lakehouse.dashboard.statement import Databases, Statement
from tm_lakehouse.settings import Settings

Choice = TypeVar("Choice")
_SPENT = "spent"


@dataclass
class Spent:
    """What this session's queries have cost."""

    queries: int = 0
    bytes_scanned: int = 0
    dollars: float = 0.0


def make_lake() -> Lake:
    """The lake that the environment names, under the role that it gives."""
    settings = Settings.from_environment()
    return Lake(Athena(settings.athena_workgroup), Databases.of(settings), settings.price_athena_tib)


def lake() -> Lake:
    """One for all sessions of this process."""
    kept: Lake = st.cache_resource(_made, show_spinner=False)()
    return kept


def _made() -> Lake:
    return make_lake()


def spent() -> Spent:
    """Of this session, to be added to."""
    found: Spent = st.session_state.setdefault(_SPENT, Spent())
    return found


def read(*statements: Statement) -> list[Answer]:
    """Ask the lake, and note what it cost."""
    with st.spinner("Asking Athena …", show_time=True):
        answers = lake().read(*statements)
    total = spent()
    for answer in answers:
        if not answer.is_kept:
            total.queries += 1
            total.bytes_scanned += answer.bytes_scanned
            total.dollars += answer.dollars
    return answers


@dataclass(frozen=True)
class Course:
    """The course that a page shows; its row of `course_list`."""

    course_id: str
    row: "pd.Series[Any]"

    @property
    def time_zone(self) -> str | None:
        zone = self.row["time_zone"]
        return None if pd.isna(zone) else str(zone)

    @property
    def whole(self) -> Period | None:
        """From its first to its last round; None where none has a time."""
        first, last = self.row["first_round_date"], self.row["last_round_date"]
        return None if pd.isna(first) or pd.isna(last) else Period(first.date(), last.date())


def chosen_course() -> Course | None:
    """Let the reader choose a course; None where Gold knows none, which is told."""
    frame = read(courses.course_list())[0].frame
    if frame.empty:
        st.info("Gold holds no course yet. `tm-lakehouse gold` builds it from Silver.")
        return None
    ids = [str(course) for course in frame["course_id"]]
    names = dict(zip(ids, (str(name) for name in frame["course_name"]), strict=True))
    asked = link.course_of(_asked(link.COURSE), ids)
    _object(asked.objection)
    chosen = chosen_of(link.COURSE, "Course", ids, asked.value, names.__getitem__)
    return Course(chosen, frame[frame["course_id"] == chosen].iloc[0])


def chosen_period(course: Course) -> Period | None:
    """Let the reader choose days among those of the course; None where it has none, which is told."""
    whole = course.whole
    if whole is None:
        st.info("None of this course's rounds has a time.")
        return None
    asked = {name: value for name in (link.FIRST, link.LAST) if (value := _asked(name))}
    found = link.period_of(asked, whole)
    _object(found.objection)
    begin, key = _beginning(course.course_id, found.value)
    days: Sequence[date] = st.date_input("Days", (begin.first, begin.last), whole.first, whole.last, key=key)
    # While the reader has picked the first day only, the page stays as it was.
    period = Period(*days) if len(days) == 2 else found.value
    _write(link.FIRST, period.first.isoformat())
    _write(link.LAST, period.last.isoformat())
    return period


def _beginning(course_id: str, asked: Period) -> tuple[Period, str]:
    """The days that the input begins with, and its key: a link's days make it another input, which begins anew."""
    name = f"period of {course_id}"
    begin, turn = st.session_state.get(name, (None, 0))
    if begin is None or _is_news(link.FIRST) or _is_news(link.LAST):
        begin, turn = asked, turn + 1
        st.session_state[name] = (begin, turn)
    return begin, f"{name}, {turn}"


def chosen_of(
    name: str,
    label: str,
    options: Sequence[Choice],
    asked: Choice,
    told: Callable[[Choice], str] = str,
) -> Choice:
    """Let the reader choose one of some options; the URL names it, and a link's choice comes first."""
    key = f"choice of {name}"
    value = st.session_state.get(key)
    # Set anew each time: Streamlit forgets what a widget of another page held once this page's is made.
    st.session_state[key] = asked if value not in options or _is_news(name) else value
    chosen: Choice = st.selectbox(label, options, key=key, format_func=told)
    _write(name, str(chosen))
    return chosen


def asked_choice(name: str, options: Sequence[Choice]) -> Choice:
    """What the link asks for among the options, else the first."""
    return link.choice_of(_asked(name), options)


def asked_round() -> str | None:
    """The round that the link names, if it names one that can be."""
    asked = link.round_of(_asked(link.ROUND))
    _object(asked.objection)
    return asked.value


def _asked(name: str) -> str | None:
    """What the URL says; where it says nothing, what the session showed last: a change of page empties the URL."""
    value = st.query_params.get(name) or st.session_state.get(_kept(name))
    return None if value is None else str(value)


def _is_news(name: str) -> bool:
    """Whether the URL says something that this session didn't write: a link, or the browser's back."""
    value = st.query_params.get(name)
    return value is not None and value != st.session_state.get(_kept(name))


def _write(name: str, value: str) -> None:
    st.session_state[_kept(name)] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _kept(name: str) -> str:
    return f"last {name}"


def _object(objection: str | None) -> None:
    if objection:
        st.warning(objection)
