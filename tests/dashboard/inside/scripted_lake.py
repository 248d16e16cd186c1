"""An Athena that answers each of the dashboard's statements with a few rows."""

from dataclasses import dataclass, field

from tm_lakehouse.athena import QueryFailedError, QueryResult

WHOLE = """
courses bigint, rounds bigint, fixes bigint, devices bigint, pct_complete_rounds double, pct_problem_fixes double,
median_pace_gap_sec double, first_round_date date, last_round_date date
"""
COURSES = """
course_id varchar, course_name varchar, course_type varchar, time_zone varchar, unit_count bigint, rounds bigint,
devices bigint, first_round_date date, last_round_date date, pct_complete_rounds double, pct_problem_fixes double,
avg_pace_gap_sec double, median_pace_gap_sec double, data_quality_score double, usability_score double,
peak_season_start_month integer, peak_season_end_month integer
"""
ROUNDS = """
round_id varchar, device varchar, round_date date, round_start_ts timestamp, round_end_ts timestamp,
round_duration_minutes double, round_length varchar, holes_played bigint, start_hole integer, goal_time integer,
goal_time_fraction double, avg_pace_sec double, avg_pace_gap_sec double, problem_fix_count bigint, fix_count bigint,
is_complete boolean, is_secondary boolean
"""
FIXES = """
location_index integer, fix_timestamp timestamp, nine_number integer, loop_number integer, hole_number integer,
section_number integer, hole_section integer, longitude double, latitude double, pace double, pace_gap double,
positional_gap double, battery_percentage double, is_cache boolean, is_projected boolean, is_problem boolean
"""
OUTLINE = """
nine_number integer, section_number integer, hole_number integer, hole_section integer, fixes bigint, longitude double,
latitude double
"""
HOLES = """
nine_number integer, loop_number integer, hole_number integer, course_unit varchar, rounds bigint,
median_duration_sec double, slow_duration_sec double, avg_pace_gap_sec double, avg_pace_sec double
"""
SECTIONS = """
nine_number integer, loop_number integer, section_number integer, hole_number integer, fixes bigint,
avg_pace_gap_sec double, avg_pace_sec double, problem_rate double
"""
HOURS = """
day_type varchar, hour_of_day integer, rounds bigint, fixes bigint, avg_pace_gap_sec double, avg_pace_sec double,
problem_rate double, avg_battery_pct double
"""
STARTS = """
start_hole integer, rounds_with_this_start bigint, complete_rounds_with_this_start bigint,
pct_rounds_with_this_start double, pct_complete_rounds_with_this_start double, min_start_section integer,
max_start_section integer, min_first_tee_section_number integer, max_first_tee_section_number integer
"""
SHAPE = """
total_rounds bigint, likely_course_type varchar, topology_course_type varchar, max_section_seen integer,
max_holes_in_round bigint, pct_complete double, pct_incomplete double, pct_nine_hole double, pct_full_rounds double,
unique_start_holes bigint, pct_shotgun_starts double, pct_single_nine double, pct_two_nines double,
pct_all_three_nines double, avg_locations_per_round double, course_complexity_score bigint
"""
NINES = """
facility_id varchar, unit_id integer, unit_name varchar, nine_number integer, section_start integer,
section_end integer, source varchar, updated_at timestamp
"""
DEVICES = """
device varchar, rounds bigint, fixes bigint, low_battery_fixes bigint, critical_battery_fixes bigint,
low_battery_rate double, min_battery_pct double, avg_battery_pct double, cached_rate double, projected_rate double,
last_round_date date
"""
DAYS = """
round_date date, devices bigint, fixes bigint, low_battery_fixes bigint, critical_battery_fixes bigint,
cached_fixes bigint, projected_fixes bigint
"""
MEASURES = (
    "pace", "pace_gap", "positional_gap", "goal_time", "coordinates", "fix_timestamp", "hole_number", "section_number",
    "hole_section", "nine_number", "current_nine", "battery", "is_cache", "is_projected", "is_problem", "start_hole",
    "start_section", "end_section", "is_nine_hole", "is_complete",
)  # fmt: skip
SCORES = f"""
course_id varchar, total_events bigint, total_rounds bigint, data_quality_score double, score_tier_1_pace double,
score_tier_2_location double, score_tier_3_device double, score_tier_4_config double,
{", ".join(f"pct_missing_{name} double" for name in MEASURES)}
"""
RUNS = """
course_id varchar, ingest_date varchar, run_id varchar, started_at varchar, finished_at varchar, files_read bigint,
bytes_read bigint, records_read bigint, slots_read bigint, rows_written bigint, empty_slots bigint, duplicates bigint,
superseded bigint, quarantined_slots bigint, rounds_written bigint, bytes_written bigint
"""
BY_DAY_KIND = """
round_year integer, round_month integer, round_weekday integer, round_length varchar, rounds bigint,
complete_rounds bigint, complete_minutes double, pace_gap_sum double, pace_gap_count bigint
"""
GAPS = """
course_id varchar, usability_score double, pace_data_status varchar, location_data_status varchar,
device_health_status varchar, round_config_status varchar, top_recommendation varchar
"""
COVERAGE = """
course_id varchar, silver_real_rows bigint, fact_rounds_fixes bigint, silver_real_rounds bigint,
fact_rounds_rows bigint, is_whole boolean
"""
TRENDED = ("pace", "pace_gap", "coordinates", "fix_timestamp", "hole_number", "battery")

