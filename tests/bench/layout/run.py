"""`make bench-layout`: what Silver's fact table could be laid out like, and what a day's load costs into a full one.

Starts a local AWS of its own, deploys the lakehouse, and writes docs/layout.md. Runs in the benchmarks' environment.
"""

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from candidates import BY_COURSE, CANDIDATES, Candidate
from day import generate_day, send_again
from history import months_of, season
from lakehouse import GATEWAY_PORT, ROOT, Lakehouse, running_lakehouse
from measure import Cost, cost_of, glue_run_pids
from report import write_report
from tables import ask, catalog_of, fill, make

HERE = Path(__file__).parent
FULL_ROWS, FULL_COURSES = 1_250_000_000, 700
MONTHS = [dt.date(2019 + (6 + number) // 12, (6 + number) % 12 + 1, 1) for number in range(84)]
DAY = dt.date(2026, 6, 20)
FULL_ROW_GROUP_ROWS, FULL_FILE_BYTES = 1 << 17, 512 << 20
SEASON = "course_id = '{course}' AND event_date BETWEEN DATE '2025-05-01' AND DATE '2025-08-31'"
WEEK = "event_date BETWEEN DATE '2025-07-07' AND DATE '2025-07-13'"


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-layout-"))
    with running_lakehouse(folder) as lakehouse:
        lakehouse.tool("generate", folder / "season", "--seed", 1, "--format", "csv", "--no-defects")
        rows = season(sorted((folder / "season").glob("*.csv")))
        layouts = [_layout(lakehouse, each, rows, options.sample) for each in CANDIDATES]
        loads = _day_loads(lakehouse, folder, rows, options)
    about = {"machine": f"{os.cpu_count()} cores, {platform.machine()}", "at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"}
    measured = {name: {"rows_held": held, **asdict(cost)} for name, (held, cost) in loads.items()}
    (HERE / "results.json").write_text(json.dumps(about | {"loads": measured}, indent=2) + "\n", encoding="utf-8")
    write_report(about, options, layouts, loads, ROOT / "docs" / "layout.md")
    shutil.rmtree(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="Layouts are compared at one part in so many rows.")
    parser.add_argument("--rows", type=int, default=100_000_000, help="Rows that the table holds before the load.")
    parser.add_argument("--courses", type=int, default=650, help="Courses of the day's load.")
    return parser.parse_args()


def _layout(lakehouse: Lakehouse, candidate: Candidate, rows: pl.DataFrame, sample: int) -> dict[str, Any]:
    """Seven years of all courses, one row in `sample`; files and row groups are smaller in the same measure."""
    courses = [f"course-{number:03}" for number in range(FULL_COURSES)]
    properties = {
        "write.parquet.row-group-limit": str(FULL_ROW_GROUP_ROWS // sample),
        "write.target-file-size-bytes": str(FULL_FILE_BYTES // sample),
    }
    table = make(catalog_of(lakehouse), lakehouse, candidate, properties)
    months = months_of(rows, courses, MONTHS, FULL_ROWS // sample // len(MONTHS), seed=1)
    fill(table, _by_year(months) if candidate.is_by_year else months, candidate.sort_order)
    files = table.inspect.files()["file_size_in_bytes"].to_pylist()
    result = {
        "layout": candidate.description,
        "files": len(files),
        "mean_mb": sum(files) * sample / len(files) / 1e6,
        "total_gb": sum(files) * sample / 1e9,
        "season": ask(lakehouse, table, SEASON.format(course=courses[123])),
        "week": ask(lakehouse, table, WEEK),
        "day_files": _files_of_a_day(table, rows, courses, candidate, sample),
    }
    catalog_of(lakehouse).purge_table(table.name())
    print(result, flush=True)
    return result


def _by_year(months: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """A table by year is compacted when its years are whole; the history begins in a July."""
    every = list(months)
    bounds = [0, *range(6, len(every), 12), len(every)]
    for start, end in pairwise(bounds):
        yield pl.concat(every[start:end])


def _files_of_a_day(table: Any, rows: pl.DataFrame, courses: Sequence[str], candidate: Candidate, sample: int) -> int:
    before = len(table.inspect.files())
    month = next(months_of(rows, courses, [MONTHS[-1]], FULL_ROWS // sample // len(MONTHS), seed=2))
    fill(table, [month.filter(pl.col("event_date") == DAY)], candidate.sort_order)
    return len(table.inspect.files()) - before


def _day_loads(
    lakehouse: Lakehouse, folder: Path, rows: pl.DataFrame, options: argparse.Namespace
) -> dict[str, tuple[int, Cost]]:
    """Rows held before, and the cost: a day's load into an empty and a full table, and a day with rounds sent again."""
    courses = [f"synthetic-{number:03}" for number in range(1, options.courses + 1)]
    today = generate_day(lakehouse, folder / "today", courses, DAY, seed=1)
    tomorrow = generate_day(lakehouse, folder / "tomorrow", courses, DAY + dt.timedelta(days=1), seed=2)
    again = send_again(today, folder / "again")
    loads = {"empty": (0, _load(lakehouse, today, DAY))}
    lakehouse.forget_silver()
    _load(lakehouse, today[:1], MONTHS[0])
    table = catalog_of(lakehouse).load_table((lakehouse.names["TM_DB_SILVER"], "fact_telemetry_event"))
    months = months_of(rows, courses, MONTHS, options.rows // len(MONTHS), seed=3)
    with table.transaction() as change:
        change.set_properties({"write.parquet.row-group-limit": str(FULL_ROW_GROUP_ROWS)})
    held = fill(table, months, BY_COURSE)
    loads["full"] = (held, _load(lakehouse, today, DAY))
    loads["again"] = (held, _load(lakehouse, [*tomorrow, *again], DAY + dt.timedelta(days=1)))
    return loads


def _load(lakehouse: Lakehouse, files: Sequence[Path], day: dt.date) -> Cost:
    for start in range(0, len(files), 500):
        lakehouse.tool("land", *files[start : start + 500], "--ingest-date", day)
    cost = cost_of(lambda: lakehouse.tool("silver", "--ingest-date", day), lambda: glue_run_pids(GATEWAY_PORT))
    print(day, cost, flush=True)
    return cost


if __name__ == "__main__":
    main()
