"""Tasks that wait for a Glue run: in a triggerer where Airflow is configured so, in a worker where not."""

import logging
from collections.abc import Sequence
from typing import Any

from airflow.configuration import conf
from airflow.sdk import BaseOperator

from lakehouse_tasks.failures import final_failures

LOG = logging.getLogger(__name__)
# `tm-lakehouse apply` makes it, by how many runs the job allows.
SILVER_RUNS = "silver_runs"


class GlueRunOperator(BaseOperator):
    """What a Glue run did, once it has ended. How it ended the task looks up itself, whatever the trigger says.

    `operators.default_deferrable` of Airflow's configuration decides where it waits, unless `deferrable` does.
    """

    # Which of the settings names the job.
    job_setting: str

    def __init__(self, *, deferrable: bool | None = None, poll_seconds: float = 10.0, **task: Any) -> None:
        super().__init__(**task)
        self.poll_seconds = poll_seconds
        is_default = conf.getboolean("operators", "default_deferrable", fallback=False)
        self.deferrable = is_default if deferrable is None else deferrable

    def begin(self) -> dict[str, Any] | None:
        """The run to wait for as `glue_run`, and what else `finish` needs; None where nothing is to be done."""
        raise NotImplementedError

    def finish(self, begun: dict[str, Any]) -> Any:
        """What the run did.

        Raises:
            LakehouseError: that is not what it should have done.
        """
        raise NotImplementedError

    def execute(self, context: Any) -> Any:  # noqa: ARG002  # Airflow gives it
        """Start or take up a run, and wait for it."""
        begun = self.begin()
        if begun is None:
            return self.nothing()
        if not self.deferrable:
            return self._end(begun)
        return self._defer(begun)

    def nothing(self) -> Any:
        """The result where nothing was to be done."""
        return None

    def resume(self, context: Any, event: dict[str, Any]) -> Any:  # noqa: ARG002  # Airflow gives it
        """Go on after the trigger fired, with what was begun."""
        return self._end(event)

    def _defer(self, begun: dict[str, Any]) -> None:
        from tm_lakehouse.orchestration.glue_trigger import GlueRunTrigger
        from tm_lakehouse.settings import Settings

        job = getattr(Settings.from_environment(), self.job_setting)
        LOG.info("%s of %s is waited for in a triggerer", begun["glue_run"], job)
        self.defer(
            trigger=GlueRunTrigger(job, begun, self.poll_seconds),
            method_name="resume",
            timeout=self.execution_timeout,
        )

    def _end(self, begun: dict[str, Any]) -> Any:
        with final_failures():
            return self.finish(begun)


class SilverRunOperator(GlueRunOperator):
    """What a run of the Silver job did, which must be all that it was asked."""

    job_setting = "glue_job_silver"

    def finish(self, begun: dict[str, Any]) -> dict[str, Any]:
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import finish
        from tm_lakehouse.settings import Settings

        return finish(S3ObjectStore(), Settings.from_environment(), begun["prefixes"], begun["glue_run"], LOG.info)


class CheckSilver(SilverRunOperator):
    """Wait for a run that another task has started."""

    template_fields: Sequence[str] = ("prefixes", "glue_run")

    def __init__(self, *, prefixes: Any, glue_run: Any, **task: Any) -> None:
        super().__init__(**task)
        self.prefixes = prefixes
        self.glue_run = glue_run

    def begin(self) -> dict[str, Any]:
        return {"glue_run": self.glue_run, "prefixes": self.prefixes}


class BringToSilver(SilverRunOperator):
    """Start a run over what is still owed of some deliveries, and wait for it.

    One task for start and end, so that no more runs are active than tasks. Tried again, it takes what is still owed.
    """

    template_fields: Sequence[str] = ("prefixes",)

    def __init__(self, *, prefixes: Any, **task: Any) -> None:
        super().__init__(**task)
        self.prefixes = prefixes

    def begin(self) -> dict[str, Any] | None:
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import start, still_owed
        from tm_lakehouse.settings import Settings

        settings = Settings.from_environment()
        owed = still_owed(S3ObjectStore(), settings, self.prefixes)
        return {"glue_run": start(settings, owed), "prefixes": owed} if owed else None

    def nothing(self) -> dict[str, Any]:
        return {"deliveries": 0}


class CheckUpkeep(GlueRunOperator):
    """Wait for an upkeep run; what it did with each table."""

    job_setting = "glue_job_maintenance"
    template_fields: Sequence[str] = ("glue_run",)

    def __init__(self, *, glue_run: Any, **task: Any) -> None:
        super().__init__(**task)
        self.glue_run = glue_run

    def begin(self) -> dict[str, Any]:
        return {"glue_run": self.glue_run}

    def finish(self, begun: dict[str, Any]) -> list[dict[str, Any]]:
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.maintenance import finish
        from tm_lakehouse.settings import Settings

        reports = finish(S3ObjectStore(), Settings.from_environment(), begun["glue_run"], LOG.info)
        for each in reports:
            LOG.info("%s", each)
        return reports
