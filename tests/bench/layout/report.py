"""The page about layouts."""

from pathlib import Path
from typing import Any

from tables import READ

from tm_lakehouse.tables.fact_telemetry_event import TABLE

_NAMES = {
    "empty": "into an empty table",
    "full": "into a table that holds seven years",
    "again": "the next day, with one round of each course sent again",
}
_REFERENCE_FILES = 650 * 365 * 7


def write_report(results: dict[str, Any], page: Path) -> None:
    """Write the page anew, from results.json."""
    layouts, loads = results["layouts"], results["loads"]
    text = [
        "# How Silver is laid out",
        "",
        f"Written by `make bench-layout`, the candidates on {layouts['at']} ({layouts['machine']}), the loads on",
        f"{loads['at']} ({loads['machine']}). Compare figures of one run only.",
        "",
        *_layouts(layouts["sample"], layouts["measured"]),
        "",
        *_loads(loads["courses"], loads["measured"]),
        "",
    ]
    page.write_text("\n".join(text), encoding="utf-8")


def _layouts(sample: int, layouts: list[dict[str, Any]]) -> list[str]:
    chosen = layouts[0]["layout"]
    rows = [
        f"| {each['layout']} | {each['files']:,} | {each['mean_mb']:,.0f} | {_told(each['season'])} | "
        f"{_told(each['week'])} | {each['day_files']} |"
        for each in layouts
    ]
    return [
        "## Candidates",
        "",
        f"Seven years of 700 courses, 1.25 billion rows: each candidate was written with one row in {sample}, row",
        "groups and largest files smaller in the same measure, as compaction leaves it; sizes are those times",
        f"{sample}. Both questions read {len(READ)} of {len(TABLE.columns)} columns. *Season*: one course, May to",
        "August. *Week*: all courses, seven days. *MB*: what partitions and the statistics of files and row groups",
        "leave to read. *Planning*: the engine's, in ms.",
        "",
        "| partitions; order | files | mean MB | season: MB, ms | week: MB, ms | files a day adds |",
        "|---|---|---|---|---|---|",
        *rows,
        f"| course, day (not built) | {_REFERENCE_FILES:,} | 0.05 | | | 650 |",
        "",
        f"The table is laid out as the first: {chosen}; its contract tells why.",
    ]


def _loads(courses: int, loads: dict[str, dict[str, float]]) -> list[str]:
    rows = [
        f"| {_NAMES[name]} | {load['rows_held']:,} | {load['wall_seconds']:,} | {load['cpu_seconds']:,} | "
        f"{load['peak_mib']:,} |"
        for name, load in loads.items()
    ]
    ratio = loads["full"]["wall_seconds"] / loads["empty"]["wall_seconds"]
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


def _told(cost: dict[str, float]) -> str:
    return f"{cost['mb']:,.0f}, {cost['planning_ms']:,}"
