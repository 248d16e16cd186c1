"""Every test here needs an AWS."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _aws(aws):
    """Start it before the first test."""


@pytest.fixture
def bucket(client, unique):
    """Make versioned buckets; they go with all their versions."""
    s3, made = client("s3"), []

    def make(prefix: str) -> str:
        name = unique(prefix)
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        made.append(name)
        return name

    yield make
    for name in made:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket=name)
