"""How many deliveries become how many runs. Pure."""

from collections.abc import Mapping

from tm_lakehouse.landing_to_silver.prefixes import Prefix

# A run's list is one argument of its process, and Linux takes 128 KiB for one; a delivery's name takes about 60 bytes.
MOST_DELIVERIES = 1000
# Starting costs a run about 12 CPU seconds, a gigabyte of CSV about 90: runs of this size spend a tenth on starting.
RUN_BYTES = 2 << 30
RUN_DELIVERIES = 500


def split_into_runs(
    sizes: Mapping[Prefix, int], run_bytes: int = RUN_BYTES, run_deliveries: int = RUN_DELIVERIES
) -> list[list[Prefix]]:
    """Runs that together take every delivery once, none above either limit unless it is a single delivery.

    Oldest dates first: a round that is delivered again then replaces its earlier version, as it did in its time,
    instead of being written and left out.
    """
    runs: list[list[Prefix]] = []
    filled = 0
    for prefix in sorted(sizes, key=lambda each: (each.ingest_date, each.course_id)):
        is_full = not runs or len(runs[-1]) == run_deliveries or filled + sizes[prefix] > run_bytes
        if is_full:
            runs.append([])
            filled = 0
        runs[-1].append(prefix)
        filled += sizes[prefix]
    return runs
