"""Waits for a Glue run's end in Airflow's triggerer, where no worker is held. Imported by Airflow only."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

LOG = logging.getLogger(__name__)


class GlueRunTrigger(BaseTrigger):  # type: ignore[misc]  # Airflow is not in the tools' environment
    """Fires once a run is no longer active, or can't be looked at: the task then finds out what became of it.

    `begun` is what the task wants back, with the run's id as `glue_run`. As an argument beside the event, Airflow 3.0's
    `dags test` would lose it.
    """

    def __init__(self, job: str, begun: dict[str, Any], poll_seconds: float) -> None:
        super().__init__()
        self.job = job
        self.begun = begun
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What Airflow keeps of it, to start it again in another triggerer."""
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        return name, {"job": self.job, "begun": self.begun, "poll_seconds": self.poll_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look every few seconds, the first time only after some: Airflow 3.0 fails a task that is resumed at once."""
        is_active = True
        while is_active:
            await asyncio.sleep(self.poll_seconds)
            is_active = await asyncio.to_thread(self._is_active)
        yield TriggerEvent(self.begun)

    def _is_active(self) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        from tm_lakehouse.glue_run import is_active

        try:
            return is_active(self.job, self.begun["glue_run"])
        except (BotoCoreError, ClientError) as error:
            LOG.warning("%s of %s: the task looks itself, since here: %s", self.begun["glue_run"], self.job, error)
            return False
