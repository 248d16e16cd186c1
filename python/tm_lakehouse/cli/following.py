"""Follow a Glue run from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.glue_run import FinishedRun, GlueRun

INTERRUPTED = 130


def follow(run: GlueRun, on_line: Callable[[str], None]) -> FinishedRun:
    """Wait for a run's end.

    Raises:
        LakehouseError: Ctrl-C; the run goes on, and the next step says how to stop it.
    """
    try:
        return run.follow(on_line)
    except KeyboardInterrupt:
        raise LakehouseError(
            f"Not following any more; run {run.run_id} goes on.",
            f"Stop it with `aws glue batch-stop-job-run --job-name {run.job} --job-run-ids {run.run_id}`.",
            exit_code=INTERRUPTED,
        ) from None
