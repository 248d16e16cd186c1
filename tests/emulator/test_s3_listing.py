"""A listing of several pages has every key once, whatever characters the keys have."""

import pytest

NAMES = ("day=2026-07-01/a", "day=2026-07-01/b c", "day=2026-07-02/a", "day-1/a", "day1/å+b", "day1/a%3Db")


@pytest.fixture
def listed_bucket(client, bucket):
    name, s3 = bucket("listing"), client("s3")
    for key in NAMES:
        s3.put_object(Bucket=name, Key=key, Body=b"")
        s3.create_multipart_upload(Bucket=name, Key=key)
    yield name
    for upload in s3.list_multipart_uploads(Bucket=name)["Uploads"]:
        s3.abort_multipart_upload(Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])


@pytest.mark.parametrize("prefix", ["", "day=", "day1/"])
@pytest.mark.parametrize(
    ("operation", "entries"),
    [
        ("list_objects", "Contents"),
        ("list_objects_v2", "Contents"),
        ("list_object_versions", "Versions"),
        ("list_multipart_uploads", "Uploads"),
    ],
)
def test_listing_of_several_pages_has_every_key(client, listed_bucket, operation, entries, prefix):
    pages = (
        client("s3")
        .get_paginator(operation)
        .paginate(Bucket=listed_bucket, Prefix=prefix, PaginationConfig={"PageSize": 1})
    )
    keys = [entry["Key"] for page in pages for entry in page.get(entries, [])]

    assert keys == sorted((name for name in NAMES if name.startswith(prefix)), key=str.encode)


def test_listing_begins_after_a_key_with_signs(client, listed_bucket):
    answer = client("s3").list_objects_v2(Bucket=listed_bucket, StartAfter="day=2026-07-01/b c")

    assert [entry["Key"] for entry in answer["Contents"]] == ["day=2026-07-02/a"]
    assert answer["StartAfter"] == "day=2026-07-01/b c"


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2", "list_object_versions"])
def test_folders_of_several_pages_come_once_each(client, listed_bucket, operation):
    pages = (
        client("s3")
        .get_paginator(operation)
        .paginate(Bucket=listed_bucket, Delimiter="/", PaginationConfig={"PageSize": 1})
    )
    folders = [folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", [])]

    assert folders == ["day-1/", "day1/", "day=2026-07-01/", "day=2026-07-02/"]
