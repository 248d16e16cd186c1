"""How the expressions that tests of `holds` state are broken: only a reader of them can tell."""

from dataclasses import dataclass

from gold_mutations.table import Changes

IDENTITIES = tuple(f"is_every_{name}_counted" for name in ("fix", "round", "month", "weekday", "hole"))
WATCHED = ("pace", "hole_number", "section_number", "battery", "fix_timestamp", "coordinates")
SLOTS = ("slots_read", "rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots")
RECORDS = ("records_read", "rounds_written", "rounds_superseded", "rounds_duplicate", "records_quarantined")


@dataclass(frozen=True)
class Broken:
    """Changes of a row, each of which breaks an expression alone; the first is the one planted in a whole table."""

    ways: list[Changes]
    where: str = "true"


BROKEN = {
    "dim_course_has_time_zone": Broken([{"time_zone": "NULL"}], "time_zone IS NOT NULL"),
    "fact_rounds_calendar_follows_its_time": Broken(
        [{"round_date": "NULL"}, {"round_start_ts": "NULL"}], "round_date IS NOT NULL"
    ),
    "global_overview_sums_its_courses": Broken(
        [{"rounds": "rounds + 1"}, {"rounds": "rounds - 1"}, {"rounds": "NULL"}]
    ),
    "gold_coverage_identities": Broken([{name: value} for value in ("false", "NULL") for name in IDENTITIES]),
    "latest_silver_runs_accounts_for_every_slot_and_record": Broken(
        [{name: f"{name} + 1"} for name in (*SLOTS, *RECORDS)]
    ),
    "quarantined_records_tells_of_every_line_why": Broken([{"run_id": "NULL"}, {"reason": "NULL"}]),
    "round_column_gaps_covers_every_fix": Broken([{f"missing_{name}": "fix_count + 1"} for name in WATCHED]),
}
