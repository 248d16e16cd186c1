"""`silver.fact_telemetry_event`: every section entered in every round, typed and judged.

Layout. Target: 700 courses, seven years, 1.25 billion rows of about 61 bytes (measured, zstd), so 76 GB. Months of
events times four buckets of courses give 336 partitions of about 230 MB: one file each after compaction, within the
64 to 512 MB that readers like. One season of one course (four months) reads 4 of the 336 files, and within them the
few row groups that hold the course, since files are sorted by course. One week of all courses reads the 4 (at a
month's end 8) files of its month. Rows without a time lie in four partitions of their own.
A day's load of 650 courses writes one or two files per bucket and month it touches, not one per course.
"""

from tm_lakehouse.tables.contract import Column, TableContract

COURSE_BUCKETS = 4

TABLE = TableContract(
    name="fact_telemetry_event",
    grain=(
        "One row per course, round and location: the first fix of a section that the group entered. Slots without any "
        "value are no rows."
    ),
    columns=(
        Column("round_id", "string", "The source's id of the round (24 hex digits, ordered in time)."),
        Column("course_id", "string", "The course, from the landing key."),
        Column("ingest_date", "date", "The delivery that this row came with, from the landing key."),
        Column(
            "fix_timestamp",
            "timestamp",
            "When the section was entered, UTC: the slot's own date, else the round's start plus the slot's startTime "
            "rounded half up to milliseconds. NULL if neither can be told.",
        ),
        Column("is_timestamp_missing", "boolean", "fix_timestamp is NULL."),
        Column("event_date", "date", "UTC date of fix_timestamp."),
        Column("event_year", "int", "Year of event_date."),
        Column("event_month", "int", "Month of event_date, 1 to 12."),
        Column("event_day", "int", "Day of the month of event_date."),
        Column("event_weekday", "int", "Weekday of event_date: 1 is Sunday, 7 is Saturday."),
        Column("round_start_time", "timestamp", "When the round started, UTC."),
        Column("round_end_time", "timestamp", "When the round ended, UTC."),
        Column("round_duration_minutes", "double", "End minus start in minutes, 2 decimals, half up."),
        Column("location_index", "int", "Position of the slot in its round, from 0, counting empty slots too."),
        Column("hole_number", "int", "Hole as the source counts: on 27 holes and loops it restarts in every nine."),
        Column("section_number", "int", "Section of the course, counted on over all holes, from 1."),
        Column("hole_section", "int", "Section within the hole, 1 is the tee."),
        Column(
            "nine_number",
            "int",
            "Which nine of the facility: by the topology's section ranges, else by hole, else by section (27 to a "
            "nine), else the round's current nine.",
        ),
        Column("loop_number", "int", "Which pass of this round over the same nine, from 1. NULL without section."),
        Column("is_location_padding", "boolean", "Neither hole nor section is known."),
        Column("longitude", "double", "Degrees east, WGS 84."),
        Column("latitude", "double", "Degrees north, WGS 84."),
        Column("geometry_wkt", "string", "POINT (longitude latitude), shortest decimals without exponent."),
        Column("is_cache", "boolean", "Stored on the device while offline and uploaded later."),
        Column("is_projected", "boolean", "The position is an estimate."),
        Column("is_problem", "boolean", "The group meets the course's problem rule."),
        Column("pace", "double", "Seconds behind (+) or ahead of (-) goal time; 3 decimals. Not a trusted metric."),
        Column("pace_gap", "double", "Seconds to the group in front; NULL for the day's first group; 3 decimals."),
        Column("positional_gap", "double", "Falling behind (+) the group in front or catching up (-); 3 decimals."),
        Column("battery_percentage", "double", "Charge of the device, 0 to 100."),
        Column("start_hole", "int", "Hole on which the round started; other than 1 in a shotgun start."),
        Column("start_section", "int", "Section in which the round started."),
        Column("end_section", "int", "Section in which the round ended."),
        Column("is_nine_hole", "boolean", "The source marks the round as one of nine holes."),
        Column("current_nine", "int", "The nine in which the device last was."),
        Column("goal_time", "int", "The client's target for the round, seconds."),
        Column("goal_name", "string", "Name of the goal's profile."),
        Column("goal_time_fraction", "double", "Factor on the goal time."),
        Column("is_complete", "boolean", "At least 75 % of the sections were entered."),
        Column("is_incomplete", "boolean", "The source marks the round as incomplete."),
        Column("is_secondary", "boolean", "Another cart of a group that already has a round."),
        Column("is_auto_assigned", "boolean", "Matched to a tee time automatically: of poor quality."),
        Column("device", "string", "Id of the device."),
        Column("first_fix", "string", "Source id of the round's first fix."),
        Column("last_fix", "string", "Source id of the round's last fix."),
        Column("last_section_start", "double", "Seconds from the round's start to its last section."),
        Column("current_section", "int", "Section in which the device last was."),
        Column("current_hole", "int", "Hole on which the device last was."),
        Column("current_hole_section", "int", "Section within that hole."),
        Column("source_file", "string", "Landed file of the row: its key below the (course, ingest date) prefix."),
    ),
    key=("course_id", "round_id", "location_index"),
    partitioning=("month(event_date)", f"bucket({COURSE_BUCKETS}, course_id)"),
    sort_order=("course_id", "event_date", "round_id", "location_index"),
)
