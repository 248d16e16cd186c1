"""`make bench-iam`: what enforcing policies takes of the end-to-end's wall time. Fails where it is over a tenth."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tm_lakehouse.cli.target import project_root

MODES = ("off", "enforce")
MOST = 0.10
LOG = project_root() / "build" / "bench-iam.log"


def main() -> None:
    """Run the end-to-end in both modes by turns, so that a machine that gets slower slows both, and compare."""
    options = _options()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    print(f"log: {LOG}", flush=True)
    seconds: dict[str, list[float]] = {mode: [] for mode in MODES}
    for number in range(options.repeats):
        for mode in MODES if number % 2 == 0 else reversed(MODES):
            seconds[mode].append(_end_to_end(mode, options.orchestrator))
            print(f"{mode:8} {seconds[mode][-1]:6.1f} s", flush=True)
    medians = {mode: statistics.median(taken) for mode, taken in seconds.items()}
    more = medians["enforce"] / medians["off"] - 1
    print(f"medians: off {medians['off']:.1f} s, enforce {medians['enforce']:.1f} s: {more:+.1%} (bar: {MOST:.0%})")
    if more > MOST:
        sys.exit(f"missed: enforcing takes {more:.1%} of the end-to-end")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each mode (default 3)")
    parser.add_argument("--orchestrator", choices=("none", "mwaa"), default="none", help="who conducts (default none)")
    return parser.parse_args()


def _end_to_end(mode: str, orchestrator: str) -> float:
    """The seconds of one end-to-end on a local AWS that treats IAM so."""
    tool = str(Path(sys.executable).parent / "tm-lakehouse")
    began = time.monotonic()
    with LOG.open("a", encoding="utf-8") as log:
        done = subprocess.run(
            [tool, "e2e", "--orchestrator", orchestrator],
            env=os.environ | {"TM_LOCAL_IAM": mode, "TM_TARGET": "local"},
            cwd=project_root(),
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        sys.exit(f"the end-to-end failed ({mode}): read {LOG}")
    return time.monotonic() - began


if __name__ == "__main__":
    main()
