"""Reads a run's lines of the quarantine: all of them where that is little, and some as examples."""

from collections import Counter
from collections.abc import Iterable

from tm_lakehouse.landing_to_silver.object_store import ObjectStore, StoredObject
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.run_report.facts import Quarantined
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.pending import prefix_of

MOST_BYTES = 64 << 20
EXAMPLES_BY_REASON = 3


def read_quarantine(
    store: ObjectStore, bucket: str, summaries: Iterable[RunSummary], most_bytes: int = MOST_BYTES
) -> Quarantined:
    """Lines by run, delivery and reason. Of a delivery that is too large to be read whole nothing is counted."""
    lines: Counter[tuple[str, Prefix, str]] = Counter()
    slots: Counter[tuple[str, Prefix]] = Counter()
    examples: dict[str, list[QuarantinedRecord]] = {}
    is_whole = True
    left = most_bytes
    for summary in summaries:
        prefix = prefix_of(summary)
        parts = list(store.list(f"s3://{bucket}/silver/{prefix.key}run_id={summary.run_id}/"))
        left -= sum(part.size for part in parts)
        if left < 0:
            is_whole = False
            break
        for record in _records(store, parts):
            lines[summary.run_id, prefix, record.reason] += 1
            slots[summary.run_id, prefix] += record.slots
            shown = examples.setdefault(record.reason, [])
            if len(shown) < EXAMPLES_BY_REASON:
                shown.append(record)
    return Quarantined(
        dict(lines), dict(slots), tuple(each for reason in sorted(examples) for each in examples[reason]), is_whole
    )


def _records(store: ObjectStore, parts: Iterable[StoredObject]) -> Iterable[QuarantinedRecord]:
    for part in parts:
        for line in store.get(part.uri).decode("utf-8").splitlines():
            yield QuarantinedRecord.from_json(line)
