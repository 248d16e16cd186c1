"""Tables about what is missing."""

from fractions import Fraction
from typing import NamedTuple

from gold_truth.values import Rounded, Row, grouped

COLUMNS = {
    "pace": ("pace",), "pace_gap": ("pace_gap",), "positional_gap": ("positional_gap",), "goal_time": ("goal_time",),
    "coordinates": ("longitude", "latitude"), "fix_timestamp": ("fix_timestamp",), "hole_number": ("hole_number",),
    "section_number": ("section_number",), "hole_section": ("hole_section",), "nine_number": ("nine_number",),
    "current_nine": ("current_nine",), "battery": ("battery_percentage",), "is_cache": ("is_cache",),
    "is_projected": ("is_projected",), "is_problem": ("is_problem",), "start_hole": ("start_hole",),
    "start_section": ("start_section",), "end_section": ("end_section",), "is_nine_hole": ("is_nine_hole",),
    "is_complete": ("is_complete",),
}  # fmt: skip
TIERS = {
    "score_tier_1_pace": ("pace", "pace_gap", "positional_gap", "goal_time"),
    "score_tier_2_location": ("coordinates", "fix_timestamp", "hole_number", "section_number"),
    "score_tier_3_device": ("battery", "is_cache", "fix_timestamp"),
    "score_tier_4_config": ("start_hole", "is_nine_hole", "is_complete"),
}
WEIGHTS = dict(zip(TIERS, (4, 3, 2, 1), strict=True))
CRITICAL = (
    "pace", "pace_gap", "positional_gap", "goal_time", "coordinates", "fix_timestamp", "hole_number", "section_number",
    "battery", "is_cache", "is_projected", "start_hole", "is_nine_hole", "is_complete",
)  # fmt: skip
COMPLETENESS = (
    "pace", "pace_gap", "positional_gap", "coordinates", "fix_timestamp", "hole_number", "section_number", "battery",
)  # fmt: skip
# What to mend first, and above which percentage missing: pace or pace gap, holes, batteries, goal times.
RECOMMENDATIONS = {
    "Restore pace and pace gap: pace of play cannot be trusted": 20,
    "Restore hole numbers: fixes cannot be placed on the course": 20,
    "Restore battery readings: device health cannot be watched": 50,
    "Set goal times: pace has no target": 80,
}


class Gaps(NamedTuple):
    """A course's fixes and rounds, and the percentage of fixes that lack each value."""

    course: str
    fixes: list[Row]
    rounds: list[list[Row]]
    missing: dict[str, Fraction]

    def mean(self, *names: str) -> Fraction:
        """Of these percentages."""
        return sum((self.missing[name] for name in names), Fraction()) / len(names)


def gaps_of(fixes: list[Row]) -> list[Gaps]:
    """Every course's."""
    return [
        Gaps(
            course,
            rows,
            list(grouped(rows, "round_id").values()),
            {name: Fraction(100 * _missing(rows, name), len(rows)) for name in COLUMNS},
        )
        for (course,), rows in grouped(fixes, "course_id").items()
    ]


def round_column_gaps(fixes: list[Row]) -> list[Row]:
    """Fixes of a round that lack a value."""
    return [
        {
            "course_id": course,
            "round_id": round_id,
            "ingest_date": rows[0]["ingest_date"],
            "fix_count": len(rows),
            **{f"missing_{name}": _missing(rows, name) for name in COLUMNS},
        }
        for (course, round_id), rows in grouped(fixes, "course_id", "round_id").items()
    ]


def data_quality_overview(gaps: list[Gaps]) -> list[Row]:
    """Percentages of what is missing, and scores."""
    return [
        {
            "course_id": each.course,
            "total_events": len(each.fixes),
            "total_rounds": len(each.rounds),
            **{f"pct_missing_{name}": Rounded(share, 2) for name, share in each.missing.items()},
            **{tier: Rounded(100 - each.mean(*names), 2) for tier, names in TIERS.items()},
            "data_quality_score": Rounded(_quality(each), 2),
        }
        for each in gaps
    ]


