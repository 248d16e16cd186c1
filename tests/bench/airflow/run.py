"""`make bench-airflow`: how long Airflow takes to be there, to see a change and to bring a file to Gold; what it adds.

Starts a local AWS of its own and writes docs/benchmarks-airflow.md.
"""

import argparse
import os
import platform
import re
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from conducted import Conducted
from lakehouse import Lakehouse, running_lakehouse
from report import Figures, write_report

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile

CONDUCTED = ("--var", "orchestrator=mwaa")
COURSE, ROUNDS = "erinhills", 40
FIRST_DAY = date(2024, 9, 1)
AVAILABLE = re.compile(r"MWAA environment \S+ is available after (\d+) s")
PROBE = "from airflow.sdk import dag\n\n\n@dag(schedule=None)\ndef bench_probe():\n    pass\n\n\nbench_probe()\n"


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-airflow-"))
    with running_lakehouse(folder, CONDUCTED) as lakehouse:
        # boto3 reads some settings of the local AWS from the environment alone.
        os.environ.update(lakehouse.names)
        figures = _measured(lakehouse, Conducted.of(lakehouse.names), folder, options.repeats)
    about = f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[2]:.0f}"
    write_report(figures, about, project_root() / "docs" / "benchmarks-airflow.md")
    print(figures, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="deliveries of each way (default 3)")
    return parser.parse_args()


def _measured(lakehouse: Lakehouse, airflow: Conducted, folder: Path, repeats: int) -> Figures:
    log = (lakehouse.state / "logs" / "localstack.log").read_text(encoding="utf-8", errors="replace")
    (available,) = AVAILABLE.findall(log)
    visible = _seconds_until_visible(lakehouse, airflow)
    # The first delivery finds nothing warm, and makes Gold's tables.
    airflow.settle(_land(lakehouse, folder, 0))
    journeys, by_hand = [], []
    for number in range(1, 2 * repeats, 2):
        landed = _land(lakehouse, folder, number)
        airflow.settle(landed)
        journeys.append(airflow.journey(landed))
        print(journeys[-1], flush=True)
        with airflow.paused("reconcile"):
            _land(lakehouse, folder, number + 1)
            by_hand.append(_seconds_by_hand(lakehouse))
        print(f"by hand: {by_hand[-1]:.1f} s", flush=True)
    return Figures(int(available), visible, ROUNDS, journeys, statistics.median(by_hand))


def _seconds_until_visible(lakehouse: Lakehouse, airflow: Conducted) -> float:
    """From the end of an apply that brings a new DAG until Airflow knows it."""
    probe = project_root() / "python" / "airflow" / "dags" / "bench_probe.py"
    probe.write_text(PROBE, encoding="utf-8")
    try:
        lakehouse.tool("apply", "--yes", *CONDUCTED)
    finally:
        probe.unlink()
    began = time.monotonic()
    while "bench_probe" not in airflow.dags():
        time.sleep(0.5)
    seconds = time.monotonic() - began
    print(f"a new DAG was visible {seconds:.1f} s after its apply", flush=True)
    return seconds


def _land(lakehouse: Lakehouse, folder: Path, number: int) -> datetime:
    """Land a day's rounds of one course; when that was done."""
    files = folder / f"day-{number}"
    generate_folder(files, [CourseOrder(find_profile(COURSE), ROUNDS)], Options(seed=number + 1, file_format="csv"))
    lakehouse.tool("land", files, "--ingest-date", FIRST_DAY + timedelta(days=number))
    return datetime.now(UTC)


def _seconds_by_hand(lakehouse: Lakehouse) -> float:
    """The same work by the command line, one command after the other."""
    began = time.monotonic()
    lakehouse.tool("silver", "--pending")
    lakehouse.tool("topology", "refresh")
    lakehouse.tool("gold")
    return time.monotonic() - began


if __name__ == "__main__":
    main()
