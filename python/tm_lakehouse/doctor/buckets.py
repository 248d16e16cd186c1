"""Section 1: buckets and how keys are laid out in them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, none_of, passed, told, warned
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.prefixes import parse_prefix

KEYS_LOOKED_AT = 1000
_APPLY = "Run `make apply`: Terraform makes it so again."
_PUBLIC = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _of_every_bucket(is_right: Callable[[Any, str], bool], says: str) -> Callable[[Deployment], Verdict]:
    """A judgement that looks at each bucket; `says` tells of one that isn't right."""

    def judge(deployment: Deployment) -> Verdict:
        s3 = deployment.client("s3")
        offenders = (f"{name} {says}" for name in deployment.buckets.values() if not _holds(is_right, s3, name))
        return none_of(offenders, f"{len(deployment.buckets)} buckets", _APPLY)

    return judge


def _holds(is_right: Callable[[Any, str], bool], s3: Any, name: str) -> bool:
    try:
        return is_right(s3, name)
    except ClientError as error:
        # S3 tells of a setting that nobody made by an error.
        if error.response["Error"]["Code"].startswith(("NoSuch", "404", "OwnershipControlsNotFound", "ServerSide")):
            return False
        raise


def _exists(s3: Any, name: str) -> bool:
    return bool(s3.head_bucket(Bucket=name))


def _is_versioned(s3: Any, name: str) -> bool:
    return bool(s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled")


def _is_closed(s3: Any, name: str) -> bool:
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    return all(block.get(each) for each in _PUBLIC)


def _is_encrypted(s3: Any, name: str) -> bool:
    rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    given = rules[0]["ApplyServerSideEncryptionByDefault"]
    return given["SSEAlgorithm"] == "aws:kms" and bool(given.get("KMSMasterKeyID"))


def _is_owned(s3: Any, name: str) -> bool:
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    return bool(rules[0]["ObjectOwnership"] == "BucketOwnerEnforced")


def _is_logged(s3: Any, name: str) -> bool:
    return "LoggingEnabled" in s3.get_bucket_logging(Bucket=name)


def _wants_tls(s3: Any, name: str) -> bool:
    policy = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
    return any(
        each["Effect"] == "Deny"
        and str(each.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")).lower() == "false"
        for each in policy["Statement"]
    )


def _keeps_warehouse(s3: Any, name: str) -> bool:
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    expiring = [_prefix_of(rule) for rule in rules if rule.get("Status") == "Enabled" and "Expiration" in rule]
    return not any("warehouse/".startswith(each) or each.startswith("warehouse/") for each in expiring)


def _prefix_of(rule: Any) -> str:
    filtered = rule.get("Filter", {})
    return str(filtered.get("Prefix") or filtered.get("And", {}).get("Prefix") or rule.get("Prefix") or "")


def _key_layout(deployment: Deployment) -> Verdict:
    bucket = deployment.buckets["landing"]
    listed = deployment.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=KEYS_LOOKED_AT).get("Contents", [])
    keys = [each["Key"] for each in listed]
    if not keys:
        return warned(f"{bucket} is empty", "Land a course: `tm-lakehouse land FOLDER --ingest-date DATE`.")
    foreign = list(_foreign(keys))
    if foreign:
        return warned(
            f"not read: {told(foreign)}", "Land files with `tm-lakehouse land`: course_id=.../ingest_date=.../FILE."
        )
    return passed(f"{len(keys)} keys as course_id=.../ingest_date=.../FILE")


def _foreign(keys: list[str]) -> Iterator[str]:
    for key in keys:
        *folders, file = key.split("/", 2)
        try:
            parse_prefix("/".join(folders))
        except LakehouseError:
            yield key
        else:
            if not file:
                yield key


LINES = (
    Line("buckets.exist", "All five buckets are there", _of_every_bucket(_exists, "is missing")),
    Line("buckets.versioned", "What is replaced can be had back", _of_every_bucket(_is_versioned, "is not versioned")),
    Line("buckets.closed", "Nothing is public", _of_every_bucket(_is_closed, "does not block public access")),
    Line("buckets.encrypted", "A key of the zone encrypts", _of_every_bucket(_is_encrypted, "has no key of its own")),
    Line("buckets.tls_only", "What comes in the clear is refused", _of_every_bucket(_wants_tls, "takes plain HTTP")),
    Line("buckets.owned", "No ACL decides", _of_every_bucket(_is_owned, "lets ACLs decide")),
    Line("buckets.logged", "Access is logged", _of_every_bucket(_is_logged, "logs no access")),
    Line(
        "buckets.warehouse_kept",
        "No lifecycle rule takes files from a table",
        _of_every_bucket(_keeps_warehouse, "expires objects below warehouse/, or has no rules"),
    ),
    Line("buckets.key_layout", "Landed keys name course and date", _key_layout),
)
