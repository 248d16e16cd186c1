"""One round told from its fixes: local times, and each hole against its goal. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

HOLE = ["nine_number", "loop_number", "hole_number"]
UTC = "UTC"


def in_local_time(times: "pd.Series[pd.Timestamp]", time_zone: str | None) -> "pd.Series[pd.Timestamp]":
    """UTC times without a zone as the course's own, also without one; UTC where its zone is unknown."""
    zone = ZoneInfo(time_zone or UTC)
    return times.dt.tz_localize(UTC).dt.tz_convert(zone).dt.tz_localize(None)


def holes_against_goal(fixes: pd.DataFrame) -> pd.DataFrame:
    """One row per hole in the order of play: seconds from its first fix to the next hole's, and the goal's seconds.

    Pace is how far behind goal the group is at a fix, so its change over a hole is what the hole lost, and the goal's
    seconds are the rest. The last hole ends with its last fix. Fixes without hole or time are left out.
    """
    placed = fixes.dropna(subset=["hole_number", "fix_timestamp"]).sort_values("location_index")
    if placed.empty:
        return pd.DataFrame(columns=[*HOLE, "label", "seconds", "lost_seconds", "goal_seconds", "started_at_utc"])
    holes = placed[HOLE].fillna(0)
    visit = (holes != holes.shift()).any(axis=1).cumsum()
    first = placed[~visit.duplicated()].reset_index(drop=True)
    last = placed[~visit.duplicated(keep="last")].reset_index(drop=True)
    end = first[["fix_timestamp", "pace"]].shift(-1)
    end.iloc[-1] = last[["fix_timestamp", "pace"]].iloc[-1]
    played = first[HOLE].copy()
    played["started_at_utc"] = first["fix_timestamp"]
    played["seconds"] = (end["fix_timestamp"] - first["fix_timestamp"]).dt.total_seconds()
    played["lost_seconds"] = end["pace"] - first["pace"]
    played["goal_seconds"] = played["seconds"] - played["lost_seconds"]
    played["label"] = hole_labels(played)
    return played


def hole_labels(holes: pd.DataFrame) -> list[str]:
    """What people call each hole: its number, with nine and loop where the number alone is ambiguous."""
    nines, loops = holes["nine_number"].nunique() > 1, holes["loop_number"].nunique() > 1
    restarts = nines and bool(holes.groupby("hole_number")["nine_number"].nunique().gt(1).any())
    return [_label(row, restarts=restarts, loops=loops) for row in holes[HOLE].itertuples(index=False)]


def _label(row: tuple[object, ...], *, restarts: bool, loops: bool) -> str:
    nine, loop, hole = row
    label = f"{nine}·{hole}" if restarts and not pd.isna(nine) else f"{hole}"
    return f"{label} (loop {loop})" if loops and not pd.isna(loop) else label


@dataclass(frozen=True)
class Totals:
    """A round and its goal, in minutes; None where it can't be told."""

    played_minutes: float | None
    goal_minutes: float | None


def totals(round_row: "pd.Series[object]") -> Totals:
    """What a row of `fact_rounds` says of its goal: goal time times its fraction."""
    played, goal, factor = (
        _number(round_row[name]) for name in ("round_duration_minutes", "goal_time", "goal_time_fraction")
    )
    return Totals(played, None if goal is None else goal * (1.0 if factor is None else factor) / 60)


def behind_at_end(fixes: pd.DataFrame) -> float | None:
    """Minutes behind goal at the last fix that tells it. A round that was broken off isn't ahead for being short."""
    known = fixes["pace"].dropna()
    return None if known.empty else float(known.iloc[-1]) / 60


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
