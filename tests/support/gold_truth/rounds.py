"""Tables of rounds, and of months and weekdays of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from gold_truth.values import (
    Rounded,
    Row,
    count,
    grouped,
    highest,
    local,
    lowest,
    mean,
    pct,
    rate,
    seconds_between,
)  # fmt: skip

ATTRIBUTES = (
    "ingest_date", "device", "start_hole", "start_section", "end_section", "is_nine_hole", "current_nine", "goal_time",
    "goal_name", "goal_time_fraction", "is_complete", "is_incomplete", "is_secondary", "is_auto_assigned",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNKNOWN = "Unknown (missing timestamp)"
LENGTHS = {0: "unknown", 1: "9", 2: "18"}


def fact_rounds(fixes: Iterable[Row], zones: Mapping[str, str | None]) -> list[Row]:
    """One row per round with real fixes."""
    return [_round(rows, zones) for rows in grouped(fixes, "course_id", "round_id").values()]


def pace_summary_by_round(rounds: list[Row]) -> list[Row]:
    """Times and mean paces."""
    same = ("course_id", "round_id", "ingest_date", "round_start_ts", "round_end_ts", "fix_count", "avg_positional_gap")
    renamed = {"avg_pace": "avg_pace_sec", "avg_pace_gap": "avg_pace_gap_sec"}
    return [{name: row[name] for name in same} | {new: row[name] for new, name in renamed.items()} for row in rounds]


def signal_quality_rounds(rounds: list[Row]) -> list[Row]:
    """How much was estimated, or a problem."""
    names = ("course_id", "round_id", "ingest_date", "fix_count", "projected_fix_count", "problem_fix_count",
             "projected_rate", "problem_rate")  # fmt: skip
    return [{name: row[name] for name in names} for row in rounds]


def course_rounds_by_month(rounds: list[Row]) -> list[Row]:
    """Rounds of a course by local month."""
    months = grouped([row | {"month": row["round_date"] and row["round_date"].replace(day=1)} for row in rounds],
                     "course_id", "month")  # fmt: skip
    of_course = {course: len(rows) for (course,), rows in grouped(rounds, "course_id").items()}
    return [
        {
            "course_id": course,
            "month_start": month,
            "month_number": month.month if month else 0,
            "month_name": MONTHS[month.month - 1] if month else UNKNOWN,
            "rounds": len(rows),
            "pct_total": pct(len(rows), of_course[course]),
        }
        for (course, month), rows in months.items()
    ]


def course_rounds_by_weekday(rounds: list[Row]) -> list[Row]:
    """Rounds of a course by local weekday."""
    return [
        {
            "course_id": course,
            "weekday_number": weekday or 0,
            "weekday_name": WEEKDAYS[weekday - 1] if weekday else UNKNOWN,
            "rounds": len(rows),
        }
        for (course, weekday), rows in grouped(rounds, "course_id", "round_weekday").items()
    ]


def _round(rows: list[Row], zones: Mapping[str, str | None]) -> Row:
    first = min(rows, key=lambda row: row["location_index"])
    return (
        {name: first[name] for name in ("course_id", "round_id", *ATTRIBUTES)}
        | _times(rows, zones.get(first["course_id"]))
        | _places(rows)
        | _paces(rows)
        | _signal(rows)
        | _battery(rows)
    )


def _times(rows: list[Row], zone: str | None) -> Row:
    start, end = lowest(row["fix_timestamp"] for row in rows), highest(row["fix_timestamp"] for row in rows)
    seconds = seconds_between(start, end)
    there = local(start, zone)
    day: date | None = there.date() if there else None
    missing = count(rows, lambda row: row["fix_timestamp"] is None)
    return {
        "round_start_ts": start,
        "round_end_ts": end,
        "duration_sec": None if seconds is None else float(seconds),
        "round_duration_minutes": None if seconds is None else Rounded(seconds / 60, 1),
        "fix_count": len(rows),
        "ts_missing_fix_count": missing,
        "ts_missing_rate": rate(missing, len(rows)),
        "round_date": day,
        "round_year": day and day.year,
        "round_month": day and day.month,
        "round_day": day and day.day,
        "round_weekday": day and day.isoweekday(),
    }


def _places(rows: list[Row]) -> Row:
    nines = {(row["nine_number"], row["loop_number"]) for row in rows}
    holes = {(row["nine_number"], row["loop_number"], row["hole_number"]) for row in rows}
    played = len([nine for nine in nines if None not in nine])
    return {
        "holes_played": len([hole for hole in holes if None not in hole]),
        "nines_played": played,
        "round_length": LENGTHS.get(played, "27"),
        "min_section_number": lowest(row["section_number"] for row in rows),
        "max_section_number": highest(row["section_number"] for row in rows),
        "first_tee_section_number": lowest(row["section_number"] for row in rows if row["hole_section"] == 1),
    }


def _paces(rows: list[Row]) -> Row:
    return {
        "avg_pace_sec": mean(row["pace"] for row in rows),
        "max_pace_sec": highest(row["pace"] for row in rows),
        "avg_pace_gap_sec": mean(row["pace_gap"] for row in rows),
        "avg_positional_gap": mean(row["positional_gap"] for row in rows),
    }


def _signal(rows: list[Row]) -> Row:
    counts = {
        "projected": count(rows, lambda row: row["is_projected"]),
        "problem": count(rows, lambda row: row["is_problem"]),
        "cached": count(rows, lambda row: row["is_cache"]),
    }
    return {f"{name}_fix_count": number for name, number in counts.items()} | {
        f"{name}_rate": rate(number, len(rows)) for name, number in counts.items()
    }


def _battery(rows: list[Row]) -> Row:
    readings = [row["battery_percentage"] for row in rows if row["battery_percentage"] is not None]
    return {
        "min_battery_pct": lowest(readings),
        "avg_battery_pct": mean(readings),
        "low_battery_fix_count": len([reading for reading in readings if Fraction(reading) < 20]),
        "critical_battery_fix_count": len([reading for reading in readings if Fraction(reading) < 10]),
    }
