"""Tables of courses by their rounds."""

from collections.abc import Iterable, Mapping

from gold_truth.values import Row, count, grouped, highest, lowest, mean, pct

TYPES = {"27-hole": 30, "18-hole": 20, "9-hole": 10}


def course_start_hole_distribution(rounds: list[Row]) -> list[Row]:
    """Where rounds start."""
    found = []
    for (course,), of_course in grouped(rounds, "course_id").items():
        complete = count(of_course, lambda row: row["is_complete"])
        used = {row["start_hole"] for row in of_course} - {None}
        for (hole,), starts in grouped(of_course, "start_hole").items():
            completed = count(starts, lambda row: row["is_complete"])
            found.append(
                {
                    "course_id": course,
                    "start_hole": hole,
                    "rounds_with_this_start": len(starts),
                    "complete_rounds_with_this_start": completed,
                    "total_rounds": len(of_course),
                    "total_complete_rounds": complete,
                    "distinct_start_holes": len(used),
                    "pct_rounds_with_this_start": pct(len(starts), len(of_course)),
                    "pct_complete_rounds_with_this_start": pct(completed, complete),
                    "min_start_section": lowest(row["start_section"] for row in starts),
                    "max_start_section": highest(row["start_section"] for row in starts),
                    "min_first_tee_section_number": lowest(row["first_tee_section_number"] for row in starts),
                    "max_first_tee_section_number": highest(row["first_tee_section_number"] for row in starts),
                }
            )
    return found


def course_configuration_analysis(rounds: list[Row], topology: Iterable[Row]) -> list[Row]:
    """The course's shape, as its rounds show it."""
    nines = grouped(topology, "facility_id")
    return [
        _shape(course, rows, len(nines.get((course,), ()))) for (course,), rows in grouped(rounds, "course_id").items()
    ]


def dim_course(
    rounds: list[Row], topology: list[Row], profiles: Mapping[str, Row], scores: Mapping[str, Row]
) -> list[Row]:
    """What is known of a course and what its data say; `scores` are its quality scores by name."""
    found = []
    for shape in course_configuration_analysis(rounds, topology):
        course = shape["course_id"]
        own = [row for row in rounds if row["course_id"] == course]
        profile = profiles.get(course, {})
        units = sorted((row for row in topology if row["facility_id"] == course), key=lambda row: row["nine_number"])
        types = (profile.get("course_type"), shape["topology_course_type"], shape["likely_course_type"])
        lengths = sorted({int(row["round_length"]) for row in own if row["round_length"] != "unknown"})
        same = ("likely_course_type", "topology_course_type", "max_section_seen", "unique_start_holes",
                "course_complexity_score")  # fmt: skip
        of_profile = ("time_zone", "volume_profile", "peak_season_start_month", "peak_season_end_month")
        found.append(
            {
                "course_id": course,
                "course_name": profile.get("course_name") or course,
                "course_type": next(each for each in types if each),
                **{name: shape[name] for name in same},
                **{name: profile.get(name) for name in of_profile},
                "unit_count": len(units),
                "unit_names": ", ".join(row["unit_name"] for row in units) or None,
                "rounds": len(own),
                "fixes": sum(row["fix_count"] for row in own),
                "first_round_date": lowest(row["round_date"] for row in own),
                "last_round_date": highest(row["round_date"] for row in own),
                "playable_round_lengths": ", ".join(map(str, lengths)) or None,
                **scores[course],
            }
        )
    return found


def _shape(course: str, rounds: list[Row], nines: int) -> Row:
    top = highest(row["max_section_number"] for row in rounds)
    likely = "27-hole" if (top or 0) > 54 else "18-hole" if (top or 0) > 27 else "9-hole"
    starts = {row["start_hole"] for row in rounds} - {None}
    number = {
        "complete": count(rounds, lambda row: row["is_complete"]),
        "incomplete": count(rounds, lambda row: row["is_incomplete"]),
        "nine_hole": count(rounds, lambda row: row["is_nine_hole"]),
        "full_rounds": count(rounds, lambda row: row["is_nine_hole"] is False),
        "shotgun_starts": count(rounds, lambda row: row["start_hole"] not in (None, 1)),
        "single_nine": count(rounds, lambda row: row["nines_played"] == 1),
        "two_nines": count(rounds, lambda row: row["nines_played"] == 2),
        "all_three_nines": count(rounds, lambda row: row["nines_played"] >= 3),
    }
    shares = {f"pct_{name}": pct(each, len(rounds)) for name, each in number.items()}
    score = 10 * len(starts) + TYPES[likely]
    score += 10 if number["nine_hole"] * 5 > len(rounds) else 0
    score += 5 if number["incomplete"] * 10 > len(rounds) else 0
    return {
        "course_id": course,
        "total_rounds": len(rounds),
        "likely_course_type": likely,
        "topology_course_type": f"{9 * min(nines, 3)}-hole" if nines else None,
        "max_section_seen": top,
        "max_holes_in_round": highest(row["holes_played"] for row in rounds),
        **shares,
        "pct_all_three_nines": shares["pct_all_three_nines"] if likely == "27-hole" else None,
        "unique_start_holes": len(starts),
        "avg_locations_per_round": mean(row["fix_count"] for row in rounds),
        "min_locations_per_round": lowest(row["fix_count"] for row in rounds),
        "max_locations_per_round": highest(row["fix_count"] for row in rounds),
        "course_complexity_score": score,
    }
