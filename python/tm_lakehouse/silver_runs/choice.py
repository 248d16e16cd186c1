"""Which deliveries a command means: named, selected by course and date, or pending."""

from dataclasses import dataclass

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.landed import Selection, fingerprints, landed_deliveries, landed_objects
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import read_plans, read_summaries
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_runs.pending import pending

ASKED = "asked for"


@dataclass(frozen=True)
class Chosen:
    """A landed delivery that is to be run, and why."""

    objects: list[LandedObject]
    reason: str

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(each.size for each in self.objects)


def named(store: ObjectStore, settings: Settings, prefixes: list[Prefix]) -> dict[Prefix, Chosen]:
    """Deliveries by name.

    Raises:
        LakehouseError: nothing is landed under one of them; a run over it would fail after a minute.
    """
    chosen = {each: Chosen(landed_objects(store, settings.bucket_landing, each), ASKED) for each in prefixes}
    for prefix, about in chosen.items():
        if not about.objects:
            course, date = prefix
            raise LakehouseError(
                f"Nothing is landed under {prefix.key}.",
                f"Land it with `tm-lakehouse land FILE --course-id {course} --ingest-date {date}`, or check the names.",
            )
    return chosen


def selected(store: ObjectStore, settings: Settings, selection: Selection) -> dict[Prefix, Chosen]:
    """Everything that is landed of some courses and dates.

    Raises:
        LakehouseError: nothing is.
    """
    landed = landed_deliveries(store, settings.bucket_landing, selection)
    if not landed:
        raise LakehouseError(
            f"Nothing is landed for {_in_words(selection)}.", "Land files with `tm-lakehouse land`, or check the names."
        )
    return {prefix: Chosen(objects, ASKED) for prefix, objects in landed.items()}


def still_pending(store: ObjectStore, settings: Settings, selection: Selection) -> dict[Prefix, Chosen]:
    """What is landed of some courses and dates and not yet in Silver as it is landed."""
    landed = landed_deliveries(store, settings.bucket_landing, selection)
    if not landed:
        return {}
    # A later date than those selected can have taken rounds from them.
    told_by = Selection(selection.courses, first=min(prefix.ingest_date for prefix in landed))
    summaries = read_summaries(store, settings.bucket_observability, told_by)
    plans = read_plans(store, settings.bucket_observability, told_by)
    reasons = pending(fingerprints(landed), summaries, plans)
    return {prefix: Chosen(landed[prefix], reason) for prefix, reason in reasons.items()}


def _in_words(selection: Selection) -> str:
    courses = ", ".join(sorted(selection.courses)) or "any course"
    if selection.only_day:
        return f"{courses} on {selection.only_day}"
    return f"{courses} from {selection.first or 'the first day'} to {selection.last or 'the last'}"
