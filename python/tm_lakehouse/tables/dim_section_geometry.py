"""`silver.dim_section_geometry`: where each section of a course lies, derived from its fixes."""

from tm_lakehouse.tables.contract import Column, TableContract

TABLE = TableContract(
    name="dim_section_geometry",
    grain=(
        "One row per section of a course with enough fixes to outline it. Optional: written by the geometry job only, "
        "which replaces a course's rows whole."
    ),
    columns=(
        Column("course_id", "string", "The course."),
        Column("nine_number", "int", "The nine that the section belongs to, as in the fixes."),
        Column("section_number", "int", "The section, counted through the course."),
        Column("outline_wkt", "string", "POLYGON around the fixes used, concave, longitude and latitude in WGS 84."),
        Column("center_longitude", "double", "Degrees east of the median of the fixes."),
        Column("center_latitude", "double", "Degrees north of the median of the fixes."),
        Column("area_m2", "double", "Area of the outline on the ellipsoid, square metres, 1 decimal."),
        Column("fixes_used", "bigint", "Fixes that the outline is made of."),
        Column("fixes_dropped", "bigint", "Stray fixes left out: far from the center against the median distance."),
        Column("source_snapshot_id", "bigint", "Snapshot of fact_telemetry_event that the course's rows come from."),
        Column("updated_at", "timestamp", "When the job last changed the course's rows, in UTC."),
    ),
    key=("course_id", "nine_number", "section_number"),
    partitioning=("course_id",),
    sort_order=("section_number",),
)
