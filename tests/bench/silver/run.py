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
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from measure import Cost, cost_of, cost_of_command, glue_run_pids
from report import write_report

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import PILOT_COURSES, find_profile

HERE = Path(__file__).parent
BENCH_PYTHON = str(project_root() / ".runtime" / "bench" / "bin" / "python")
TOOL = [str(Path(sys.executable).parent / "tm-lakehouse")]
FIRST_DAY = date(2024, 9, 1)


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-silver-"))
    log = folder / "bench.log"
    print(f"log: {log}", flush=True)
    results: list[dict[str, object]] = []
    for scale in options.scales:
        files = _files(folder / f"x{scale}", scale, options.rounds, "csv")
        results.append(_measured("job", scale, files, _job(folder, files, log)))
        results.append(_measured("polars", scale, files, _reference("polars", sys.executable, folder, files, log)))
        results.append(_measured("duckdb", scale, files, _reference("duckdb", BENCH_PYTHON, folder, files, log)))
    files = _files(folder / "x1", 1, options.rounds, "csv")
    results.append(_measured("spark", 1, files, _spark(folder, files, log)))
    for form in ("json", "jsonl"):
        files = _files(folder / form, 1, options.rounds, form)
        results.append(_measured(f"job {form}", 1, files, _job(folder, files, log)))
    about = {"machine": f"{os.cpu_count()} cores, {platform.machine()}", "at": f"{datetime.now(UTC):%Y-%m-%d}"}
    (HERE / "results.json").write_text(json.dumps(about | {"results": results}, indent=2) + "\n")
    docs = project_root() / "docs"
    write_report(about, results, docs / "benchmarks.md")
    subprocess.run([BENCH_PYTHON, HERE / "plot.py", HERE / "results.json", docs / "benchmarks.svg"], check=True)
    shutil.rmtree(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    scales = {"type": lambda text: [int(each) for each in text.split(",")], "default": [1, 3, 10]}
    parser.add_argument("--scales", help="Times the five-course set, e.g. 1,3,10.", **scales)
    parser.add_argument("--rounds", type=int, help="Rounds of each course, for a quick try; default: all it had.")
    return parser.parse_args()


def _files(folder: Path, scale: int, rounds: int | None, form: str) -> dict[date, list[Path]]:
    """The five courses once for each day, each day's rounds drawn anew."""
    found = {}
    for number in range(scale):
        day = folder / str(number)
        if not day.exists():
            orders = [CourseOrder(find_profile(course), rounds) for course in PILOT_COURSES]
            generate_folder(day, orders, Options(seed=number + 1, file_format=form), is_forced=True)
        found[FIRST_DAY + timedelta(days=number)] = sorted(path for path in day.glob("*rounds*") if path.is_file())
    return found


def _job(folder: Path, files: dict[date, list[Path]], log: Path) -> Cost:
    """One Glue run over everything, on a new lakehouse; the local AWS's own processes aren't counted."""
    own = {"TM_LOCAL_AWS_PORT": "4599", "TM_LOCAL_TRINO_PORT": "8199", "TM_LOCAL_STATE_DIR": str(folder / "aws")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_"))} | own

    def tool(*arguments: object) -> None:
        with log.open("a", encoding="utf-8") as out:
            command = [*TOOL, *map(str, arguments)]
            done = subprocess.run(command, env=environment, stdout=out, stderr=out, cwd=project_root(), check=False)
        if done.returncode:
            sys.exit(f"tm-lakehouse {arguments[0]} failed: read {log}")

    tool("up")
    try:
        tool("apply", "--yes")
        for day, of_day in files.items():
            tool("land", *of_day, "--ingest-date", day)
        return cost_of(lambda: tool("silver", "--pending"), glue_run_pids)
    finally:
        tool("down")


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
