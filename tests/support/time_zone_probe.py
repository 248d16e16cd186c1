"""What a run makes of deliveries around changes of daylight saving time, so that two processes can be compared.

As a program: `python time_zone_probe.py FOLDER` runs it in a Spark of its own and prints it as JSON.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from folder_store import FolderStore
from local_spark import folder_settings, local_session
from pyspark.sql import SparkSession

from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.landing_to_silver.landed import Selection
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run import run
from tm_lakehouse.landing_to_silver.run_records import read_summaries
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_runs.choice import still_pending
from tm_lakehouse.tables.fact_telemetry_event import TABLE

COURSE = "pinehurst4"
FIRST, LATER = dt.date(2024, 10, 1), dt.date(2024, 10, 2)
# One process's zone may not shift any of these: skipped and repeated hours of America/St_Johns, Pacific/Auckland and
# America/New_York, ends of days, months and years, and texts without a zone that name a skipped local hour.
MOMENTS = [
    "2024-03-10T05:29:59.999Z", "2024-03-10T05:30:00.000Z", "2024-03-10 02:30:00", "2024-11-03 01:30:00.25",
    "2024-11-03T04:30:00.000Z", "2024-04-06T13:59:59.999Z", "2024-04-06T14:00:00.000Z", "2024-09-28T14:00:00.000Z",
    "2024-09-29T02:30:00", "2024-03-10T02:30:00-05:00", "2024-12-31T23:59:59.999Z", "2024-12-31T12:00:00+13:00",
    "2024-02-29T23:45:00.000Z", "2024-07-31T23:30:00-0330", "1969-12-31T23:59:59.500Z", "1883-11-18T17:00:00Z",
]  # fmt: skip
RUN_TIMES = ("started_at", "finished_at", "stage_seconds", "snapshot_id", "topology_snapshot_id", "bytes_written")


def land(store: FolderStore) -> None:
    """The same moments as JSON lines and, for the later date with one round again, as CSV."""
    _put(store, FIRST, "rounds.jsonl", "\n".join(json.dumps(_round(number)) for number in range(len(MOMENTS))))
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["_id", "course", "startTime", "locations[0].date", "locations[0].startTime", "locations[0].hole"])
    for number, moment in enumerate(MOMENTS):
        identity = f"{number:024x}" if number == 0 else f"{number + 100:024x}"
        writer.writerow([identity, COURSE, moment, MOMENTS[-number], "", "1"])
        writer.writerow([f"{number + 200:024x}", COURSE, moment, "", "3600.0005", "2"])
    _put(store, LATER, "rounds.csv", sink.getvalue())


def _round(number: int) -> dict[str, Any]:
    slots = [
        {"startTime": 1800.5 * index, "hole": 1, "sectionNumber": index + 1,
         "fixCoordinates": [200.0 if index == 3 else -79.5, 35.2]}
        for index in range(4)
    ]  # fmt: skip
    end = MOMENTS[(number + 1) % len(MOMENTS)]
    return {"_id": f"{number:024x}", "course": COURSE, "startTime": MOMENTS[number], "endTime": end, "locations": slots}


def _put(store: FolderStore, date: dt.date, name: str, text: str) -> None:
    uri = f"s3://landing/{Prefix(COURSE, date).key}{name}"
    store.put(uri, text.encode())
    os.utime(store.path(uri), (1_700_000_000, 1_700_000_000))


def probe(spark: SparkSession, settings: Settings, store: FolderStore, folder: Path) -> dict[str, Any]:
    """Land, run and look: table, files with their bounds, summaries, quarantine, what is pending, generated files."""
    land(store)
    pending = [still_pending(store, settings, Selection())]
    for number, date in enumerate((FIRST, LATER), start=1):
        run(spark, settings, [Prefix(COURSE, date)], f"run-{number}", store)
        pending.append(still_pending(store, settings, Selection()))
    return {
        "rows": _rows(spark),
        "files": sorted(_files(spark, store), key=lambda each: each["sha256"]),
        "summaries": _summaries(store, settings),
        "quarantine": [store.get(each.uri).decode() for each in store.list("s3://quarantine/silver/")],
        "pending": [[(prefix.key, chosen.reason) for prefix, chosen in each.items()] for each in pending],
        "generated": _generated(folder),
    }


def _rows(spark: SparkSession) -> list[list[Any]]:
    texts = ", ".join(f"CAST({name} AS string)" for name in TABLE.column_names)
    found = spark.sql(f"SELECT {texts} FROM lakehouse.silver.fact_telemetry_event ORDER BY round_id, location_index")
    return [list(row) for row in found.collect()]


def _files(spark: SparkSession, store: FolderStore) -> list[dict[str, Any]]:
    """Each data file of the table: its bytes, its columns as they are stored, and its bounds in the manifest."""
    columns = "file_path, CAST(partition AS string), record_count, lower_bounds, upper_bounds"
    listed = spark.sql(f"SELECT {columns} FROM lakehouse.silver.fact_telemetry_event.files").collect()
    return [
        {
            "sha256": hashlib.sha256(store.get(path)).hexdigest(),
            "stored": _stored(store.get(path)),
            "partition": partition,
            "rows": rows,
            "bounds": [{str(field): bytes(value).hex() for field, value in each.items()} for each in bounds],
        }
        for path, partition, rows, *bounds in listed
    ]


def _stored(content: bytes) -> dict[str, Any]:
    table = pq.read_table(pa.BufferReader(content))
    numbers = {
        name: table[name].cast(pa.int64()).to_pylist()
        for name in ("fix_timestamp", "round_start_time", "round_end_time")
    }
    return {"schema": str(table.schema), **numbers, "event_date": table["event_date"].cast(pa.int32()).to_pylist()}


def _summaries(store: FolderStore, settings: Settings) -> list[dict[str, Any]]:
    found = [vars(each) for each in read_summaries(store, settings.bucket_observability, Selection())]
    assert all(each[name].endswith("+00:00") for each in found for name in ("started_at", "finished_at"))
    return [{name: value for name, value in each.items() if name not in RUN_TIMES} for each in found]


def _generated(folder: Path) -> dict[str, str]:
    orders = [CourseOrder(profile, rounds=20) for profile in list(PILOT_COURSES.values())[:2]]
    generate_folder(folder, orders, Options())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


if __name__ == "__main__":
    root = Path(sys.argv[1])
    warehouse = f"file:{root / 'warehouse'}"
    session = local_session(warehouse)
    session.sql("CREATE NAMESPACE IF NOT EXISTS lakehouse.silver")
    seen = probe(session, folder_settings(warehouse), FolderStore(str(root / "buckets")), root / "generated")
    zones = {"python": time.tzname[0], "jvm": session.sql("SELECT java_method('java.util.TimeZone', 'getDefault')")}
    zones["jvm"] = zones["jvm"].first()[0]
    session.stop()
    sys.stdout.write(json.dumps({"zones": zones, **seen}))
