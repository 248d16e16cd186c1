"""An environment's output, carried to its log groups under its execution role."""

import logging
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tm_localstack.log_stream import LogStream
from tm_localstack.mwaa.configuration import log_group
from tm_localstack.mwaa.definitions import Definition

LOG = logging.getLogger(__name__)


class EnvironmentLogs:
    """The log streams of one environment. A group that can't be written to loses lines and stops nothing, as on AWS."""

    def __init__(self, client: Any, definition: Definition) -> None:
        self._client = client
        self._definition = definition
        self._streams: dict[Path, LogStream] = {}

    def follow(self, kind: str, name: str, file: Path) -> None:
        """Show a file's lines in a stream of the group of `kind`, where that group is enabled."""
        group = log_group(self._definition, kind)
        if group is None:
            return
        file.touch()
        stream = LogStream(self._client, group, name, file)
        try:
            stream.create()
        except (ClientError, BotoCoreError) as error:
            LOG.warning("The log group %s can't be used: %s", group, error)
        else:
            self._streams[file] = stream

    def carry(self, *, is_last: bool = False) -> None:
        """Send what was written since the last call."""
        for file, stream in self._streams.items():
            try:
                stream.carry(is_last=is_last)
            except (ClientError, BotoCoreError) as error:
                LOG.warning("Lines of %s were lost: %s", file.name, error)
