"""Which files are left of what was erased, and what S3 keeps of those that are gone."""

import datetime as dt

import pytest

from tm_lakehouse.erasure.catalog_tables import IcebergTable
from tm_lakehouse.erasure.files import files_of_no_table, left_behind, remove_earlier_versions
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.object_store import StoredObject

BEGAN = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
EARLY, LATE = BEGAN - dt.timedelta(seconds=1), BEGAN + dt.timedelta(seconds=1)
TABLE = IcebergTable("silver", "facts", "s3://source/facts", frozenset({"round_id"}))
A, B, C = (f"s3://source/facts/data/{name}.parquet" for name in "abc")


class Listing:
    """A bucket's objects."""

    def __init__(self, **moments: dt.datetime) -> None:
        self._moments = moments

    def list(self, prefix: str) -> list[StoredObject]:
        found = [
            StoredObject(f"s3://source/facts/data/{name}.parquet", 1, at, "") for name, at in self._moments.items()
        ]
        return [each for each in found if each.uri.startswith(prefix)]


class Files:
    """Athena's answer to the table of files: data files, and delete files."""

    def __init__(self, data: tuple[str, ...], deletes: tuple[str, ...] = ()) -> None:
        self._data, self._deletes = data, deletes

    def query(self, sql: str, _: str) -> "Files":
        self.rows = [[each] for each in (self._data if "content = 0" in sql else self._deletes)]
        return self


@pytest.mark.parametrize(
    ("current", "deletes", "listed", "held", "left"),
    [
        ((B,), (), {"b": LATE}, [A], []),
        ((B,), (), {"a": EARLY, "b": LATE}, [], [A]),
        ((B,), (), {"b": EARLY, "c": LATE}, [], []),
        ((A, B), (), {"a": EARLY, "b": EARLY}, [A], [A]),
        ((B,), (C,), {"b": EARLY, "c": EARLY}, [], []),
    ],
)
def test_an_old_file_that_nobody_needs_and_one_that_still_holds_rows_are_left(current, deletes, listed, held, left):
    assert left_behind(Files(current, deletes), Listing(**listed), TABLE, held, BEGAN) == left


def test_a_file_in_no_tables_folder_is_told_and_a_longer_name_is_another_folder():
    store = Listing(a=EARLY)

    assert files_of_no_table(store, "s3://source/", ["s3://source/facts"]) == []
    assert files_of_no_table(store, "s3://source/", ["s3://source/fact", "s3://source/facts/data/a"]) == [A]


class Versions:
    """A versioned bucket."""

    def __init__(self, refuses: bool = False) -> None:
        self.kept = [("a", "1", False), ("a", "2", True), ("b", "1", False)]
        self._refuses = refuses

    def get_paginator(self, _: str) -> "Versions":
        return self

    def paginate(self, **_: str) -> list[dict]:
        names = ("Key", "VersionId", "IsLatest")
        return [{}, {"Versions": [dict(zip(names, each, strict=True)) for each in self.kept]}]

    def delete_objects(self, Bucket: str, Delete: dict) -> dict:  # noqa: N803
        if self._refuses:
            return {"Errors": [{"Key": "a", "Message": "Access Denied"}]}
        gone = {(each["Key"], each["VersionId"]) for each in Delete["Objects"]}
        self.kept = [each for each in self.kept if each[:2] not in gone]
        return {}


def test_only_versions_that_are_not_current_are_removed():
    s3 = Versions()

    assert remove_earlier_versions(s3, "source", "warehouse/") == 2
    assert s3.kept == [("a", "2", True)]


def test_a_version_that_s3_keeps_is_an_error_with_the_right_that_is_missing():
    with pytest.raises(LakehouseError, match=r"a: Access Denied.*s3:DeleteObjectVersion on source/warehouse/"):
        remove_earlier_versions(Versions(refuses=True), "source", "warehouse/")
