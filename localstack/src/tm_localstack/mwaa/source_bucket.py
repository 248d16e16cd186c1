"""An environment's files, fetched from its bucket under its execution role."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

DRAFT = ".draft"


class SourceError(Exception):
    """The bucket, or something in it, can't be used; the text says why."""


@dataclass(frozen=True)
class Changes:
    """What a copy needs to be like its source."""

    fetch: tuple[str, ...]
    drop: tuple[str, ...]


def changes(source: Mapping[str, str], copy: Mapping[str, str]) -> Changes:
    """What differs between a source and its copy, each given as a tag for each path."""
    return Changes(
        fetch=tuple(sorted(path for path, tag in source.items() if copy.get(path) != tag)),
        drop=tuple(sorted(copy.keys() - source.keys())),
    )


class SourceBucket:
    """The bucket of one environment."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def check(self) -> None:
        """Raise SourceError where MWAA would refuse the bucket."""
        try:
            versioning = self._client.get_bucket_versioning(Bucket=self._name).get("Status")
        except (ClientError, BotoCoreError) as error:
            raise SourceError(f"The bucket {self._name} can't be read: {error}") from error
        if versioning != "Enabled":
            raise SourceError(f"The bucket {self._name} must have versioning enabled.")

    def fetch(self, key: str, version: str | None, target: Path) -> None:
        """Download one object, in the given version or its newest.

        Raises:
            SourceError: no such object or version, or the role may not read it.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        extra = {"VersionId": version} if version else {}
        draft = target.with_name(target.name + DRAFT)
        try:
            # Not `download_file`: it asks by HEAD first, whose refusal has no body to say what is not allowed.
            body = self._client.get_object(Bucket=self._name, Key=key, **extra)["Body"]
            with draft.open("wb") as out:
                shutil.copyfileobj(body, out)
        except (ClientError, BotoCoreError) as error:
            draft.unlink(missing_ok=True)
            told = f" in version {version}" if version else ""
            raise SourceError(f"s3://{self._name}/{key}{told} can't be read: {error}") from error
        os.replace(draft, target)

    def listed(self, prefix: str) -> dict[str, str]:
        """The tag of each object below a prefix, by its path from there.

        Raises:
            SourceError: the bucket can't be listed.
        """
        try:
            pages = list(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix))
        except (ClientError, BotoCoreError) as error:
            raise SourceError(f"s3://{self._name}/{prefix} can't be listed: {error}") from error
        entries = [entry for page in pages for entry in page.get("Contents", [])]
        tags = {str(entry["Key"]).removeprefix(prefix): str(entry["ETag"]) for entry in entries}
        return {path: tag for path, tag in tags.items() if _is_file_below(path)}


class DagFolder:
    """A copy of the DAGs below a prefix, kept like its source: what went there goes here too."""

    def __init__(self, bucket: SourceBucket, prefix: str, folder: Path, record: Path) -> None:
        self._bucket = bucket
        self._prefix = prefix.strip("/") + "/"
        self._folder = folder
        self._record = record

    def synchronize(self) -> Changes:
        """Make the copy like the source, and tell what that changed.

        Raises:
            SourceError: the source can't be read.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        have = json.loads(self._record.read_text(encoding="utf-8")) if self._record.exists() else {}
        source = self._bucket.listed(self._prefix)
        found = changes(source, have)
        for path in found.drop:
            (self._folder / path).unlink(missing_ok=True)
        for path in found.fetch:
            self._bucket.fetch(self._prefix + path, None, self._folder / path)
        if found.fetch or found.drop:
            self._record.write_text(json.dumps(source), encoding="utf-8")
        return found


def _is_file_below(path: str) -> bool:
    """Not a folder's own marker, and not a name that leads out of the folder."""
    return bool(path) and not path.endswith("/") and not path.startswith("/") and ".." not in PurePosixPath(path).parts
