"""Objects in S3 that a run needs, fetched and delivered under the job's own role."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

MISSING_CODES = frozenset({"404", "NoSuchKey", "NoSuchBucket"})


class LaunchError(Exception):
    """A run cannot start. The text becomes the run's ErrorMessage."""


class S3Files:
    """Downloads and uploads by `s3://` address."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def fetch(self, uri: str, folder: Path) -> Path:
        """Download one object into a folder, under its own name.

        Raises:
            LaunchError: not an S3 address, no such object, or no permission to read it.
        """
        bucket, key = split_uri(uri)
        target = folder / Path(key).name
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._client.download_file(bucket, key, str(target))
        except ClientError as error:
            raise LaunchError(_download_failure(bucket, key, error)) from error
        return target

    def fetch_all(self, uris: Iterable[str], folder: Path) -> list[Path]:
        """Download several objects; each in a folder of its own, since two may have the same name."""
        return [self.fetch(uri, folder / str(number)) for number, uri in enumerate(uris)]

    def deliver(self, folder: Path, uri: str) -> None:
        """Upload everything in a folder below an S3 prefix."""
        bucket, prefix = split_uri(uri if uri.endswith("/") else f"{uri}/", is_prefix=True)
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".crc"):
            self._client.upload_file(str(file), bucket, f"{prefix}{file.relative_to(folder).as_posix()}")


def split_uri(uri: str, *, is_prefix: bool = False) -> tuple[str, str]:
    """Bucket and key of an S3 address.

    Raises:
        LaunchError: it is none.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme not in ("s3", "s3a") or not bucket or not (key or is_prefix):
        raise LaunchError(f"LAUNCH ERROR | Not an S3 path: {uri!r}")
    return bucket, key


def _download_failure(bucket: str, key: str, error: ClientError) -> str:
    details = error.response.get("Error", {})
    code = details.get("Code", "")
    text = "The specified key does not exist." if code in MISSING_CODES - {"NoSuchBucket"} else details.get("Message")
    return f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {key}. {text} (Error Code: {code})"
