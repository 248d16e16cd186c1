"""Whether Gold follows Silver."""

from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.iceberg_metadata import changed_at
from tm_lakehouse.gold_publication.plan import newest
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.run_id import began_at
from tm_lakehouse.tables.fact_telemetry_event import TABLE


def is_behind(settings: Settings) -> bool:
    """Whether Silver's rounds changed since the build that was published last began, or nothing was published of them.

    What readers see after a rollback is a human's decision, and no reason to build.
    """
    gold = Gold.of(settings)
    pointer = gold.catalog.pointer(settings.db_silver, TABLE.name)
    if pointer is None or pointer.metadata_location is None:
        return False
    changed = changed_at(gold.catalog.read_metadata(pointer.metadata_location))
    published = newest(record for record in gold.journal.read() if record.kind == "publication")
    began = began_at(published.run_id) if published and published.run_id else None
    return changed is not None and (began is None or began <= changed)
