"""Tables that are told from fixes: holes, devices, hours, pace gaps, and the overviews."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from gold_truth.values import (
    Row,
    count,
    grouped,
    highest,
    local,
    lowest,
    mean,
    middle,
    pct,
    rate,
    seconds_between,
    total,
)  # fmt: skip

HOLE = ("course_id", "round_id", "nine_number", "loop_number", "hole_number")
HOUR = ("course_id", "round_id", "device", "day_type", "hour_of_day")


def fact_round_hole_performance(fixes: Iterable[Row], topology: Iterable[Row]) -> list[Row]:
    """One row per hole that a round played."""
    units = {(row["facility_id"], row["nine_number"]): row["unit_name"] for row in topology}
    found = []
    for key, rows in grouped((row for row in fixes if row["hole_number"] is not None), *HOLE).items():
        start, end = lowest(row["fix_timestamp"] for row in rows), highest(row["fix_timestamp"] for row in rows)
        seconds = seconds_between(start, end)
        first = min(rows, key=lambda row: row["location_index"])
        found.append(
            {
                **dict(zip(HOLE, key, strict=True)),
                "ingest_date": first["ingest_date"],
                "hole_start_time": start,
                "hole_end_time": end,
                "duration_sec": None if seconds is None else float(seconds),
                "fix_count": len(rows),
                "avg_pace_sec": mean(row["pace"] for row in rows),
                "max_pace_sec": highest(row["pace"] for row in rows),
                "avg_pace_gap_sec": mean(row["pace_gap"] for row in rows),
                "round_was_completed": first["is_complete"],
                "course_unit": units.get((key[0], key[2])),
            }
        )
    return found


def device_health_errors(fixes: Iterable[Row]) -> list[Row]:
    """Fixes of a weak battery."""
    names = ("course_id", "round_id", "location_index", "ingest_date", "device", "fix_timestamp", "battery_percentage")
    return [
        {name: row[name] for name in names}
        | {"health_flag": "battery_critical" if row["battery_percentage"] < 10 else "battery_low"}
        for row in fixes
        if row["battery_percentage"] is not None and row["battery_percentage"] < 20
    ]


def dim_device(fixes: Iterable[Row]) -> list[Row]:
    """One row per device."""
    return [
        {
            "device": device,
            "fix_count": len(rows),
            "courses": len({row["course_id"] for row in rows}),
            "first_seen_ts": lowest(row["fix_timestamp"] for row in rows),
            "last_seen_ts": highest(row["fix_timestamp"] for row in rows),
            "min_battery_pct": lowest(row["battery_percentage"] for row in rows),
            "avg_battery_pct": mean(row["battery_percentage"] for row in rows),
            "max_battery_pct": highest(row["battery_percentage"] for row in rows),
        }
        for (device,), rows in grouped(fixes, "device").items()
        if device is not None
    ]


def global_time_patterns(fixes: Iterable[Row], zones: Mapping[str, str | None]) -> list[Row]:
    """Fixes of a course by local hour and kind of day."""
    placed = [row | _hour(local(row["fix_timestamp"], zones.get(row["course_id"]))) for row in fixes]
    timed = [row for row in placed if row["fix_timestamp"] is not None]
    return [
        {
            "course_id": course,
            "day_type": kind,
            "time_bucket": _bucket(hour),
            "hour_of_day": hour,
            "fixes": len(rows),
            "rounds": len({row["round_id"] for row in rows}),
            "avg_pace_sec": mean(row["pace"] for row in rows),
            "avg_pace_gap_sec": mean(row["pace_gap"] for row in rows),
            "problem_fixes": count(rows, lambda row: row["is_problem"]),
            "problem_rate": rate(count(rows, lambda row: row["is_problem"]), len(rows)),
        }
        for (course, kind, hour), rows in grouped(timed, "course_id", "day_type", "hour_of_day").items()
    ]


def round_hours(fixes: Iterable[Row], zones: Mapping[str, str | None]) -> list[Row]:
    """Sums of a round by device and local hour, and the pace gaps in order: fixes without one come last."""
    placed = [row | _hour(local(row["fix_timestamp"], zones.get(row["course_id"]))) for row in fixes]
    found = []
    for key, rows in grouped(placed, *HOUR).items():
        measures = {"pace": "pace", "pace_gap": "pace_gap", "battery": "battery_percentage"}
        known = {name: [row[column] for row in rows if row[column] is not None] for name, column in measures.items()}
        found.append(
            {
                **dict(zip(HOUR, key, strict=True)),
                "ingest_date": rows[0]["ingest_date"],
                "fixes": len(rows),
                "first_fix_ts": lowest(row["fix_timestamp"] for row in rows),
                "last_fix_ts": highest(row["fix_timestamp"] for row in rows),
                "problem_fixes": count(rows, lambda row: row["is_problem"]),
                **{f"{name}_sum": total(values) for name, values in known.items()},
                **{f"{name}_count": len(values) for name, values in known.items()},
                "min_battery_pct": lowest(known["battery"]),
                "max_battery_pct": highest(known["battery"]),
                "pace_gaps": sorted(known["pace_gap"]) + [None] * (len(rows) - len(known["pace_gap"])),
            }
        )
    return found


def pace_gap_statistics(fixes: list[Row]) -> list[Row]:
    """Mean and median by course, and of all."""
    scopes = {course: rows for (course,), rows in grouped(fixes, "course_id").items()} | {"*": fixes}
    gaps = {scope: [row["pace_gap"] for row in rows if row["pace_gap"] is not None] for scope, rows in scopes.items()}
    return [
        {
            "course_scope": scope,
            "fixes": len(known),
            "avg_pace_gap_sec": mean(known),
            "median_pace_gap_sec": middle(known),
        }
        for scope, known in gaps.items()
        if known
    ]


def global_course_summary(fixes: list[Row], rounds: list[Row]) -> list[Row]:
    """Rounds, devices and pace gaps of a course."""
    of_rounds = grouped(rounds, "course_id")
    return [
        {"course_id": course, **_summary(rows, of_rounds[(course,)])}
        for (course,), rows in grouped(fixes, "course_id").items()
    ]


def global_overview(fixes: list[Row], rounds: list[Row]) -> list[Row]:
    """The same of all courses together."""
    return [{"courses": len({row["course_id"] for row in rounds}), **_summary(fixes, rounds)}]


def _summary(fixes: list[Row], rounds: list[Row]) -> Row:
    kinds = ("complete", "nine_hole", "secondary", "auto_assigned")
    number = {kind: count(rounds, lambda row, kind=kind: row[f"is_{kind}"]) for kind in kinds}
    problems = count(fixes, lambda row: row["is_problem"])
    return {
        "rounds": len(rounds),
        "fixes": len(fixes),
        "devices": len({row["device"] for row in fixes} - {None}),
        "problem_fixes": problems,
        "pct_problem_fixes": pct(problems, len(fixes)),
        **{f"{kind}_rounds": each for kind, each in number.items()},
        **{f"pct_{kind}_rounds": pct(each, len(rounds)) for kind, each in number.items()},
        "first_round_date": lowest(row["round_date"] for row in rounds),
        "last_round_date": highest(row["round_date"] for row in rounds),
        "avg_pace_gap_sec": mean(row["pace_gap"] for row in fixes),
        "median_pace_gap_sec": middle(row["pace_gap"] for row in fixes),
    }


def _hour(there: datetime | None) -> Row:
    if there is None:
        return {"day_type": "unknown", "hour_of_day": -1}
    return {"day_type": "weekend" if there.isoweekday() > 5 else "weekday", "hour_of_day": there.hour}


def _bucket(hour: int) -> str:
    return "night" if hour < 5 else "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
