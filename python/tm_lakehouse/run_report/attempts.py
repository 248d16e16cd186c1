"""Reads a report may do without: what fails is told in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.run_report.facts import Unread

Read = TypeVar("Read")


@dataclass
class Attempts:
    """What could not be read so far. A run that failed is reported too, and some of its parts are not there."""

    unread: list[Unread] = field(default_factory=list)

    def read(self, what: str, how: Callable[[], Read]) -> Read | None:
        """What `how` gives; None where AWS refuses, and then its reason is kept."""
        try:
            return how()
        except LakehouseError as error:
            self.leave_out(what, error.reason)
        except (ClientError, BotoCoreError) as error:
            self.leave_out(what, str(error))
        return None

    def leave_out(self, what: str, reason: str) -> None:
        """Note that something is not in the report."""
        self.unread.append(Unread(what, " ".join(reason.split())))
