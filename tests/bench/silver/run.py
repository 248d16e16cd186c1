"""`make bench-silver`: the Silver job beside Polars, DuckDB and the usual Spark job, on the same files in one run.

Starts a local AWS of its own, deploys the lakehouse, and writes docs/benchmarks.md with its plot.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lakehouse import GATEWAY_PORT, Lakehouse, running_lakehouse
from measure import Cost, cost_of, cost_of_command, glue_run_pids
from report import write_report

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import PILOT_COURSES, find_profile

HERE = Path(__file__).parent
BENCH_PYTHON = str(project_root() / ".runtime" / "bench" / "bin" / "python")
FIRST_DAY = date(2024, 9, 1)
# DuckDB is a second opinion on the bound: these scales show its line.
DUCKDB_SCALES = (1, 3, 10)


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-silver-"))
    with running_lakehouse(folder) as lakehouse:
        results = list(_measurements(lakehouse, folder, options))
    about = {"machine": f"{os.cpu_count()} cores, {platform.machine()}", "at": f"{datetime.now(UTC):%Y-%m-%d}"}
    (HERE / "results.json").write_text(json.dumps(about | {"results": results}, indent=2) + "\n")
    docs = project_root() / "docs"
    write_report(about, results, docs / "benchmarks.md")
    subprocess.run([BENCH_PYTHON, HERE / "plot.py", HERE / "results.json", docs / "benchmarks.svg"], check=True)
    shutil.rmtree(folder)


def _measurements(lakehouse: Lakehouse, folder: Path, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    log = lakehouse.log
    for scale in options.scales:
        files = _files(folder / "csv", scale, options.rounds, "csv")
        yield _measured("job", scale, files, _job(lakehouse, files))
        yield _measured("polars", scale, files, _reference("polars", sys.executable, folder, files, log))
        if scale in DUCKDB_SCALES:
            yield _measured("duckdb", scale, files, _reference("duckdb", BENCH_PYTHON, folder, files, log))
    files = _files(folder / "csv", 1, options.rounds, "csv")
    yield _measured("spark", 1, files, _spark(folder, files, log))
    for form in ("json", "jsonl"):
        files = _files(folder / form, 1, options.rounds, form)
        yield _measured(f"job {form}", 1, files, _job(lakehouse, files))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    scales = {"type": lambda text: [int(each) for each in text.split(",")], "default": [1, 3, 10, 30]}
    parser.add_argument("--scales", help="Times the five-course set, e.g. 1,3,10.", **scales)
    parser.add_argument("--rounds", type=int, help="Rounds of each course, for a quick try; default: all it had.")
    return parser.parse_args()


def _files(folder: Path, scale: int, rounds: int | None, form: str) -> dict[date, list[Path]]:
    """The five courses once for each day, each day's rounds drawn anew."""
    found = {}
    for number in range(scale):
        day = folder / str(number)
        if not day.exists():
            profiles = [find_profile(course) for course in PILOT_COURSES]
            orders = [CourseOrder(profile, rounds or profile.rounds) for profile in profiles]
            generate_folder(day, orders, Options(seed=number + 1, file_format=form), is_forced=True)
        found[FIRST_DAY + timedelta(days=number)] = sorted(path for path in day.glob("*rounds*") if path.is_file())
    return found


def _job(lakehouse: Lakehouse, files: dict[date, list[Path]]) -> Cost:
    """One Glue run over everything, into an empty table; the local AWS's own processes aren't counted."""
    lakehouse.forget_silver()
    for day, of_day in files.items():
        lakehouse.tool("land", *of_day, "--ingest-date", day)
    return cost_of(lambda: lakehouse.tool("silver", "--pending"), lambda: glue_run_pids(GATEWAY_PORT))


def _reference(name: str, python: str, folder: Path, files: dict[date, list[Path]], log: Path) -> Cost:
    """One process over every file."""
    out = folder / name
    out.mkdir(exist_ok=True)
    every = [str(path) for of_day in files.values() for path in of_day]
    try:
        return cost_of_command([python, str(HERE / f"{name}_reference.py"), str(out), *every], log)
    finally:
        shutil.rmtree(out)


def _spark(folder: Path, files: dict[date, list[Path]], log: Path) -> Cost:
    """One application after the other, a course each."""
    of_day = next(iter(files.values()))
    costs = []
    for course in PILOT_COURSES:
        of_course = [str(path) for path in of_day if path.name.startswith(course)]
        command = [sys.executable, str(HERE / "spark_reference.py"), str(folder / "spark" / course), *of_course]
        costs.append(cost_of_command(command, log))
    return Cost(
        round(sum(each.wall_seconds for each in costs), 1),
        round(sum(each.cpu_seconds for each in costs), 1),
        max(each.peak_mib for each in costs),
    )


def _measured(name: str, scale: int, files: dict[date, list[Path]], cost: Cost) -> dict[str, object]:
    size = sum(path.stat().st_size for of_day in files.values() for path in of_day)
    result = {"what": name, "scale": scale, "input_mb": round(size / 1e6), **asdict(cost)}
    print(result, flush=True)
    return result


if __name__ == "__main__":
    main()