# By the statement's name: columns with their types, and rows.
ANSWERS = {
    "whole_lake": (WHOLE, [[2, 1500, 60000, 40, 88.5, 4.2, 610, "2024-06-01", "2024-08-31"]]),
    "course_list": (
        COURSES,
        [
            ["erinhills", "Erin Hills", "18-hole", "America/Chicago", 2, 1000, 30, "2024-06-01", "2024-08-31", 88.5,
             4.2, 612.5, 610, 91, 88, None, None],
            ["americanfalls", "American Falls", "9-hole", None, 1, 500, 10, "2024-06-01", "2024-07-15", 80, 4.2, None,
             None, 71, 60, 6, 8],
        ],
    ),
    "months_of_all": (
        "month_start date, rounds bigint, courses bigint", [["2024-06-01", 700, 2], ["2024-07-01", 800, 2]]
    ),
    "round_list": (
        ROUNDS,
        [
            ["r1", "d1", "2024-08-30", "2024-08-30 13:00:00", "2024-08-30 17:10:00", 250, "18", 18, 1, 15000, 1, 80,
             600, 2, 50, True, False],
            ["r2", "d2", "2024-08-29", None, None, None, "9", 9, None, None, None, None, None, 0, 20, False, False],
        ],
    ),
    "one_round": (
        ROUNDS,
        [["r9", "d1", "2024-06-03", "2024-06-03 13:00:00", "2024-06-03 17:10:00", 250, "18", 18, 10, 15000, 0.5, 80,
          600, 2, 50, True, False]],
    ),
    "fixes_of_round": (
        FIXES,
        [
            [place, f"2024-08-30 13:{place * 4:02}:00", 1, 1, 1 + place // 3, 1 + place, 1 + place % 3,
             -88.2 + place / 1000, 43.2 + place / 2000, -60 + 20 * place, None if place == 2 else 600, 5, 90, False,
             False, place == 4]
            for place in range(9)
        ],
    ),
    "course_outline": (
        OUTLINE, [[1, 1 + place, 1 + place // 3, 1 + place % 3, 40, -88.2 + place / 1000, 43.2] for place in range(9)]
    ),
    "pace_by_hole": (
        HOLES,
        [[1, 1, hole, "Front Nine", 90, 600 + 10 * hole, 900, 610, 40] for hole in range(1, 10)]
        + [[2, 1, hole, "Back Nine", 90, 640, 900, None, 40] for hole in range(10, 19)],
    ),
    "pace_by_section": (
        SECTIONS, [[1, 1, section, 1 + section // 3, 90, 600 + section, 40, 0.04] for section in range(1, 28)]
    ),
    "pace_by_hour": (
        HOURS,
        [[kind, hour, 30, 400, 610, 30 + hour, 0.04, 90 - hour]
         for kind in ("weekday", "weekend") for hour in (7, 8, 9)],
    ),
    "rounds_by_month": (
        "month_start date, month_number integer, month_name varchar, rounds bigint, pct_total double",
        [["2024-06-01", 6, "June", 700, 70], ["2024-07-01", 7, "July", 290, 29],
         [None, 0, "Unknown (missing timestamp)", 10, 1]],
    ),
    "rounds_by_weekday": (
        "weekday_number integer, weekday_name varchar, rounds bigint",
        [[0, "Unknown (missing timestamp)", 10], [1, "Monday", 400], [6, "Saturday", 590]],
    ),
    "rounds_by_month_and_weekday": (
        BY_DAY_KIND,
        [[2024, 6, 1, "18", 100, 80, 20000, 61000, 100], [2024, 7, 6, "18", 100, 0, None, None, 0]],
    ),
    "start_holes": (STARTS, [[1, 800, 700, 80, 82, 1, 2, 1, 1], [None, 200, 100, 20, 18, None, None, None, None]]),
    "configuration": (SHAPE, [[1000, "27-hole", None, 55, 18, 88, 5, 10, 90, 3, 2.5, 10, 90, None, 43.1, 60]]),
    "nines": (
        NINES,
        [["erinhills", 1, "Front Nine", 1, 1, 27, "inferred", "2024-09-01 06:00:00"],
         ["erinhills", 2, "Back Nine", 2, 28, 55, "inferred", "2024-09-01 06:00:00"]],
    ),
    "placed_fixes": (
        "section_number integer, hole_number integer, fixes bigint",
        [[section, 1 + section // 3, 90] for section in range(1, 28)],
    ),
    "devices": (DEVICES, [["d" * 24, 40, 1800, 90, 20, 0.05, 4, 71, 0.07, 0.03, "2024-08-30"],
                          ["e" * 24, 40, 1800, 0, 0, 0, 44, 80, 0.07, 0.03, "2024-08-30"]]),
    "device_days": (DAYS, [["2024-08-29", 9, 800, 40, 10, 60, 20], ["2024-08-30", 9, 900, 0, 0, 60, 20]]),
    "device_errors": (
        "fix_timestamp timestamp, device varchar, battery_percentage double, health_flag varchar, round_id varchar",
        [["2024-08-30 14:00:00", "d1", 7, "battery_critical", "r1"]],
    ),
    "quality_scores": (SCORES, [["erinhills", 60000, 1000, 91, 95, 90, 88, 99, *[5.0] * len(MEASURES)]]),
    "quality_gaps": (
        GAPS,
        [["erinhills", 88, "good", "good", "good", "good", "acceptable"]],
    ),
    "gold_coverage": (
        COVERAGE,
        [["erinhills", 60000, 60000, 1000, 1000, True]],
    ),
    "quality_gaps_by_month": (
        f"round_year integer, round_month integer, fixes bigint, {', '.join(f'missing_{x} bigint' for x in TRENDED)}",
        [[2024, 6, 30000, *[300] * len(TRENDED)], [2024, 7, 30000, *[600] * len(TRENDED)]],
    ),
    "latest_runs": (
        RUNS,
        [["erinhills", "2024-06-01", "jr_1", "2024-06-02T06:00:00Z", "2024-06-02T06:01:00Z", 1, 24500000, 1000, 60500,
          60000, 300, 100, 50, 50, 1000, 900000]],
    ),
    "quarantine_reasons": ("course_id varchar, reason varchar, quantity bigint, quarantined bigint",
                           [["erinhills", "coordinates_out_of_bounds", 50, 50]]),
}  # fmt: skip


def result_of(name: str, *, rows: bool = True) -> QueryResult:
    """The answer to a statement, or one with the same columns and no row."""
    declared, values = ANSWERS[name]
    columns, types = zip(*(column.split() for column in declared.split(",")), strict=True)
    texts = [[_text(value) for value in row] for row in values] if rows else []
    return QueryResult(list(columns), list(types), texts, 20_000, 300, "q", bytes_billed=10 * 2**20)


@dataclass
class ScriptedAthena:
    """Answers by the statement's name; notes what it was asked."""

    has_rows: bool = True
    refuses: str | None = None
    asked: list[str] = field(default_factory=list)

    def query(self, sql: str) -> QueryResult:
        self.asked.append(sql)
        if self.refuses:
            raise QueryFailedError(f"Athena: {self.refuses}", "q", "FAILED")
        return result_of(sql.splitlines()[0].removeprefix("-- dashboard: "), rows=self.has_rows)

    def sql_of(self, name: str) -> list[str]:
        return [sql for sql in self.asked if sql.startswith(f"-- dashboard: {name}\n")]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
