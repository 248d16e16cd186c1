"""Which files OPTIMIZE rewrites."""

import pytest

from tm_localstack.athena.compaction import DataFile, Limits, files_to_rewrite

LIMITS = Limits(target=100, smallest=75, largest=180, files=3, deletes=2)


def small(number, partition="p"):
    return DataFile(f"{partition}{number}", 10, partition)


def test_files_are_rewritten_where_a_partition_has_enough_of_them():
    files = [small(1), small(2), small(3), small(1, "q"), small(2, "q")]
    assert files_to_rewrite(files, LIMITS) == ["p1", "p2", "p3"]


@pytest.mark.parametrize(("size", "is_wrong"), [(74, True), (75, False), (180, False), (181, True)])
def test_only_files_of_a_wrong_size_count(size, is_wrong):
    files = [small(1), small(2), DataFile("x", size, "p")]
    assert files_to_rewrite(files, LIMITS) == (["p1", "p2", "x"] if is_wrong else [])


def test_a_file_with_too_many_deletes_is_rewritten_by_itself():
    files = [small(1), DataFile("one", 100, "p", deletes=1), DataFile("two", 100, "p", deletes=2)]
    assert files_to_rewrite(files, LIMITS) == ["two"]


def test_limits_follow_the_target_size_unless_they_are_set():
    assert Limits.of({}) == Limits(536_870_912, 402_653_184, 966_367_641, 5, 2)
    assert Limits.of({"write_target_data_file_size_bytes": "1000"}) == Limits(1000, 750, 1800, 5, 2)
    named = {
        "optimize_rewrite_min_data_file_size_bytes": "1",
        "optimize_rewrite_max_data_file_size_bytes": "9",
        "optimize_rewrite_data_file_threshold": "7",
        "optimize_rewrite_delete_file_threshold": "8",
    }
    assert Limits.of(named) == Limits(536_870_912, 1, 9, 7, 8)
