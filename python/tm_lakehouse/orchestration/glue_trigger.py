"""Waits for a Glue run's end in Airflow's triggerer, where no worker is held. Imported by Airflow only."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

LOG = logging.getLogger(__name__)


class GlueRunTrigger(BaseTrigger):  # type: ignore[misc]  # Airflow is not in the tools' environment
    """Fires once a run is no longer active, or can't be looked at: the task then finds out what became of it."""

    def __init__(self, job: str, run_id: str, poll_seconds: float) -> None:
        super().__init__()
        self.job = job
        self.run_id = run_id
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What Airflow keeps of it, to start it again in another triggerer."""
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        return name, {"job": self.job, "run_id": self.run_id, "poll_seconds": self.poll_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look every few seconds, the first time only after some: Airflow 3.0 fails a task that is resumed at once."""
        is_active = True
        while is_active:
            await asyncio.sleep(self.poll_seconds)
            is_active = await asyncio.to_thread(self._is_active)
        yield TriggerEvent({"run_id": self.run_id})

    def _is_active(self) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        from tm_lakehouse.glue_run import is_active

        try:
            return is_active(self.job, self.run_id)
        except (BotoCoreError, ClientError) as error:
            LOG.warning("%s of %s can't be looked at, the task looks itself: %s", self.run_id, self.job, error)
            return False
