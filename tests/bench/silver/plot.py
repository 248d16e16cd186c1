"""The benchmark's plot: processor seconds and peak memory against the input. Runs in the benchmarks' environment."""

import json
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

NAMES = {"job": "the Silver job (Glue)", "polars": "Polars", "duckdb": "DuckDB", "spark": "the usual Spark job"}
MEASURES = {"cpu_seconds": "CPU seconds of the process tree", "peak_mib": "peak memory, MiB"}


def main(results: Path, picture: Path) -> None:
    """Draw one panel for each measure."""
    # Without a salt and a date, drawing the same figures again gives the same file.
    mpl.rcParams.update({"svg.hashsalt": "tm-lakehouse", "axes.spines.top": False, "axes.spines.right": False})
    measured = json.loads(results.read_text(encoding="utf-8"))["results"]
    figure, panels = plt.subplots(1, len(MEASURES), figsize=(10, 4), layout="constrained")
    for panel, (measure, label) in zip(panels, MEASURES.items(), strict=True):
        for what, name in NAMES.items():
            points = sorted((each["input_mb"], each[measure]) for each in measured if each["what"] == what)
            panel.plot(*zip(*points, strict=True), marker="o", label=name)
        panel.set(xlabel="input, MB of CSV", ylabel=label, ylim=(0, None), xlim=(0, None))
    panels[0].legend(frameon=False)
    figure.savefig(picture, metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
