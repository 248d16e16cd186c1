"""`silver.dim_facility_topology`: which sections of a facility make up which nine."""

from tm_lakehouse.tables.contract import Column, TableContract

TABLE = TableContract(
    name="dim_facility_topology",
    grain="One row per nine (unit of nine holes) of a facility; the section ranges of a facility never overlap.",
    columns=(
        Column("facility_id", "string", "The course id of the facility."),
        Column("unit_id", "int", "The facility's own number of the unit; the nine's number where it has none."),
        Column("unit_name", "string", "What people call the nine, such as Front Nine."),
        Column("nine_number", "int", "Which nine of the facility, from 1, in the order of its sections."),
        Column("section_start", "int", "First section number of the nine."),
        Column("section_end", "int", "Last section number of the nine, inclusive."),
        Column("source", "string", "'curated': from the package's versioned file; 'inferred': from Silver's fixes."),
        Column("updated_at", "timestamp", "When a refresh last changed the row, in UTC."),
    ),
    key=("facility_id", "nine_number"),
)
