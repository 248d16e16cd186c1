"""How the GPS devices of a course do."""

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard import filters, session
from tm_lakehouse.dashboard.figures import devices as figures
from tm_lakehouse.dashboard.panel import metrics, panel, table
from tm_lakehouse.dashboard.queries import devices, pace


def render() -> None:
    """The page."""
    st.title("Device health", anchor=False)
    chosen = filters.chosen_days_of_course(*st.columns(2))
    if chosen is None:
        return
    course, period = chosen
    each, days, hours, errors = session.read(
        devices.by_device(course.course_id, period),
        devices.by_day(course.course_id, period),
        pace.by_hour(course.course_id, period),
        devices.latest_errors(course.course_id, period),
    )
    _totals(each.frame)
    panel("Day by day", lambda: figures.shares_by_day(days.frame), [days], note="Shares of the day's fixes.")
    left, right = st.columns(2)
    with left:
        low = each.frame[each.frame["low_battery_fixes"] > 0]
        panel(
            "Devices that run low",
            lambda: figures.lowest(each.frame),
            [each],
            note="Fixes below 20 % battery; the last digits of the device's id.",
            data=low,
        )
    with right:
        panel("Battery by hour", lambda: figures.battery_by_hour(hours.frame), [hours], note="Local hours.")
    table("Every device", [each], columns=_columns(), note="With rounds in the period, at most 500.")
    table("Latest low readings", [errors], note="The last hundred of the period; times are UTC.")


def _totals(frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    fixes, low = int(frame["fixes"].sum()), int(frame["low_battery_fixes"].sum())
    metrics(
        ("Devices", f"{len(frame):,}"),
        ("With low readings", f"{int((frame['low_battery_fixes'] > 0).sum()):,}"),
        ("Fixes below 20 %", f"{100 * low / fixes:.1f} %"),
        ("Fixes below 10 %", f"{100 * int(frame['critical_battery_fixes'].sum()) / fixes:.1f} %"),
    )


def _columns() -> dict[str, object]:
    share = st.column_config.ProgressColumn
    return {
        "low_battery_rate": share("low", min_value=0, max_value=1, format="percent"),
        "cached_rate": share("offline", min_value=0, max_value=1, format="percent"),
        "projected_rate": share("estimated", min_value=0, max_value=1, format="percent"),
        "avg_battery_pct": st.column_config.NumberColumn("mean battery", format="%.0f %%"),
        "min_battery_pct": st.column_config.NumberColumn("lowest battery", format="%.0f %%"),
        "last_round_date": st.column_config.DateColumn("last round"),
    }
