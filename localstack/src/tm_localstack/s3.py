"""LocalStack's S3 loses keys from a listing of several pages: it compares encoded keys with a marker that is not."""

from typing import Any
from urllib.parse import quote

from localstack.aws.api import RequestContext
from localstack.services.s3.provider import S3Provider

_TEXTS = ("Delimiter", "KeyMarker", "Marker", "NextKeyMarker", "NextMarker", "Prefix", "StartAfter")
_ENTRIES = {
    "CommonPrefixes": "Prefix",
    "Contents": "Key",
    "DeleteMarkers": "Key",
    "Uploads": "Key",
    "Versions": "Key",
}


class WholeListingS3Provider(S3Provider):
    """S3 that lists by the keys as they are, and encodes them in its answer alone."""

    def list_objects(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **request: Any
    ) -> Any:
        return _encoded(super().list_objects(context, bucket, **request), encoding_type)

    def list_objects_v2(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **request: Any
    ) -> Any:
        return _encoded(super().list_objects_v2(context, bucket, **request), encoding_type)

    def list_object_versions(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **request: Any
    ) -> Any:
        return _encoded(super().list_object_versions(context, bucket, **request), encoding_type)

    def list_multipart_uploads(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **request: Any
    ) -> Any:
        return _encoded(super().list_multipart_uploads(context, bucket, **request), encoding_type)


def _encoded(answer: Any, encoding_type: str | None) -> Any:
    """The answer with its keys as `EncodingType=url` writes them; unchanged without it."""
    if not encoding_type:
        return answer
    texts = {name: quote(answer[name]) for name in _TEXTS if name in answer}
    entries = {
        name: [{**entry, field: quote(entry[field])} for entry in answer[name]]
        for name, field in _ENTRIES.items()
        if name in answer
    }
    return {**answer, **texts, **entries, "EncodingType": encoding_type}
