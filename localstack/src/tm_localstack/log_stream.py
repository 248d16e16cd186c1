"""Carries a process's output from its file to CloudWatch while it runs."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

MAX_BATCH_EVENTS = 1000
MAX_BATCH_BYTES = 900_000
MAX_EVENT_BYTES = 200_000


class LogStream:
    """One file of output and the log stream that shows it."""

    def __init__(self, client: Any, group: str, name: str, file: Path) -> None:
        self._client = client
        self._target = {"logGroupName": group, "logStreamName": name}
        self._file = file
        self._offset = 0

    def create(self) -> None:
        """Make the group and the stream where they don't exist."""
        group = self._target["logGroupName"]
        self._ignoring_existing(self._client.create_log_group, logGroupName=group)
        self._ignoring_existing(self._client.create_log_stream, **self._target)

    def carry(self, *, is_last: bool = False) -> None:
        """Send the lines written since the last call; a line without an end only with the last call."""
        with self._file.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        end = len(text) if is_last else text.rfind(b"\n") + 1
        self._offset += end
        for batch in _batches(text[:end].splitlines()):
            now = int(time.time() * 1000)
            events = [{"timestamp": now, "message": line} for line in batch]
            self._client.put_log_events(logEvents=events, **self._target)

    def _ignoring_existing(self, create: Any, **parameters: str) -> None:
        try:
            create(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise


def _batches(lines: list[bytes]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in lines:
        event = line[:MAX_EVENT_BYTES].decode("utf-8", errors="replace")
        if not event.strip():
            continue
        if batch and (len(batch) == MAX_BATCH_EVENTS or size + len(line) > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += min(len(line), MAX_EVENT_BYTES)
    if batch:
        yield batch
