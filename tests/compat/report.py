"""Writes docs/athena-compatibility.md from a whole run."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from outcomes import Outcome
from suites import Suite

INTRODUCTION = """# Clients of Athena on the local AWS

`make test` runs boto3, PyAthena (all its cursors), SQLAlchemy, awswrangler, ibis and pandas against the emulated
Athena (`tests/emulator/clients`), each as its users call it, in an environment of their own
(`requirements/clients.txt`).

`make compat-suites` runs the functional tests that PyAthena and dbt-athena keep for their own development against real
Athena: the release's tests, unpatched, configured by environment variables only. It clones PyAthena's tag from GitHub
(`COMPAT_ARGS="--pyathena-from PATH"` names a clone that you have) and takes dbt-athena's source distribution from
PyPI; `COMPAT_ARGS="--suite dbt-athena --select merge"` runs a part. It fails where a test fails that is not listed here
or a suite passes less than 95 %. This page is written by a whole run.
"""


@dataclass(frozen=True)
class Result:
    """`counts` by outcome; `failed` maps a failed test to the reason that is known for it, or None."""

    suite: Suite
    release: str
    counts: Counter[str]
    failed: dict[Outcome, str | None]

    @property
    def share(self) -> float:
        """Passed tests of those that were run; 0 if none was."""
        run = self.counts["passed"] + self.counts["failed"]
        return self.counts["passed"] / run if run else 0.0

    @property
    def unexpected(self) -> list[Outcome]:
        return [outcome for outcome, reason in self.failed.items() if reason is None]


def write_report(results: list[Result], page: Path) -> None:
    """Write the page: figures, what is left out, what fails and why."""
    parts = [
        INTRODUCTION,
        _figures(results),
        "## Left out\n" + _left_out(results),
        "## What fails\n" + _failures(results),
    ]
    page.write_text("\n".join(parts), encoding="utf-8")


def _figures(results: list[Result]) -> str:
    lines = ["| suite | release | passed | failed | share | skipped by itself |", "|---|---|---|---|---|---|"]
    for result in results:
        passed, failed, skipped = (result.counts[name] for name in ("passed", "failed", "skipped"))
        lines.append(
            f"| {result.suite.name} | {result.release} | {passed} | {failed} | {result.share:.1%} | {skipped} |"
        )
    return "\n".join(lines) + "\n"


def _left_out(results: list[Result]) -> str:
    lines = [
        f"- {result.suite.name}: {reason} ({', '.join(_short(test) for test in tests)})"
        for result in results
        for reason, tests in result.suite.left_out.items()
    ]
    return "\n".join(lines) + "\n"


def _failures(results: list[Result]) -> str:
    lines: list[str] = []
    for result in results:
        by_reason = sorted(result.failed.items(), key=lambda item: (item[1] or "", item[0].test))
        for reason, group in groupby(by_reason, key=lambda item: item[1] or "not known"):
            tests = [_short(outcome.test) for outcome, _ in group]
            lines.append(f"- {result.suite.name}, {len(tests)}: {reason}: {', '.join(tests)}")
    return "\n".join(lines or ["Nothing."]) + "\n"


def _short(test: str) -> str:
    """A test's own name, without the path of its module."""
    return test.removeprefix("tests.").removeprefix("tests/").replace("functional.adapter.", "")
