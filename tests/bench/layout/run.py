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
from measure import cost_of, glue_run_pids
from pyiceberg.table import Table
from questions import Question, bytes_to_read, planning_ms
from report import write_report
from tables import catalog_of, fill, make

RESULTS = Path(__file__).with_name("results.json")
FULL_ROWS, FULL_COURSES = 1_250_000_000, 700
MONTHS = [dt.date(2019 + (6 + number) // 12, (6 + number) % 12 + 1, 1) for number in range(84)]
DAY = dt.date(2026, 6, 20)
FULL_ROW_GROUP_ROWS, FULL_FILE_BYTES = 1 << 17, 512 << 20
# PyIceberg cuts files by the size of rows in memory: these take about six times as much there as in a file.
MEMORY_PER_FILE = 6
COURSES = [f"course-{number:03}" for number in range(FULL_COURSES)]
SEASON = Question(dt.date(2025, 5, 1), dt.date(2025, 8, 31), COURSES[123])
WEEK = Question(dt.date(2025, 7, 7), dt.date(2025, 7, 13))
PARTS = {"layouts", "loads"}


def main() -> None:
    """Measure, and write the page from what this run and those before it have measured."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-layout-"))
    with running_lakehouse(folder) as lakehouse:
        lakehouse.tool("generate", folder / "season", "--seed", 1, "--format", "csv", "--no-defects")
        rows = season(sorted((folder / "season").glob("*.csv")))
        if "layouts" in options.parts:
            _keep("layouts", options, [_layout(lakehouse, each, rows, options.sample) for each in CANDIDATES])
        if "loads" in options.parts:
            _keep("loads", options, _day_loads(lakehouse, folder, rows, options))
    shutil.rmtree(folder)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    if results.keys() >= PARTS:
        write_report(results, ROOT / "docs" / "layout.md")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="Layouts are compared at one part in so many rows.")
    parser.add_argument("--rows", type=int, default=100_000_000, help="Rows that the table holds before the load.")
    parser.add_argument("--courses", type=int, default=650, help="Courses of the day's load.")
    parser.add_argument("--parts", nargs="+", choices=sorted(PARTS), default=sorted(PARTS), help="What to measure.")
    return parser.parse_args()


def _keep(part: str, options: argparse.Namespace, measured: Any) -> None:
    """Put one part's figures beside those of the others."""
    about = {"machine": f"{os.cpu_count()} cores, {platform.machine()}", "at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"}
    scale = {"sample": options.sample} if part == "layouts" else {"courses": options.courses}
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | {part: about | scale | {"measured": measured}}, indent=2) + "\n", "utf-8")


def _layout(lakehouse: Lakehouse, candidate: Candidate, rows: pl.DataFrame, sample: int) -> dict[str, Any]:
    """Seven years of all courses, one row in `sample`; files and row groups are smaller in the same measure."""
    properties = {
        "write.parquet.row-group-limit": str(FULL_ROW_GROUP_ROWS // sample),
        "write.target-file-size-bytes": str(FULL_FILE_BYTES * MEMORY_PER_FILE // sample),
    }
    table = make(catalog_of(lakehouse), lakehouse, candidate, properties)
    months = months_of(rows, COURSES, MONTHS, FULL_ROWS // sample // len(MONTHS), seed=1)
    fill(table, _by_year(months) if candidate.is_by_year else months, candidate.sort_order)
    files = table.inspect.files()["file_size_in_bytes"].to_pylist()
    result = {
        "layout": candidate.description,
        "files": len(files),
        "mean_mb": sum(files) * sample / len(files) / 1e6,
        "season": _cost_of(table, SEASON, sample),
        "week": _cost_of(table, WEEK, sample),
        "day_files": _files_of_a_day(table, rows, candidate, sample),
    }
    catalog_of(lakehouse).purge_table(table.name())
    print(result, flush=True)
    return result


def _cost_of(table: Table, question: Question, sample: int) -> dict[str, float]:
    return {"mb": bytes_to_read(table, question) * sample / 1e6, "planning_ms": planning_ms(table, question)}


def _by_year(months: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """A table by year is compacted when its years are whole; the history begins in a July."""
    every = list(months)
    bounds = [0, *range(6, len(every), 12), len(every)]
    for start, end in pairwise(bounds):
        yield pl.concat(every[start:end])


def _files_of_a_day(table: Table, rows: pl.DataFrame, candidate: Candidate, sample: int) -> int:
    before = len(table.inspect.files())
    month = next(months_of(rows, COURSES, [MONTHS[-1]], FULL_ROWS // sample // len(MONTHS), seed=2))
    fill(table, [month.filter(pl.col("event_date") == DAY)], candidate.sort_order)
    return len(table.inspect.files()) - before


def _day_loads(
    lakehouse: Lakehouse, folder: Path, rows: pl.DataFrame, options: argparse.Namespace
) -> dict[str, dict[str, float]]:
    """Rows held before, and the cost: a day's load into an empty and a full table, and a day with rounds sent again."""
    courses = [f"synthetic-{number:03}" for number in range(1, options.courses + 1)]
    today = generate_day(lakehouse, folder / "today", courses, DAY, seed=1)
    tomorrow = generate_day(lakehouse, folder / "tomorrow", courses, DAY + dt.timedelta(days=1), seed=2)
    again = send_again(today, folder / "again")
    loads = {"empty": {"rows_held": 0, **_load(lakehouse, today, DAY)}}
    lakehouse.forget_silver()
    _load(lakehouse, today[:1], MONTHS[0])
    table = catalog_of(lakehouse).load_table((lakehouse.names["TM_DB_SILVER"], "fact_telemetry_event"))
    months = months_of(rows, courses, MONTHS, options.rows // len(MONTHS), seed=3)
    with table.transaction() as change:
        change.set_properties({"write.parquet.row-group-limit": str(FULL_ROW_GROUP_ROWS)})
    held = fill(table, months, BY_COURSE)
    loads["full"] = {"rows_held": held, **_load(lakehouse, today, DAY)}
    loads["again"] = {"rows_held": held, **_load(lakehouse, [*tomorrow, *again], DAY + dt.timedelta(days=1))}
    return loads


def _load(lakehouse: Lakehouse, files: Sequence[Path], day: dt.date) -> dict[str, float]:
    for start in range(0, len(files), 500):
        lakehouse.tool("land", *files[start : start + 500], "--ingest-date", day)
    cost = cost_of(lambda: lakehouse.tool("silver", "--ingest-date", day), lambda: glue_run_pids(GATEWAY_PORT))
    print(day, cost, flush=True)
    return asdict(cost)


if __name__ == "__main__":
    main()
