"""The page about layouts."""

import argparse
from pathlib import Path
from typing import Any

from measure import Cost
from tables import Answer

_NAMES = {
    "empty": "into an empty table",
    "full": "into a table that holds seven years",
    "again": "the next day, with one round of each course sent again",
}
_REFERENCE_FILES = 650 * 365 * 7


def write_report(
    about: dict[str, str],
    options: argparse.Namespace,
    layouts: list[dict[str, Any]],
    loads: dict[str, tuple[int, Cost]],
    page: Path,
) -> None:
    """Write the page anew."""
    text = [
        "# How Silver is laid out",
        "",
        f"Written by `make bench-layout` on {about['at']} ({about['machine']}). Compare figures of one run only.",
        "",
        *_layouts(options.sample, layouts),
        "",
        *_loads(options.courses, loads),
        "",
    ]
    page.write_text("\n".join(text), encoding="utf-8")


def _layouts(sample: int, layouts: list[dict[str, Any]]) -> list[str]:
    chosen = layouts[0]["layout"]
    rows = [
        f"| {each['layout']} | {each['files']:,} | {each['mean_mb']:,.0f} | {_scaled(each['season'], sample)} | "
        f"{_scaled(each['week'], sample)} | {each['day_files']} |"
        for each in layouts
    ]
    return [
        "## Candidates",
        "",
        f"Seven years of 700 courses, 1.25 billion rows: each candidate was written with one row in {sample} (row",
        "groups and largest files smaller in the same measure, after compaction) and asked through Athena; sizes and",
        f"bytes are those times {sample}. Both questions read 12 columns. *Season*: one course, May to August. *Week*:",
        "all courses, seven days. *Planning*: Athena's.",
        "",
        "| partitions; order | files | mean MB | season: MB, planning ms | week: MB, planning ms | files a day adds |",
        "|---|---|---|---|---|---|",
        *rows,
        f"| course, day (not built) | {_REFERENCE_FILES:,} | 0.05 | | | 650 |",
        "",
        f"The table is laid out as the first: {chosen}; its contract tells why.",
    ]


def _loads(courses: int, loads: dict[str, tuple[int, Cost]]) -> list[str]:
    rows = [
        f"| {_NAMES[name]} | {held:,} | {cost.wall_seconds:,} | {cost.cpu_seconds:,} | {cost.peak_mib:,} |"
        for name, (held, cost) in loads.items()
    ]
    ratio = loads["full"][1].wall_seconds / loads["empty"][1].wall_seconds
    return [
        "## One day's load",
        "",
        f"{courses} courses, about {courses * 18:,} rounds of one day, one Glue run. The full table was written by a",
        "direct writer, one file per partition as compaction leaves it; the day lies in the middle of its last month.",
        "CPU and memory are those of the run's process tree.",
        "",
        "| load | rows held before | wall s | CPU s | peak MiB |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Into the full table it takes {ratio:.2f} times as long as into the empty one. Round ids are ordered in time,",
        "so file statistics leave only the month's files to look into for earlier versions of the day's rounds.",
    ]


def _scaled(answer: Answer, sample: int) -> str:
    return f"{answer.bytes_scanned * sample / 1e6:,.0f}, {answer.planning_ms}"
