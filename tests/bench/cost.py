"""`make cost`: what Glue would charge for Silver, from what the benchmarks measured; writes docs/cost.md."""

import json
import math
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "cost.md"

# Glue's public price for Spark jobs in us-east-1, and its billing rules: per second, at least a minute.
DOLLARS_PER_DPU_HOUR = 0.44
LEAST_BILLED_SECONDS = 60
# The job as Terraform makes it: two G.1X workers of 1 DPU and 4 vCPU, of which one is the driver's.
DPU, EXECUTOR_VCPU = 2, 4
# A vCPU is half of a core: counted as half as fast as a core of the machine that measured.
VCPU_SPEED = 0.5
COURSES, YEARS, FULL_ROWS, SET_ROWS = 650, 7, 1_250_000_000, 895_000
RUN_BYTES = 2 << 30


def main() -> None:
    """Compute, and write the page."""
    silver = json.loads((HERE / "silver" / "results.json").read_text(encoding="utf-8"))
    layout = json.loads((HERE / "layout" / "results.json").read_text(encoding="utf-8"))
    PAGE.write_text("\n".join(_page(silver, layout)) + "\n", encoding="utf-8")


def _page(silver: dict[str, Any], layout: dict[str, Any]) -> list[str]:
    fixed, per_set, set_bytes = _line(silver["results"])
    day = layout["loads"]["measured"]["full"]["cpu_seconds"]
    sets = FULL_ROWS / SET_ROWS
    runs = math.ceil(sets * set_bytes / RUN_BYTES)
    usual = next(each["cpu_seconds"] for each in silver["results"] if each["what"] == "spark")
    rows = [
        ("a day, one run for all courses", 1, _billed(fixed, day - fixed)),
        ("a day, one run per course", COURSES, _billed(fixed, (day - fixed) / COURSES)),
        ("seven years, `backfill`", runs, _billed(fixed, sets * per_set / runs)),
        ("seven years, one run per course and day", COURSES * 365 * YEARS, _billed(fixed, 0)),
        ("seven years, the usual Spark job, one run per course", COURSES, _billed(0, sets * usual / COURSES)),
    ]
    return [
        "# What Silver costs on Glue",
        "",
        f"Written by `make cost` from measurements of {silver['at']} and {layout['loads']['at']},",
        f"on {silver['machine']}.",
        "",
        f"- Price: ${DOLLARS_PER_DPU_HOUR} per DPU-hour (us-east-1, Spark), billed by the second, at least",
        f"  {LEAST_BILLED_SECONDS} s a run. The job has {DPU} workers G.1X: {DPU} DPU, {EXECUTOR_VCPU} vCPU for tasks.",
        f"- Measured: a run takes {fixed:.0f} CPU s before it reads (JVM, session, commit) and {per_set:.1f} CPU s",
        f"  for each {set_bytes / 1e6:,.0f} MB of CSV ({SET_ROWS:,} rows). One day of {COURSES} courses into a full",
        f"  table took {day:.0f} CPU s.",
        f"- Assumed: a vCPU, half of a core, is {VCPU_SPEED} as fast as a core of that machine; seven years hold",
        f"  {FULL_ROWS:,} rows. Storage, requests, KMS and Athena are not in these figures.",
        "",
        "| what | runs | billed s a run | DPU-hours | dollars |",
        "|---|---|---|---|---|",
        *(_row(what, count, seconds) for what, count, seconds in rows),
        "",
        "Most of what a run per course would cost is Glue's least minute: so one run takes all courses of a day.",
    ]


def _row(what: str, runs: int, seconds: float) -> str:
    hours = runs * seconds * DPU / 3600
    return f"| {what} | {runs:,} | {seconds:,.0f} | {hours:,.2f} | {hours * DOLLARS_PER_DPU_HOUR:,.2f} |"


def _billed(fixed_cpu_seconds: float, task_cpu_seconds: float) -> float:
    """Seconds that Glue bills for a run: what precedes the tasks runs on about one vCPU, tasks on all."""
    seconds = (fixed_cpu_seconds + task_cpu_seconds / EXECUTOR_VCPU) / VCPU_SPEED
    return max(seconds, LEAST_BILLED_SECONDS)


def _line(results: list[dict[str, Any]]) -> tuple[float, float, float]:
    """CPU seconds of an empty run and of one more set, and the set's bytes: the line through the ends measured."""
    job = sorted((each for each in results if each["what"] == "job"), key=lambda each: each["scale"])
    first, last = job[0], job[-1]
    per_set = (last["cpu_seconds"] - first["cpu_seconds"]) / (last["scale"] - first["scale"])
    return first["cpu_seconds"] - per_set * first["scale"], per_set, first["input_mb"] / first["scale"] * 1e6


if __name__ == "__main__":
    main()
