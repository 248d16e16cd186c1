"""The page about what Airflow takes."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conducted import Journey


@dataclass(frozen=True)
class Figures:
    """What was measured; seconds. `by_hand_seconds`: the same work by the command line."""

    available_seconds: int
    visible_seconds: float
    rounds: int
    journeys: Sequence[Journey]
    by_hand_seconds: float


def write_report(figures: Figures, about: str, page: Path) -> None:
    """Write the page anew."""
    runs = figures.journeys
    to_run = statistics.median(each.until_run_seconds for each in runs)
    to_gold = statistics.median(each.until_gold_seconds for each in runs)
    run = statistics.median(each.run_seconds for each in runs)
    between = statistics.median(each.between_seconds for each in runs)
    more = run / figures.by_hand_seconds - 1
    text = [
        "# What Airflow takes",
        "",
        f"Written by `make bench-airflow` on {about}. Compare figures of one run only.",
        "",
        "| what, on the laptop | seconds |",
        "|---|---|",
        f"| an environment is AVAILABLE after its creation | {figures.available_seconds} |",
        f"| a new DAG is known after the end of its `apply` | {figures.visible_seconds:.1f} |",
        f"| {figures.rounds} rounds of a course that land: until the pipeline begins | {to_run:.1f} |",
        f"| and until readers see them in Gold | {to_gold:.1f} |",
        f"| the pipeline's run, from its first task to its report | {run:.1f} |",
        f"| of that, with no task going on | {between:.1f} |",
        f"| the same work by `silver`, `topology refresh` and `gold` | {figures.by_hand_seconds:.1f} |",
        "",
        f"Medians of {len(runs)} deliveries each way, by turns. Airflow starts a process for each task, asks Glue now",
        f"and then: of {figures.by_hand_seconds:.0f} seconds it makes {run:.0f}, {more:+.0%}.",
        "",
    ]
    page.write_text("\n".join(text), encoding="utf-8")
