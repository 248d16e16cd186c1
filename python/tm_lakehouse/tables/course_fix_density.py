"""`silver.course_fix_density`: how many fixes fall into each H3 cell of a course."""

from tm_lakehouse.tables.contract import Column, TableContract

TABLE = TableContract(
    name="course_fix_density",
    grain=(
        "One row per H3 cell of a course that holds a fix, stray fixes included. Optional: written by the geometry job "
        "only, which replaces a course's rows whole."
    ),
    columns=(
        Column("course_id", "string", "The course."),
        Column("h3_resolution", "int", "H3 resolution of the cells; 11 is about 25 m across an edge."),
        Column("h3_cell", "string", "H3 index of the cell, 15 hexadecimal digits."),
        Column("fixes", "bigint", "Fixes in the cell."),
        Column("rounds", "bigint", "Distinct rounds that left a fix in the cell."),
        Column("mean_pace_seconds", "double", "Mean pace of the fixes, seconds, 3 decimals; NULL where none has any."),
        Column("source_snapshot_id", "bigint", "Snapshot of fact_telemetry_event that the course's rows come from."),
        Column("updated_at", "timestamp", "When the job last changed the course's rows, in UTC."),
    ),
    key=("course_id", "h3_resolution", "h3_cell"),
    partitioning=("course_id",),
    sort_order=("h3_cell",),
)
