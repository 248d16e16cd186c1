"""A Glue run's end as a conductor takes it: it succeeded, or the reason why not."""

from collections import deque
from collections.abc import Callable, Collection

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import ERROR_LOG, FinishedRun, GlueRun

LINES_TOLD = 10


def followed(job: str, run_id: str, on_line: Callable[[str], None]) -> tuple[FinishedRun, Collection[str]]:
    """Wait for a run's end; how it ended, and the last lines of its output."""
    last: deque[str] = deque(maxlen=LINES_TOLD)

    def note(line: str) -> None:
        last.append(line)
        on_line(line)

    return GlueRun(job, run_id).follow(note), last


def failure(finished: FinishedRun, last_lines: Collection[str]) -> str | None:
    """Why a run did not succeed, in words; None for one that did. Whatever is not SUCCEEDED did not."""
    if finished.state == "SUCCEEDED":
        return None
    said = f" (its last lines: {' | '.join(last_lines)})" if last_lines else ""
    return f"it ended as {finished.state}: {finished.message or 'no message'}{said}"


def where_it_is_told(run_id: str) -> str:
    """The next step after a run that failed."""
    return f"Its log is {ERROR_LOG}, stream {run_id}. Correct the cause and run it again: it is repeatable."


def finished_run(job: str, run_id: str, on_line: Callable[[str], None]) -> FinishedRun:
    """Wait for a run's end.

    Raises:
        LakehouseError: it did not succeed.
    """
    finished, last = followed(job, run_id, on_line)
    if problem := failure(finished, last):
        raise LakehouseError(f"The run {run_id} of {job} is not sound: {problem}", where_it_is_told(run_id))
    return finished
