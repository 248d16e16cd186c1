"""The page about the cost of Gold."""

from pathlib import Path
from typing import Any


def write_report(results: dict[str, Any], page: Path) -> None:
    """Write the page anew."""
    days = [
        f"| {each['what']} | {each['days_of_history']} | {each['statements']} | {each['bytes_scanned'] / 1e6:,.2f} "
        f"| {each['seconds']:,} |"
        for each in results["days"]
    ]
    courses = [f"| {each['what']} | {each['seconds']:,} |" for each in results["five_courses"]]
    text = [
        "# What a day of Gold costs",
        "",
        f"Written by `make bench-gold` on {results['at']}: {results['machine']}, load {results['load']} when it ended.",
        "Compare figures of one run only.",
        "",
        f"{results['courses']} courses deliver {results['rounds']} rounds of 40 fixes each, every day. The next day is",
        "built on top of a history of so many days. Statements and bytes are all that Athena ran for the build, its",
        "tests included. How the tables are kept: [Gold](gold.md).",
        "",
        "| build | days of history | statements | MB scanned | wall s |",
        "|---|---|---|---|---|",
        *days,
        "",
        *_growth(results["days"]),
        "",
    ]
    if courses:
        text += [
            "The five pilot courses of one season on a local AWS of their own, then 40 further rounds of each;",
            "`tm-lakehouse gold`, with tests and documentation:",
            "",
            "| build | wall s |",
            "|---|---|",
            *courses,
            "",
        ]
    page.write_text("\n".join(text), encoding="utf-8")


def _growth(days: list[dict[str, Any]]) -> list[str]:
    def growth(what: str) -> str:
        of = [each for each in days if each["what"] == what]
        first, last = of[0], of[-1]
        times = last["bytes_scanned"] / first["bytes_scanned"]
        length = last["days_of_history"] / first["days_of_history"]
        return f"- {what}: {length:.0f} times the history, {times:.1f} times the bytes."

    return [growth("next day"), growth("full refresh")]
