"""`topology refresh` through Athena: both tables, their keys, and what a second refresh does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.tables import dim_course_profile, dim_facility_topology
from tm_lakehouse.topology.curated import course_profiles, curated_nines
from tm_lakehouse.topology.inference import CourseClass, Evidence
from tm_lakehouse.topology.refresh import refresh
from tm_lakehouse.topology.show import show

NINES = f"""
    SELECT facility_id, nine_number, unit_name, section_start, section_end, source
    FROM {dim_facility_topology.TABLE.name}
    ORDER BY facility_id, nine_number
"""


@pytest.fixture(scope="module")
def snapshots(athena):
    """How many commits a table has had."""

    def count(table):
        return int(athena.query(f'SELECT count(*) FROM "{table.name}$snapshots"').rows[0][0])

    return count


def course(course_id, holes, fixes_per_section=30):
    """Placed fixes: `holes` gives the hole of each section, from section 1 on."""
    return [
        {
            "course_id": course_id,
            "round_id": f"r{index}",
            "location_index": section,
            "section_number": section,
            "hole_number": hole,
        }
        for section, hole in enumerate(holes, start=1)
        for index in range(fixes_per_section)
    ]


def test_refresh_from_nothing_to_a_changed_course(lakehouse, athena, add_fixes, snapshots):
    planned = refresh(lakehouse, dry_run=True)
    assert not planned.has_silver
    assert athena.query("SHOW TABLES").rows == []
    with pytest.raises(LakehouseError, match="neither nines nor course profiles"):
        show(lakehouse)

    first = refresh(lakehouse)
    assert len(first.nine_changes.upserts) == len(curated_nines())
    assert len(athena.query(NINES).rows) == len(curated_nines())
    profiles = athena.query(f"SELECT course_id, time_zone FROM {dim_course_profile.TABLE.name} ORDER BY 1").rows
    assert profiles == [[profile.course_id, profile.time_zone] for profile in course_profiles()]

    # americanfalls is curated: what its fixes show may not replace it. The new course has two nines of two sections.
    add_fixes(course("newcourse", [1, 9, 10, 18]) + course("americanfalls", [1, 5, 9, 12]))
    second = refresh(lakehouse)
    assert second.has_silver
    rows = [row for row in athena.query(NINES).rows if row[0] != "bradshawfarmgc"]
    assert rows == [
        ["americanfalls", "1", "Course", "1", "24", "curated"],
        ["newcourse", "1", "Front Nine", "1", "2", "inferred"],
        ["newcourse", "2", "Back Nine", "3", "4", "inferred"],
    ]

    falls, new = show(lakehouse, ["newcourse", "americanfalls"])
    assert (falls.evidence, falls.profile.time_zone) == (None, "America/Boise")
    assert new.evidence == Evidence(placed_fixes=120, max_hole=18, max_section=4, course_class=CourseClass.BY_HOLE)
    assert [nine.unit_name for nine, _ in new.nines] == ["Front Nine", "Back Nine"]
    written = {datetime.fromisoformat(time).replace(tzinfo=UTC) for _, time in new.nines}
    assert all(datetime.now(UTC) - time < timedelta(minutes=10) for time in written)

    commits = {table: snapshots(table) for table in (dim_facility_topology.TABLE, dim_course_profile.TABLE)}
    third = refresh(lakehouse)
    assert not third.nine_changes
    assert not third.profile_changes
    assert {table: snapshots(table) for table in commits} == commits

    # More fixes show that section 3 belongs to the front nine: the changed ranges replace the rows, key by key.
    add_fixes([fix | {"hole_number": 9} for fix in course("newcourse", [1, 9, 9], fixes_per_section=100)])
    refresh(lakehouse)
    rows = [row for row in athena.query(NINES).rows if row[0] == "newcourse"]
    assert rows == [
        ["newcourse", "1", "Front Nine", "1", "3", "inferred"],
        ["newcourse", "2", "Back Nine", "4", "4", "inferred"],
    ]


def test_a_table_of_an_earlier_contract_gets_its_new_columns_and_one_of_a_later_contract_is_refused(
    lakehouse, athena, unique
):
    contract = dim_course_profile.TABLE
    older = replace(contract, columns=contract.columns[:-2])
    first, *_ = course_profiles()
    athena.query(f"DROP TABLE IF EXISTS {contract.name}")
    athena.query(older.athena_ddl(lakehouse.db_silver, f"{lakehouse.iceberg_warehouse_silver}/{unique('older')}"))
    athena.query(f"INSERT INTO {contract.name} (course_id, course_name) VALUES ('{first.course_id}', 'Old name')")

    assert len(refresh(lakehouse, dry_run=True).profile_changes.upserts) == len(course_profiles())
    refresh(lakehouse)

    columns = [column.name for column in contract.columns]
    profiles = athena.query(f"SELECT * FROM {contract.name} ORDER BY course_id")
    assert profiles.columns == columns
    expected = sorted(tuple(None if each is None else str(each) for each in profile) for profile in course_profiles())
    assert [tuple(row) for row in profiles.rows] == expected

    athena.query(f"ALTER TABLE {contract.name} ADD COLUMNS (surplus string)")
    with pytest.raises(LakehouseError, match="has the column surplus, which its contract lacks"):
        refresh(lakehouse, dry_run=True)
