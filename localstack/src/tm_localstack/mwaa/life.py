"""The life of one environment: created, watched, changed, and gone."""

import logging
import shutil
import threading
import time
from dataclasses import dataclass

from tm_localstack.assumed_role import Credentials, RoleRefusedError, assume
from tm_localstack.config import LocalConfig
from tm_localstack.mwaa.components import AirflowError, Components
from tm_localstack.mwaa.definitions import Definition
from tm_localstack.mwaa.models import Environment
from tm_localstack.mwaa.preparation import Preparation
from tm_localstack.mwaa.requirements_file import RequirementsError
from tm_localstack.mwaa.source_bucket import DagFolder, SourceError
from tm_localstack.mwaa.startup_script import StartupScriptError
from tm_localstack.mwaa.web_server import WebServer

LOG = logging.getLogger(__name__)
SERVICE = "airflow-env.amazonaws.com"
HEALTHY_SECONDS = 300
LOOK_SECONDS = 1.0
SYNCHRONIZE_SECONDS = 3.0

_REFUSALS = (AirflowError, RequirementsError, SourceError, StartupScriptError)


class _GivenUpError(Exception):
    """The environment was deleted in the middle of a change."""


@dataclass(frozen=True)
class Generation:
    """An environment as it was once started: what for, its files, and its processes."""

    definition: Definition
    preparation: Preparation
    dags: DagFolder
    components: Components


class Life:
    """Carries out what is asked of one environment, in a thread of its own."""

    def __init__(self, environment: Environment, config: LocalConfig) -> None:
        self._environment = environment
        self._config = config
        self._root = config.scratch / "mwaa" / f"{environment.account_id}-{environment.region}-{environment.name}"
        self._generations = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"mwaa-{environment.name}", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _live(self) -> None:
        generation = self._create()
        try:
            while not self._stopping.wait(LOOK_SECONDS):
                if generation is not None:
                    generation = self._look_after(generation)
        except _GivenUpError:
            LOG.info("MWAA environment %s goes in the middle of a change", self._environment.name)
        except Exception as error:
            self._environment.settle("UNAVAILABLE", _reason(error))
        finally:
            if generation is not None:
                generation.components.stop()
            shutil.rmtree(self._root, ignore_errors=True)

    def _create(self) -> Generation | None:
        environment = self._environment
        began = time.monotonic()
        try:
            generation = self._started(self._prepare(environment.definition))
        except _GivenUpError:
            return None
        except Exception as error:
            environment.settle("CREATE_FAILED", _reason(error))
            return None
        environment.settle("AVAILABLE")
        LOG.info("MWAA environment %s is available after %.0f s", environment.name, time.monotonic() - began)
        return generation

    def _look_after(self, generation: Generation) -> Generation:
        if self._environment.status == "UPDATING":
            return self._update(generation)
        generation.components.revive()
        try:
            self._synchronize(generation)
        except SourceError as error:
            LOG.warning("MWAA environment %s keeps its DAGs as they are: %s", self._environment.name, error)
        generation.preparation.logs.carry()
        self._stopping.wait(SYNCHRONIZE_SECONDS - LOOK_SECONDS)
        return generation

    def _update(self, old: Generation) -> Generation:
        """Replace the processes by those of the new definition; what fails leaves the environment as it was."""
        environment = self._environment
        try:
            new = self._prepare(environment.definition)
        except _GivenUpError:
            raise
        except Exception as error:
            return self._roll_back(old, _reason(error))
        old.components.stop()
        try:
            started = self._started(new)
        except _GivenUpError:
            raise
        except Exception as error:
            reason = _reason(error)
            old.components.start()
            self._wait_until_healthy(old)
            return self._roll_back(old, reason)
        environment.settle("AVAILABLE")
        return started

    def _roll_back(self, old: Generation, reason: str) -> Generation:
        with self._environment.lock:
            self._environment.definition = old.definition
            self._environment.settle("UPDATE_FAILED", reason)
        return old

    def _prepare(self, definition: Definition) -> Generation:
        self._generations += 1
        home = self._root / f"generation-{self._generations}"
        credentials = self._credentials(definition)
        preparation = Preparation(self._environment, definition, credentials, self._config, root=self._root, home=home)
        launch = preparation.launch(is_wanted=lambda: not self._stopping.is_set())
        if self._stopping.is_set():
            raise _GivenUpError
        dags = DagFolder(preparation.bucket, definition["DagS3Path"], self._root / "dags", self._root / "dags.json")
        return Generation(definition, preparation, dags, Components(launch))

    def _started(self, generation: Generation) -> Generation:
        components = generation.components
        self._synchronize(generation)
        components.migrate()
        generation.preparation.follow_components(components.launch)
        try:
            components.start()
            self._wait_until_healthy(generation)
        except BaseException:
            components.stop()
            raise
        finally:
            generation.preparation.logs.carry()
        return generation

    def _wait_until_healthy(self, generation: Generation) -> None:
        server = WebServer(self._environment.web_server, self._environment.admin_password)
        deadline = time.monotonic() + HEALTHY_SECONDS
        while (ailment := server.ails()) is not None:
            generation.components.check()
            if time.monotonic() > deadline:
                raise AirflowError(f"Airflow is not healthy after {HEALTHY_SECONDS} s: {ailment}")
            if self._stopping.wait(LOOK_SECONDS):
                raise _GivenUpError

    def _synchronize(self, generation: Generation) -> None:
        found = generation.dags.synchronize()
        if found.fetch or found.drop:
            LOG.info("MWAA environment %s: DAGs %s came, %s went", self._environment.name, found.fetch, found.drop)

    def _credentials(self, definition: Definition) -> Credentials:
        environment = self._environment
        role = str(definition["ExecutionRoleArn"])
        try:
            return assume(
                role,
                SERVICE,
                account_id=environment.account_id,
                region=environment.region,
                source_arn=environment.arn,
                session="AmazonMWAA-airflow",
            )
        except RoleRefusedError as refusal:
            raise SourceError(f"The execution role {role} can't be assumed by {SERVICE}.") from refusal


def _reason(error: Exception) -> str:
    """What the environment tells about a failure: the reason of one that was foreseen, the kind of any other."""
    if isinstance(error, _REFUSALS):
        return str(error)
    LOG.error("An MWAA environment can't be changed", exc_info=error)
    return f"Internal failure: {type(error).__name__}: {error}"
