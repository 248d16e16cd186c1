"""What became of each test of a suite, read from pytest's report."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Outcome:
    """`result` is passed, failed or skipped; `message` the first line of why."""

    test: str
    result: str
    message: str = ""


def read(report: Path) -> list[Outcome]:
    """One outcome for each test; an error in its set-up or its end is a failure."""
    found: dict[str, Outcome] = {}
    for case in ET.parse(report).iter("testcase"):
        outcome = _outcome(case)
        earlier = found.get(outcome.test)
        if earlier is None or earlier.result != "failed":
            found[outcome.test] = outcome
    return list(found.values())


def _outcome(case: ET.Element) -> Outcome:
    test = f"{case.get('classname')}::{case.get('name')}"
    for tag, result in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        element = case.find(tag)
        if element is not None:
            lines = (element.get("message") or element.text or "").strip().splitlines()
            return Outcome(test, result, lines[0] if lines else "")
    return Outcome(test, "passed")
