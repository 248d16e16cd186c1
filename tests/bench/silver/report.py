"""The page about the benchmark."""

from pathlib import Path
from typing import Any

NAMES = {
    "job": "the Silver job: one Glue run, JVM start included",
    "polars": "Polars, one process, fewer rules",
    "duckdb": "DuckDB, one process, fewer rules",
    "spark": "the usual Spark job, one application per course",
    "job json": "the Silver job, JSON arrays",
    "job jsonl": "the Silver job, JSON lines",
}


def write_report(about: dict[str, str], results: list[dict[str, Any]], page: Path) -> None:
    """Write the page anew."""
    rows = [
        f"| {NAMES[each['what']]} | {each['scale']} | {each['input_mb']:,} | {each['cpu_seconds']:,} "
        f"| {each['wall_seconds']:,} | {each['peak_mib']:,} |"
        for each in results
    ]
    table = ["| what | times the set | input MB | CPU s | wall s | peak MiB |", "|---|---|---|---|---|---|", *rows]
    text = [
        "# Benchmarks",
        "",
        f"Written by `make bench-silver` on {about['at']} ({about['machine']}). Compare figures of one run only.",
        "",
        "The set: five courses as they were in one season, 27,551 rounds, generated. CPU and memory are those of the",
        "whole process tree, sampled, so that Spark's Python workers count; the local AWS is not counted. What the",
        "references leave out stands at the head of `tests/bench/silver/polars_reference.py`.",
        "",
        *table,
        "",
        *_ratios(results),
        "",
        "![Processor seconds and peak memory by input](benchmarks.svg)",
        "",
    ]
    page.write_text("\n".join(text), encoding="utf-8")


def _ratios(results: list[dict[str, Any]]) -> list[str]:
    cpu = {(each["what"], each["scale"]): each["cpu_seconds"] for each in results}
    peak = {(each["what"], each["scale"]): each["peak_mib"] for each in results}
    size = {(each["what"], each["scale"]): each["input_mb"] for each in results}
    largest = max(scale for what, scale in cpu if what == "job")
    lines = [
        f"- The job's CPU at {scale} times the set is {_beside(cpu, scale)}."
        for scale in sorted(scale for what, scale in cpu if what == "job")
    ]
    if ("spark", 1) in cpu:
        lines.append(f"- The usual Spark job takes {cpu['spark', 1] / cpu['job', 1]:.1f} times the job's CPU.")
    if largest > 1:
        lines.append(
            f"- {largest} times the input takes {cpu['job', largest] / cpu['job', 1]:.1f} times the CPU "
            f"and {peak['job', largest] / peak['job', 1]:.2f} times the peak memory."
        )
    for form in ("json", "jsonl"):
        if (f"job {form}", 1) in cpu:
            ratio = cpu[f"job {form}", 1] / cpu["job", 1]
            lines.append(f"- The same rounds as {form} ({size[f'job {form}', 1]:,} MB) take {ratio:.1f} times the CPU.")
    return lines


def _beside(cpu: dict[tuple[str, int], float], scale: int) -> str:
    names = {"polars": "Polars's", "duckdb": "DuckDB's"}
    ratios = (
        f"{cpu['job', scale] / cpu[what, scale]:.2f} times {name}"
        for what, name in names.items()
        if (what, scale) in cpu
    )
    return " and ".join(ratios)
