"""The bucket of Terraform's state: made before Terraform first runs, which can't make its own."""

from typing import Any

import boto3
from botocore.exceptions import ClientError

from tm_lakehouse.errors import LakehouseError

# S3 knows this region by the absence of a location.
_REGION_WITHOUT_LOCATION = "us-east-1"
_MISSING = ("404", "NoSuchBucket", "NotFound")


def exists(bucket: str) -> bool:
    """Whether the bucket is there and ours.

    Raises:
        LakehouseError: it belongs to someone else, or we may not see it.
    """
    try:
        boto3.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return False
        raise LakehouseError(
            f"The state bucket {bucket} can't be used: {error.response['Error'].get('Message', error)}.",
            "Use credentials that may read it, or name another bucket in backend.hcl.",
        ) from None
    return True


def create(bucket: str) -> None:
    """Make the bucket: versioned, private, over TLS only."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket, **_location(s3.meta.region_name))
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def remove(bucket: str) -> None:
    """Delete the bucket with every version of the state."""
    s3 = boto3.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def _location(region: str) -> dict[str, Any]:
    if region == _REGION_WITHOUT_LOCATION:
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}
