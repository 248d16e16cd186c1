"""`silver.dim_course_profile`: what is known of a course beyond its telemetry."""

from tm_lakehouse.tables.contract import Column, TableContract

TABLE = TableContract(
    name="dim_course_profile",
    grain="One row per course.",
    columns=(
        Column("course_id", "string", "The course, as in the landing keys."),
        Column("course_name", "string", "The course's name for people."),
        Column("course_type", "string", "'9-hole', '18-hole' or '27-hole'."),
        Column("volume_profile", "string", "Rounds a season against the other courses: 'high', 'medium' or 'low'."),
        Column("peak_season_start_month", "int", "First month of the peak season, 1 to 12; NULL where not known."),
        Column("peak_season_end_month", "int", "Last month of the peak season; below the start it wraps the year."),
        Column("time_zone", "string", "IANA time zone: Gold's days and hours are the course's own."),
        Column("notes", "string", "What a reader of this course's figures should know."),
    ),
    key=("course_id",),
)
