"""What holds of the checksums' SQL for every table, and of the comparison for every pair of answers."""

import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as exp

from tm_lakehouse.parity.checksums import GROUP, ROW_COUNT, WHOLE_ROWS, Table, checksum_name, checksum_sql
from tm_lakehouse.parity.comparison import PAIRING, ROWS, compare

DIALECTS = {"spark": "spark", "athena": "trino"}
SIMPLE = st.sampled_from(["string", "int", "long", "boolean", "date", "timestamp", "double", "decimal(38, 3)"])
TYPES = SIMPLE | SIMPLE.map(lambda kind: {"type": "list", "element": kind})
# Names that the statement itself uses are columns' names too.
NAMES = st.sampled_from([GROUP, ROW_COUNT, WHOLE_ROWS, "course_id", "element", "text_0", "order", "a b"])
TABLES = st.builds(
    Table,
    st.just("silver"),
    st.just("fixes"),
    st.integers(1, 2**63 - 1),
    st.dictionaries(NAMES | st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True), TYPES, min_size=1, max_size=6),
)
COLUMNS = {"course_id": "string", "pace": "double", "hole": "int"}
TABLE = Table("silver", "fixes", 7, COLUMNS)
ANSWERS = st.dictionaries(
    st.sampled_from(["", "a", "b"]),
    st.fixed_dictionaries(
        {ROW_COUNT: st.sampled_from(["1", "2"])}
        | {name: st.sampled_from(["1", "2"]) for name in (WHOLE_ROWS, *map(checksum_name, COLUMNS))}
    ),
)


@settings(deadline=None)
@given(TABLES)
def test_both_engines_are_asked_for_the_same_columns_of_the_same_snapshot(table):
    asked = {engine: sqlglot.parse_one(checksum_sql(table, engine), dialect=DIALECTS[engine]) for engine in DIALECTS}
    names = [GROUP, ROW_COUNT, WHOLE_ROWS, *map(checksum_name, table.columns)]
    for parsed in asked.values():
        assert parsed.named_selects == names
        assert len(set(names)) == len(names)
        read = {column.name for column in parsed.find(exp.Subquery).find_all(exp.Column)}
        assert table.columns.keys() <= read
        assert str(table.snapshot_id) in parsed.sql()


@given(ANSWERS)
def test_an_answer_differs_in_nothing_from_itself(answer):
    assert compare(TABLE, answer, answer).is_equal


@given(ANSWERS, ANSWERS)
def test_a_difference_is_named_whichever_engine_has_it(one, other):
    comparison = compare(TABLE, one, other)
    assert comparison.is_equal is (one == other)
    assert comparison.differences == compare(TABLE, other, one).differences
    named = {course for each in comparison.differences for course in each.courses}
    assert named <= {course for course in one.keys() | other.keys() if one.get(course) != other.get(course)}
    assert {each.column for each in comparison.differences} <= {ROWS, PAIRING, *COLUMNS}
