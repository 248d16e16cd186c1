"""What the runs did, and what they cost."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st
from botocore.exceptions import ClientError

from tm_lakehouse.cost.job_runs import JobRun, read_job_runs
from tm_lakehouse.cost.report import Line, athena_lines, glue_lines
from tm_lakehouse.cost.statements import Statement, read_statements
from tm_lakehouse.dashboard import filters, session
from tm_lakehouse.dashboard.figures import runs as figures
from tm_lakehouse.dashboard.panel import CONFIG, download, metrics, panel, remark, table
from tm_lakehouse.dashboard.queries import runs
from tm_lakehouse.settings import Settings
from tm_lakehouse.sizes import size

DAYS = (7, 1, 30)
KEPT_SECONDS = 300
DEAREST = 30


def render() -> None:
    """The page."""
    st.title("Runs and cost", anchor=False)
    _runs()
    _cost()


def _runs() -> None:
    latest, reasons = session.read(runs.latest_runs(), runs.quarantine_reasons())
    frame = latest.frame
    metrics(
        ("Latest runs", f"{len(frame):,}"),
        ("Rounds written", f"{int(frame['rounds_written'].sum()):,}"),
        ("Rows of Silver", f"{int(frame['rows_written'].sum()):,}"),
        ("Quarantined", f"{int(frame['quarantined_slots'].sum()):,} slots"),
        ("Read", size(int(frame["bytes_read"].sum()))),
    )
    panel(
        "Where the slots went",
        lambda: figures.fates(frame),
        [latest],
        note="By the latest run of each course and ingest date: written, or why not.",
    )
    panel("Quarantine by reason", lambda: figures.reasons(reasons.frame), [reasons], note="Of the same runs.")
    table("Latest run of each course and date", [latest], note="Landing to Silver, at most a thousand; times are UTC.")


def _cost() -> None:
    st.header("Cost", anchor=False)
    days = filters.chosen_of("days", "Last days", DAYS, filters.asked_choice("days", DAYS))
    settings = Settings.from_environment()
    began = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    statements = st.cache_data(_statements, ttl=KEPT_SECONDS, show_spinner="Asking Athena for its history …")(
        settings.athena_workgroup, began
    )
    by_day = athena_lines(statements, "day", settings.price_athena_tib)
    glue = _glue(settings, began)
    metrics(
        ("Athena", f"{sum(line.dollars for line in by_day):.4f} dollars"),
        ("Statements", f"{len(statements):,}"),
        ("Scanned", size(sum(line.bytes_scanned for line in by_day))),
        ("Glue", "not visible" if glue is None else f"{sum(line.dollars for line in glue):.4f} dollars"),
    )
    if glue is None:
        remark("This role may not read Glue's job runs, as athena-reader may not. `tm-lakehouse cost` tells them.")
    _lines("Athena, day by day", by_day, is_drawn=True)
    dearest = athena_lines(statements, "node", settings.price_athena_tib)[:DEAREST]
    _lines("What cost most in Athena", dearest)
    if glue:
        _lines("Glue's jobs", glue)


def _lines(title: str, lines: list[Line], *, is_drawn: bool = False) -> None:
    """Sums by group: a chart of dollars, or rows."""
    st.subheader(title, anchor=False)
    if not lines:
        st.info("Nothing was run in these days.")
        return
    frame = pd.DataFrame([asdict(line) for line in lines])
    if is_drawn:
        st.plotly_chart(figures.dollars(lines), config=CONFIG, key=f"chart of {title}", alt="Dollars by day")
    else:
        st.dataframe(frame, hide_index=True, key=f"table of {title}")
    download(title, frame)


def _glue(settings: Settings, began: datetime) -> list[Line] | None:
    """Glue's lines; None where the caller may not ask for them."""
    jobs = tuple(filter(None, (settings.glue_job_silver, settings.glue_job_maintenance, settings.glue_job_geometry)))
    try:
        found = st.cache_data(_job_runs, ttl=KEPT_SECONDS, show_spinner=False)(jobs, began)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
            raise
        return None
    return glue_lines(found, "node", settings.price_glue_dpu_hour)


def _statements(workgroup: str, began: datetime) -> list[Statement]:
    return read_statements(workgroup, began)


def _job_runs(jobs: tuple[str, ...], began: datetime) -> list[JobRun]:
    return [run for job in jobs for run in read_job_runs(job, began)]
