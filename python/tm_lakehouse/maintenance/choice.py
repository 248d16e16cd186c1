"""Which tables are kept in shape, and how young a file may be that is taken for an orphan."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.maintenance.optimizers import KINDS, find, iceberg_tables
from tm_lakehouse.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

LONGEST_RUN_MINUTES = 2880


def kept_tables(glue: "GlueClient", settings: Settings) -> list[tuple[str, str]]:
    """All tables of Silver, and all that Gold builds: database and name."""
    databases = (settings.db_silver, settings.db_gold_build)
    return [(database, name) for database in databases for name in iceberg_tables(glue, database)]


def without_optimizers(glue: "GlueClient", tables: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that Glue's own optimizers do not keep in every respect."""
    return [
        (database, name)
        for database, name in tables
        if not all(_is_enabled(find(glue, database, name, kind)) for kind in KINDS)
    ]


def check_orphans_outlive_runs(glue: "GlueClient", settings: Settings, hours: int) -> None:
    """A run's files are orphans until it commits: whoever removes them sooner takes them from under a running job.

    Raises:
        LakehouseError: a job that writes may run longer than `hours`.
    """
    jobs = [name for name in (settings.glue_job_silver, settings.glue_job_geometry) if name]
    longest = max(glue.get_job(JobName=name)["Job"].get("Timeout", LONGEST_RUN_MINUTES) for name in jobs)
    if hours * 60 <= longest:
        raise LakehouseError(
            f"Files may be {longest} minutes old before their run commits; {hours} h are too few.",
            "Keep orphan files for longer.",
        )


def _is_enabled(optimizer: "dict[str, object] | None") -> bool:
    configuration = (optimizer or {}).get("configuration")
    return isinstance(configuration, dict) and bool(configuration.get("enabled"))
