"""The report of a run as its conductor makes it, whatever became of the run."""

from collections.abc import Mapping
from datetime import datetime

from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.run_report.make import SilverPart, choose_since, make_and_keep, read_silver_part
from tm_lakehouse.run_report.read_silver import read_glue_run
from tm_lakehouse.settings import Settings


def silver_part(store: ObjectStore, settings: Settings, glue_run: str | None) -> SilverPart:
    """What a Glue run did, as whoever starts it may see, who reads no landed file; nothing where none was started."""
    runs = [read_glue_run(settings.glue_job_silver, glue_run)] if glue_run else []
    return read_silver_part(store, settings, runs, may_read_files=False)


def keep_report(
    store: ObjectStore, settings: Settings, part: SilverPart, since: datetime, links: Mapping[str, str]
) -> str | None:
    """Make the report of this Silver run and the build of Gold that began since, and keep it; its address.

    None where neither was: there was nothing to do, or the run failed before it did anything.
    """
    chosen = choose_since(settings, tuple(run.glue for run in part.runs), since)
    return make_and_keep(store, settings, chosen, part, links) if chosen else None
