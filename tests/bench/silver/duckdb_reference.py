"""A second bound: the transformation of `polars_reference.py` as one SQL statement of DuckDB, to zstd Parquet.

It leaves out what the Polars reference leaves out. Runs in the benchmarks' own environment (`make bench-setup`).
"""

import re
import sys
from pathlib import Path

import duckdb

SLOT = {
    "hole": "INTEGER", "sectionNumber": "INTEGER", "holeSection": "INTEGER", "startTime": "DOUBLE",
    "fixCoordinates[0]": "DOUBLE", "fixCoordinates[1]": "DOUBLE", "isProjected": "BOOLEAN", "isProblem": "BOOLEAN",
    "isCache": "BOOLEAN", "paceGap": "DOUBLE", "positionalGap": "DOUBLE", "pace": "DOUBLE",
    "batteryPercentage": "DOUBLE",
}  # fmt: skip
STATEMENT = """
COPY (
    WITH landed AS (FROM read_csv('{file}', header = true, all_varchar = true, null_padding = true)),
    slots AS (SELECT {rounds}, unnest([{structs}]) AS slot FROM landed),
    filled AS (SELECT * FROM slots WHERE coalesce({values}) IS NOT NULL),
    typed AS (
        SELECT * EXCLUDE (slot), slot.location_index AS location_index, {typed},
            try_cast("startTime" AS TIMESTAMP) + to_milliseconds(round(start_offset * 1000)::BIGINT) AS fix_timestamp
        FROM (SELECT *, try_cast(slot."startTime" AS DOUBLE) AS start_offset FROM filled)
    )
    SELECT *,
        fix_timestamp::DATE AS event_date, year(fix_timestamp) AS event_year, month(fix_timestamp) AS event_month,
        day(fix_timestamp) AS event_day, dayofweek(fix_timestamp) + 1 AS event_weekday,
        concat('POINT (', "slot_fixCoordinates[0]", ' ', "slot_fixCoordinates[1]", ')') AS geometry_wkt,
        CASE WHEN slot_hole >= 19 THEN 3 WHEN slot_hole >= 10 THEN 2 ELSE ("slot_sectionNumber" - 1) // 27 + 1 END
            AS nine_number,
        round(slot_pace, 3) AS pace, round("slot_paceGap", 3) AS pace_gap, round("slot_positionalGap", 3) AS gap
    FROM typed
    WHERE coalesce("slot_fixCoordinates[0]" BETWEEN -180 AND 180, true)
        AND coalesce("slot_fixCoordinates[1]" BETWEEN -90 AND 90, true)
    QUALIFY row_number() OVER (PARTITION BY _id, location_index) = 1
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def main(out: Path, files: list[Path]) -> None:
    """Transform each file by itself."""
    database = duckdb.connect(config={"temp_directory": str(out)})
    for file in files:
        database.execute(statement(file, out / f"{file.stem}.parquet", _columns(database, file)))
        print(file.name)


def statement(file: Path, target: Path, columns: list[str]) -> str:
    """The statement that makes one row per slot with a value, typed and derived."""
    numbers = sorted({int(match[1]) for name in columns if (match := re.match(r"locations\[(\d+)\]", name))})
    return STATEMENT.format(
        file=file,
        target=target,
        rounds=", ".join(f'"{name}"' for name in columns if not name.startswith("locations[")),
        structs=", ".join(_slot(number, set(columns)) for number in numbers),
        values=", ".join(f'slot."{name}"' for name in SLOT),
        typed=", ".join(f'try_cast(slot."{name}" AS {kind}) AS "slot_{name}"' for name, kind in SLOT.items()),
    )


def _slot(number: int, columns: set[str]) -> str:
    """Every struct has the same fields; a column that the file lacks is NULL."""
    values = [
        f"'{name}': "
        + (f'"locations[{number}].{name}"' if f"locations[{number}].{name}" in columns else "NULL::VARCHAR")
        for name in SLOT
    ]
    return f"{{'location_index': {number}, {', '.join(values)}}}"


def _columns(database: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    options = "header = true, all_varchar = true, null_padding = true"
    return [column[0] for column in database.sql(f"FROM read_csv('{file}', {options})").description]


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
