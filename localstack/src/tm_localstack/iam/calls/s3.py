"""S3: operations are not named as the actions are, and objects are encrypted with keys that the caller needs too."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from tm_localstack.iam.calls.call import Access, Call, tagged

_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "HeadObject": "GetObject",
    "SelectObjectContent": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketWebsite": "DeleteBucketWebsite",
}
# With the id of a version, these ask for an action of their own.
_VERSIONED = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
}
_COPIES = ("CopyObject", "UploadPartCopy")
_READS_BYTES = ("GetObject", "GetObjectVersion")
_WRITES_BYTES = ("CreateMultipartUpload", "UploadPart", "PutObject", *_COPIES)
_LISTS = ("ListBucket", "ListBucketVersions", "ListBucketMultipartUploads")


def accesses(call: Call) -> list[Access]:
    """What a call of S3's needs."""
    return list(_accesses(call))


def _accesses(call: Call) -> Iterator[Access]:
    request = call.request
    bucket = request.get("Bucket")
    if not bucket:
        yield Access(f"s3:{_ACTIONS.get(call.operation, call.operation)}", "*")
    elif call.operation == "DeleteObjects":
        for each in request["Delete"]["Objects"]:
            action = "DeleteObjectVersion" if each.get("VersionId") else "DeleteObject"
            yield Access(f"s3:{action}", _object_arn(bucket, each["Key"]))
    elif call.operation in _COPIES:
        yield from _copy(call)
    else:
        yield _named_access(call)
        yield from _key_accesses(call)


def _named_access(call: Call) -> Access:
    request = call.request
    action = _ACTIONS.get(call.operation, call.operation)
    if request.get("VersionId"):
        action = _VERSIONED.get(action, action)
    has_object = "Key" in request
    resource = _object_arn(request["Bucket"], request["Key"]) if has_object else f"arn:aws:s3:::{request['Bucket']}"
    # A look at whether a bucket is there tells no prefix.
    lists = action in _LISTS and call.operation != "HeadBucket"
    return Access(f"s3:{action}", resource, _context(request) | (_listed(request) if lists else {}))


def _listed(request: Any) -> dict[str, tuple[str, ...]]:
    return {"s3:prefix": (request.get("Prefix") or "",), "s3:delimiter": (request.get("Delimiter") or "",)}


def _copy(call: Call) -> Iterator[Access]:
    source = call.request["CopySource"]
    path, _, version = source.partition("?versionId=") if isinstance(source, str) else ("", "", "")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    yield Access(f"s3:{'GetObjectVersion' if version else 'GetObject'}", _object_arn(bucket, key))
    if encrypted_with := call.lookups.object_key(bucket, key):
        yield _through_s3(call, "kms:Decrypt", encrypted_with)
    target = _object_arn(call.request["Bucket"], call.request["Key"])
    yield Access("s3:PutObject", target, _context(call.request))
    yield from _key_accesses(call)


def _key_accesses(call: Call) -> Iterator[Access]:
    """What S3 asks of the key in the caller's name."""
    bucket, key = call.request["Bucket"], call.request.get("Key")
    if call.operation in _READS_BYTES and key and (arn := call.lookups.object_key(bucket, key)):
        yield _through_s3(call, "kms:Decrypt", arn)
    if call.operation in _WRITES_BYTES and (arn := _key_of_write(call, bucket)):
        yield _through_s3(call, "kms:GenerateDataKey", arn)


def _key_of_write(call: Call, bucket: str) -> str | None:
    if call.request.get("ServerSideEncryption") == "AES256":
        return None
    named = call.request.get("SSEKMSKeyId")
    return call.lookups.key_arn(named) if named else call.lookups.bucket_key(bucket)


def _through_s3(call: Call, action: str, key_arn: str) -> Access:
    context = {"kms:viaservice": (f"s3.{call.region}.amazonaws.com",), "kms:calleraccount": (call.account_id,)}
    return Access(action, key_arn, context | tagged(call.lookups.key_tags(key_arn)))


def _context(request: Any) -> dict[str, tuple[str, ...]]:
    names = {
        "ServerSideEncryption": "s3:x-amz-server-side-encryption",
        "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "ACL": "s3:x-amz-acl",
        "VersionId": "s3:versionid",
        "IfNoneMatch": "s3:if-none-match",
    }
    return {key: (str(request[name]),) for name, key in names.items() if request.get(name)}


def _object_arn(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}"
