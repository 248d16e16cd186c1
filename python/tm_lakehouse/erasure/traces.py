"""Landed files and quarantined lines that hold a round or a device. They are only told: nobody changes them here."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from tm_lakehouse.erasure.subject import Round, Subject
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.landing_to_silver.read_file import decompressed, read_file
from tm_lakehouse.landing_to_silver.reading import Reading, UnreadableFileError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A course file can be 100 MB, and several are in memory at a time.
_DOWNLOADS = 4


class Version(NamedTuple):
    """One version of an object; where a bucket keeps none, its id is `null`."""

    key: str
    version_id: str
    is_current: bool


@dataclass(frozen=True)
class Trace:
    """One row per version of an object that holds the subject; `records` counts its records or lines that do."""

    uri: str
    version_id: str
    is_current: bool
    records: int


def versions(s3: "S3Client", bucket: str, prefix: str) -> Iterator[Version]:
    """Every version of every object below a prefix; folder markers and marks of deletion are none."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Versions", []):
            if not each["Key"].endswith("/"):
                yield Version(each["Key"], each["VersionId"], each["IsLatest"])


def traces(s3: "S3Client", bucket: str, found: Iterable[Version], count: Callable[[str, bytes], int]) -> list[Trace]:
    """Those of the versions in which `count`, given key and content, finds anything."""

    def look(version: Version) -> Trace:
        body = s3.get_object(Bucket=bucket, Key=version.key, VersionId=version.version_id)["Body"].read()
        uri = f"s3://{bucket}/{version.key}"
        return Trace(uri, version.version_id, version.is_current, count(version.key, body))

    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        return [trace for trace in pool.map(look, found) if trace.records]


def records_in_file(key: str, content: bytes, subject: Subject) -> int:
    """How many records of a landed file hold the subject; a broken record does when its text names the id.

    A file that can't be read as a whole counts as one record when its bytes name the id.
    """
    name = key.rpartition("/")[2]
    try:
        data = decompressed(name, content)
        # Taking a file apart costs a hundred times as much as searching it.
        if subject.id.isalnum() and subject.id.isascii() and subject.id.encode() not in data:
            return 0
        return sum(_records(reading, subject) for reading in read_file(name, content))
    except UnreadableFileError:
        return int(subject.id.encode() in content)


def lines_in_quarantine(content: bytes, subject: Subject, rounds: Collection[Round]) -> int:
    """How many quarantined lines hold the subject: by the round's id, by the record's values, or by its raw text."""
    lines = (QuarantinedRecord.from_json(line) for line in content.decode("utf-8").splitlines())
    return sum(_is_of(line, subject, rounds) for line in lines)


def _records(reading: Reading, subject: Subject) -> int:
    named = reading.records.filter(pl.col(subject.key) == subject.id).height
    return named + sum(subject.id in broken.raw_text for broken in reading.broken)


def _is_of(line: QuarantinedRecord, subject: Subject, rounds: Collection[Round]) -> bool:
    if line.raw_text is not None and subject.id in line.raw_text:
        return True
    if subject.kind == "round":
        return line.round_id == subject.id
    if line.round_id is not None and Round(line.course_id, line.round_id) in rounds:
        return True
    return line.row_json is not None and json.loads(line.row_json).get("device") == subject.id
