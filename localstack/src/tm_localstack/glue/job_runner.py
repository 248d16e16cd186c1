"""Starts runs, each in a thread of its own, and ends them with the service."""

import logging
import shutil
import threading
from collections.abc import Callable
from functools import cached_property

from tm_localstack.assumed_role import Credentials, RoleRefusedError, assume
from tm_localstack.config import LocalConfig
from tm_localstack.glue.announcements import announce
from tm_localstack.glue.job_process import JobProcess
from tm_localstack.glue.models import JobRun
from tm_localstack.glue.python_modules import ModuleCache
from tm_localstack.glue.s3_files import LaunchError
from tm_localstack.glue.spark_runtime import SparkRuntime
from tm_localstack.service_role import role_arn

LOG = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 15
GLUE = "glue.amazonaws.com"


class JobRunner:
    """Carries out runs. `on_end` is called with each run that has ended."""

    def __init__(self, config: Callable[[], LocalConfig], on_end: Callable[[JobRun], None]) -> None:
        self._read_config = config
        self._on_end = on_end
        self._threads: dict[JobRun, threading.Thread] = {}

    @cached_property
    def _config(self) -> LocalConfig:
        return self._read_config()

    @cached_property
    def _runtime(self) -> SparkRuntime:
        return SparkRuntime(self._config)

    @cached_property
    def _modules(self) -> ModuleCache:
        return ModuleCache(self._config.module_cache, self._config.uv, self._config.spark_python)

    def start(self, run: JobRun) -> None:
        """Begin a run and return at once."""
        thread = threading.Thread(target=self._carry_out, args=(run,), name=f"glue-{run.id[:12]}", daemon=True)
        self._threads[run] = thread
        thread.start()

    def shut_down(self) -> None:
        """Stop what runs and wait until its processes are gone."""
        threads = list(self._threads.items())
        for run, _ in threads:
            run.move("STOPPING")
        for _, thread in threads:
            thread.join(SHUTDOWN_SECONDS)

    def _carry_out(self, run: JobRun) -> None:
        try:
            state, error = self._execute(run)
        except Exception as failure:
            LOG.exception("Glue run %s broke", run.id)
            state, error = "ERROR", f"Internal service error: {type(failure).__name__}: {failure}"
        run.move(state, error)
        self._threads.pop(run, None)
        for follow in (self._on_end, announce):
            try:
                follow(run)
            except Exception:
                LOG.exception("What follows Glue run %s failed", run.id)

    def _execute(self, run: JobRun) -> tuple[str, str | None]:
        try:
            credentials = _assume_role(run)
        except LaunchError as error:
            return "FAILED", str(error)
        try:
            return JobProcess(run, credentials, self._config, self._runtime, self._modules).execute()
        finally:
            shutil.rmtree(self._config.scratch / "glue-runs" / run.id, ignore_errors=True)


def _assume_role(run: JobRun) -> Credentials:
    """Credentials of the job's role, if it exists and lets Glue assume it.

    Raises:
        LaunchError: it doesn't.
    """
    arn = role_arn(run.definition["Role"], run.account_id)
    source = f"arn:aws:glue:{run.region}:{run.account_id}:job/{run.job_name}"
    try:
        return assume(
            arn,
            GLUE,
            account_id=run.account_id,
            region=run.region,
            source_arn=source,
            session="GlueJobRunnerSession",
        )
    except RoleRefusedError as refusal:
        raise LaunchError(
            f"JobName:{run.job_name} and JobRunId:{run.id} failed to execute with exception "
            f"Role {arn} should be given assume role permissions for Glue Service."
        ) from refusal
