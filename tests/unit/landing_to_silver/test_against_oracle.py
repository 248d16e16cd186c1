"""The job's rows, quarantine and accounts against those that the rules give, worked out independently.

The examples are the same each time; TM_TEST_EXAMPLES=5000 draws so many new ones.
"""

import datetime as dt
import os
from collections import Counter

from delivery_strategies import DELIVERIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from silver_oracle.delivery import Nine, tell

from tm_lakehouse.landing_to_silver.delivery import read_delivery
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.quarantine import Origin
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.landing_to_silver.silver_rows import to_silver
from tm_lakehouse.landing_to_silver.topology import NineRange
from tm_lakehouse.tables.fact_telemetry_event import TABLE

COURSE = "erinhills"
DAY = dt.date(2024, 7, 1)
TOPOLOGIES = [[], [Nine(1, 1, 27), Nine(2, 28, 55)], [Nine(1, 1, 24)]]
KEY = ("round_id", "location_index")
FIRED: Counter[str] = Counter()
RULES = {
    "unreadable_record", "round_id_missing", "course_mismatch", "no_locations", "coordinates_out_of_bounds",
    "empty slot", "round split between Silver and quarantine", "unreadable integer", "unreadable number",
    "unreadable boolean", "unreadable time", "duplicate decided by time", "duplicate decided by cache",
    "duplicate decided by projection", "duplicate decided by battery", "duplicate decided by order",
    "nine by topology", "nine by hole from 10", "nine by section", "nine by hole to 9", "nine by current nine",
    "no nine", "no loop", "first loop", "wrapped in the first loop", "second loop",
}  # fmt: skip


def made(files, nines, *, is_strict):
    """What the job makes of a delivery."""
    contents = {file.name: file.data for file in files}
    objects = [LandedObject(file.name, file.name, len(file.data), file.landed_at) for file in files]
    delivery = read_delivery(objects, lambda landed: read_file(landed.name, contents[landed.name]))
    ranges = tuple(NineRange(*nine) for nine in nines)
    rules = Rules(strict_course_match=is_strict)
    return delivery, to_silver(delivery, Origin("run", COURSE, DAY), rules, ranges)


def differences(mine, theirs):
    """What differs between two tables, by key and column; rows that only one of them has are told whole."""
    left, right = ({tuple(row[name] for name in KEY): row for row in rows} for rows in (mine, theirs))
    lone = [("only one has", key) for key in left.keys() ^ right.keys()]
    pairs = ((key, name, left[key][name], right[key][name]) for key in left.keys() & right.keys() for name in left[key])
    return lone + [each for each in pairs if each[2] != each[3]] + ["twice"] * (len(mine) - len(left))


@settings(
    max_examples=int(os.environ.get("TM_TEST_EXAMPLES", "150")),
    derandomize="TM_TEST_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
@given(DELIVERIES, st.sampled_from(TOPOLOGIES), st.booleans())
def test_the_job_makes_what_the_rules_say(files, nines, is_strict):
    told = tell(COURSE, list(files), nines, is_strict=is_strict)

    delivery, silver = made(files, nines, is_strict=is_strict)

    FIRED.update(told.fired)
    columns = [name for name in TABLE.column_names if name not in ("course_id", "ingest_date")]
    assert differences(silver.rows.select(columns).to_dicts(), told.rows) == []
    lines = silver.quarantine.select("reason", "source_file", "record_position", "location_index", "slots").rows()
    assert sorted(lines, key=str) == sorted((tuple(line) for line in told.quarantine), key=str)
    assert +delivery.unreadable == told.unreadable
    counts = vars(silver.counts)
    assert counts == {name: told.counts[name] for name in counts}


def test_every_rule_was_reached():
    assert FIRED, "counts what the test before it draws"
    assert RULES - set(FIRED) == set()