def critical_column_gaps(gaps: list[Gaps]) -> list[Row]:
    """What matters most, judged."""
    return [
        {
            "course_id": each.course,
            **{f"pct_null_{name}": Rounded(each.missing[name], 2) for name in CRITICAL},
            "pace_data_status": _status(_worst_pace(each), critical=50, warning=20, minor=5),
            "location_data_status": _status(each.missing["hole_number"], critical=30, warning=10),
            "device_health_status": _status(each.missing["battery"], warning=50, minor=20),
            "round_config_status": _status(each.missing["goal_time"], warning=80, minor=50),
            "usability_score": Rounded(_usability(each), 2),
            "top_recommendation": _recommendation(each),
        }
        for each in gaps
    ]


def telemetry_completeness_summary(gaps: list[Gaps]) -> list[Row]:
    """Fixes that have a value, and rounds that have it throughout."""
    return [
        {
            "course_id": each.course,
            "total_rounds": len(each.rounds),
            "total_events": len(each.fixes),
            **{f"pct_events_with_{name}": Rounded(100 - each.missing[name], 2) for name in COMPLETENESS},
            **{f"pct_rounds_with_full_{name}": _full(each, name) for name in COMPLETENESS},
            "pct_rounds_fully_measured": _full(each, *COMPLETENESS),
        }
        for each in gaps
    ]


def gold_coverage_audit(fixes: list[Row]) -> list[Row]:
    """Gold's totals are Silver's."""
    hole = ("round_id", "nine_number", "loop_number", "hole_number")
    found = []
    for (course,), rows in grouped(fixes, "course_id").items():
        rounds = len(grouped(rows, "round_id"))
        holes = len(grouped([row for row in rows if row["hole_number"] is not None], *hole))
        found.append(
            {
                "course_id": course,
                **dict.fromkeys(("silver_real_rows", "fact_rounds_fixes"), len(rows)),
                **dict.fromkeys(("silver_real_rounds", "fact_rounds_rows"), rounds),
                **dict.fromkeys(("rounds_by_month", "rounds_by_weekday"), rounds),
                **dict.fromkeys(("silver_hole_keys", "hole_rows"), holes),
                **{f"is_every_{name}_counted": True for name in ("fix", "round", "month", "weekday", "hole")},
            }
        )
    return found


def scores(gaps: list[Gaps]) -> dict[str, Row]:
    """The two scores that the course's own table shows."""
    return {
        each.course: {
            "data_quality_score": Rounded(_quality(each), 2),
            "usability_score": Rounded(_usability(each), 2),
        }
        for each in gaps
    }


def _missing(rows: list[Row], name: str) -> int:
    return sum(1 for row in rows if any(row[column] is None for column in COLUMNS[name]))


def _quality(gaps: Gaps) -> Fraction:
    return sum((Fraction(WEIGHTS[tier], 10) * (100 - gaps.mean(*names)) for tier, names in TIERS.items()), Fraction())


def _worst_pace(gaps: Gaps) -> Fraction:
    return max(gaps.missing["pace"], gaps.missing["pace_gap"])


def _usability(gaps: Gaps) -> Fraction:
    parts = (
        (4, _worst_pace(gaps)),
        (3, gaps.mean("hole_number", "fix_timestamp")),
        (2, gaps.mean("battery", "is_projected")),
        (1, gaps.mean("goal_time", "start_hole")),
    )
    return 100 - sum((Fraction(weight, 10) * share for weight, share in parts), Fraction())


def _status(share: Fraction, **bounds: int) -> str:
    return next((status for status, bound in bounds.items() if share > bound), "good")


def _recommendation(gaps: Gaps) -> str:
    shares = (_worst_pace(gaps), gaps.missing["hole_number"], gaps.missing["battery"], gaps.missing["goal_time"])
    too_many = zip(shares, RECOMMENDATIONS.items(), strict=True)
    return next((words for share, (words, bound) in too_many if share > bound), "Data quality is acceptable")


def _full(gaps: Gaps, *names: str) -> Rounded:
    full = sum(1 for rows in gaps.rounds if not any(_missing(rows, name) for name in names))
    return Rounded(Fraction(100 * full, len(gaps.rounds)), 2)
