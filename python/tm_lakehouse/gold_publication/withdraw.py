"""Take what was erased from build tables from readers too: nothing of these tables' past stays readable."""

from collections.abc import Sequence

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.iceberg_metadata import is_changed_since
from tm_lakehouse.gold_publication.plan import newest
from tm_lakehouse.gold_publication.publish import built_snapshots, publish
from tm_lakehouse.gold_publication.records import PublishedTable, Record


def check_shows_what_is_built(gold: Gold, names: Sequence[str]) -> None:
    """Whether withdrawing would show readers nothing else but what is erased.

    Raises:
        LakehouseError: a build has changed one of these tables, and was not published.
    """
    for table in _published(gold, names):
        pointer = gold.catalog.pointer(gold.build, table.name)
        location = pointer and pointer.metadata_location
        if location and is_changed_since(gold.catalog.read_metadata(location), table.snapshot_id):
            raise LakehouseError(
                f"A build has changed {gold.build}.{table.name}, and readers don't see it yet.",
                "Run `tm-lakehouse gold` until it publishes, then run this again.",
            )


def withdraw_past(gold: Gold, run_id: str, names: Sequence[str]) -> Record | None:
    """Publish these tables as they stand and forget what earlier publications showed of them; None if none did."""
    published = [table.name for table in _published(gold, names)]
    return publish(gold, run_id, built_snapshots(gold, published), keeps_past=False) if published else None


def _published(gold: Gold, names: Sequence[str]) -> list[PublishedTable]:
    last = newest(gold.journal.read())
    return [table for table in (last.tables if last else ()) if table.name in names and not table.is_view]
