"""What the reader chooses. The URL says all that isn't as it comes, so a link, or the browser's back, shows it again.

A choice is written into the URL when the reader makes it, and at no other time: each writing is a step of the browser's
history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tm_lakehouse.dashboard import link
from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.queries import courses
from tm_lakehouse.dashboard.session import read

Choice = TypeVar("Choice")
# What every page has in common, so that it goes along from page to page.
SHARED = (link.COURSE, link.FIRST, link.LAST)
_SEEN = "seen in the URL"


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
    chosen = chosen_of(link.COURSE, "Course", ids, asked.value, names.__getitem__, outdated=(link.ROUND,))
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
    if period != found.value:
        _write({link.FIRST: period.first.isoformat(), link.LAST: period.last.isoformat()})
    return period


def chosen_days_of_course(course_place: DeltaGenerator, days_place: DeltaGenerator) -> tuple[Course, Period] | None:
    """Let the reader choose a course and some of its days; None where there are none, which is told."""
    with course_place:
        course = chosen_course()
    if course is None:
        return None
    with days_place:
        period = chosen_period(course)
    return None if period is None else (course, period)


def chosen_of(
    name: str,
    label: str,
    options: Sequence[Choice],
    asked: Choice,
    told: Callable[[Choice], str] = str,
    outdated: Sequence[str] = (),
) -> Choice:
    """Let the reader choose one of some options; a link's choice comes first.

    `asked`: what the URL names, or implies. `outdated`: what leaves the URL when this choice is another.
    """
    key = _key(name)
    value = st.session_state.get(key)
    # Set anew each time: Streamlit forgets what a widget of another page held once this page's is made.
    st.session_state[key] = asked if value not in options or _is_news(name) else value
    chosen: Choice = st.selectbox(label, options, key=key, format_func=told)
    if chosen != asked:
        _write({name: str(chosen), **dict.fromkeys(outdated)})
    return chosen


def forget(name: str) -> None:
    """Let this choice begin with what the URL names, or implies."""
    st.session_state.pop(_key(name), None)


def asked_choice(name: str, options: Sequence[Choice]) -> Choice:
    """What the URL asks for among the options, else the first."""
    return link.choice_of(_asked(name), options)


def asked_round() -> str | None:
    """The round that the URL names, if it names one that can be."""
    asked = link.round_of(_asked(link.ROUND))
    _object(asked.objection)
    return asked.value


def shared() -> dict[str, str]:
    """The part of the URL that goes along to another page."""
    return {name: value for name in SHARED if (value := _asked(name))}


def remember() -> None:
    """Note what the URL says, at a run's end: what differs in the next run is news."""
    st.session_state[_SEEN] = st.query_params.to_dict()


def _beginning(course_id: str, asked: Period) -> tuple[Period, str]:
    """The days that the input begins with, and its key: a link's days make it another input, which begins anew."""
    name = f"period of {course_id}"
    begin, turn = st.session_state.get(name, (None, 0))
    if begin is None or _is_news(link.FIRST) or _is_news(link.LAST):
        begin, turn = asked, turn + 1
        st.session_state[name] = (begin, turn)
    return begin, f"{name}, {turn}"


def _key(name: str) -> str:
    return f"choice of {name}"


def _asked(name: str) -> str | None:
    value = st.query_params.get(name)
    return None if value is None else str(value)


def _is_news(name: str) -> bool:
    """Whether the URL says something else than at the last run's end: a link, or the browser's back."""
    return bool(_asked(name) != st.session_state.get(_SEEN, {}).get(name))


def _write(changes: dict[str, str | None]) -> None:
    """Say it in the URL, all at once."""
    query = st.query_params.to_dict() | changes
    st.query_params.from_dict({name: value for name, value in query.items() if value is not None})


def _object(objection: str | None) -> None:
    if objection:
        st.warning(objection)
