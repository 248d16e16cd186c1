"""`make bench-gold`: what a day's Gold build costs by the length of the history, and what five courses take.

Starts a local AWS of its own for each of the two, and writes docs/benchmarks-gold.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from history import History
from report import write_report

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_localstack.launcher.settings import LauncherSettings

TOOL = str(Path(sys.executable).parent / "tm-lakehouse")
FIRST_DAY = date(2024, 9, 1)


def main() -> None:
    """Measure, and write the page."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bench-gold-"))
    with _local_aws(folder / "history"):
        days = _days(options, folder)
    courses: list[dict[str, object]] = []
    if not options.without_courses:
        with _local_aws(folder / "courses") as tool:
            courses = _five_courses(tool, folder, options.course_rounds)
    about = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "at": f"{datetime.now(UTC):%Y-%m-%d}",
        "load": f"{os.getloadavg()[2]:.0f}",
        "courses": options.courses,
        "rounds": options.rounds,
    }
    results = about | {"days": days, "five_courses": courses}
    (Path(__file__).parent / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    write_report(results, project_root() / "docs" / "benchmarks-gold.md")


class _Tool:
    """The command line on the bench's own local AWS; returns the seconds that a command took."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log

    def __call__(self, *arguments: object) -> float:
        started = datetime.now(UTC)
        with self.log.open("a", encoding="utf-8") as out:
            command = [TOOL, *map(str, arguments)]
            done = subprocess.run(
                command, env=self.environment, stdout=out, stderr=out, cwd=project_root(), check=False
            )
        if done.returncode:
            sys.exit(f"tm-lakehouse {arguments[0]} failed: read {self.log}")
        return round((datetime.now(UTC) - started).total_seconds(), 1)


@contextmanager
def _local_aws(folder: Path) -> Iterator[_Tool]:
    """A local AWS of its own, so that no part of the bench is slowed by what another left in its engines' memory."""
    folder.mkdir()
    launcher = LauncherSettings(
        aws_port=4598, trino_port=8198, state_directory=folder / "aws", cache=LauncherSettings.from_environment().cache
    )
    own = {
        "TM_LOCAL_AWS_PORT": str(launcher.aws_port),
        "TM_LOCAL_TRINO_PORT": str(launcher.trino_port),
        "TM_LOCAL_STATE_DIR": str(launcher.state_directory),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_"))}
    tool = _Tool(kept | own, folder / "bench.log")
    print(f"log: {tool.log}", flush=True)
    tool("up")
    try:
        os.environ.update(launcher.client_environment())
        yield tool
    finally:
        tool("down")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    days = {"type": lambda text: [int(each) for each in text.split(",")], "default": [1, 10, 100]}
    parser.add_argument("--days", help="Lengths of the history, rising, e.g. 1,10,100.", **days)
    parser.add_argument("--courses", type=int, default=5, help="Courses that deliver every day.")
    parser.add_argument("--rounds", type=int, default=40, help="Rounds of a course and day.")
    parser.add_argument("--course-rounds", type=int, help="Rounds of each of the five courses; default: all it had.")
    parser.add_argument("--without-courses", action="store_true", help="Leave the five courses out.")
    return parser.parse_args()


def _days(options: argparse.Namespace, folder: Path) -> list[dict[str, object]]:
    """The build of the next day after so many days of history, and a full refresh beside it."""
    history = History(options.courses, options.rounds, folder)
    results = []
    for length in options.days:
        history.deliver_until(length)
        whole = history.build("full refresh", length, full_refresh=True)
        history.deliver_until(length + 1)
        day = history.build("next day", length)
        for result in (whole, day):
            print(result, flush=True)
            results.append(result)
    return results


def _five_courses(tool: _Tool, folder: Path, rounds: int | None) -> list[dict[str, object]]:
    """The five pilot courses whole, then a day of each."""
    tool("apply", "--yes")
    results = []
    for number, (name, count) in enumerate({"first build": rounds, "next day": 40}.items()):
        orders = [CourseOrder(profile, count or profile.rounds) for profile in PILOT_COURSES.values()]
        generate_folder(folder / name, orders, Options(seed=number + 1, file_format="csv"), is_forced=True)
        files = sorted(path for path in (folder / name).glob("*rounds*") if path.is_file())
        tool("land", *files, "--ingest-date", FIRST_DAY + timedelta(days=number))
        tool("silver", "--pending")
        if not number:
            tool("topology", "refresh")
        result = {"what": name, "seconds": tool("gold", "--no-report")}
        print(result, flush=True)
        results.append(result)
    return results


if __name__ == "__main__":
    main()
