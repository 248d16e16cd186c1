"""A copy of the DAGs becomes like its source, whatever changed there."""

import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tm_localstack.mwaa.source_bucket import Changes, DagFolder, SourceBucket, SourceError, changes


class FolderOfObjects:
    """An S3 client over a dict of keys and texts; the tag of an object is its text."""

    def __init__(self, objects):
        self.objects = objects

    def get_paginator(self, _):
        return self

    def paginate(self, Bucket, Prefix):  # noqa: N803
        found = [{"Key": key, "ETag": text} for key, text in self.objects.items() if key.startswith(Prefix)]
        return [{"Contents": found[:1]}, {"Contents": found[1:]}, {}]

    def get_object(self, Bucket, Key, VersionId=None):  # noqa: N803
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "The key is not there."}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key].encode())}


class BrokenBody(io.RawIOBase):
    """A body whose second part never comes."""

    def __init__(self):
        self.parts = [b"one"]

    def read(self, _=-1):
        if self.parts:
            return self.parts.pop()
        raise ReadTimeoutError(endpoint_url="http://s3")


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ({}, Changes(("a.py", "b.py"), ())),
        ({"a.py": "1", "b.py": "2"}, Changes((), ())),
        ({"a.py": "0", "b.py": "2"}, Changes(("a.py",), ())),
        ({"a.py": "1", "b.py": "2", "c.py": "3"}, Changes((), ("c.py",))),
    ],
)
def test_only_what_differs_is_fetched_or_dropped(copy, expected):
    assert changes({"a.py": "1", "b.py": "2"}, copy) == expected


def test_a_copy_follows_its_source(tmp_path):
    client = FolderOfObjects({"dags/a.py": "one", "dags/lib/b.py": "two", "other/c.py": "three"})
    folder = DagFolder(SourceBucket(client, "b"), "dags/", tmp_path / "dags", tmp_path / "record")
    folder.synchronize()
    assert texts(tmp_path / "dags") == {"a.py": "one", "lib/b.py": "two"}

    client.objects = {"dags/a.py": "new", "dags/d.py": "four"}
    folder.synchronize()
    assert texts(tmp_path / "dags") == {"a.py": "new", "d.py": "four"}
    assert folder.synchronize() == Changes((), ())


@pytest.mark.parametrize("name", ["../escape.py", "/root.py", "lib/../../escape.py", "folder/"])
def test_a_name_that_leads_out_of_the_folder_is_left(tmp_path, name):
    client = FolderOfObjects({"dags/a.py": "one", f"dags/{name}": "bad"})
    found = DagFolder(SourceBucket(client, "b"), "dags", tmp_path / "dags", tmp_path / "record").synchronize()

    assert found.fetch == ("a.py",)


def test_what_can_not_be_read_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"s3://b/plugins\.zip in version 7 can't be read"):
        SourceBucket(FolderOfObjects({}), "b").fetch("plugins.zip", "7", tmp_path / "plugins.zip")
    assert not list(tmp_path.iterdir())


def test_of_an_object_that_comes_in_part_nothing_is_left(tmp_path):
    client = SimpleNamespace(get_object=lambda **_: {"Body": BrokenBody()})

    with pytest.raises(SourceError, match="Read timeout"):
        SourceBucket(client, "b").fetch("plugins.zip", None, tmp_path / "plugins.zip")
    assert not list(tmp_path.iterdir())


def texts(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
