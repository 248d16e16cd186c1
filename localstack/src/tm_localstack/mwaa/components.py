"""Airflow's processes: started, watched, and ended with all they started."""

import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tm_localstack.mwaa.configuration import COMPONENTS, Component, component_environment
from tm_localstack.mwaa.definitions import Definition

LOG = logging.getLogger(__name__)
STOP_SECONDS = 20
MIGRATE_SECONDS = 120
LINES_TOLD = 6
SUPERVISOR = [sys.executable, str(Path(__file__).parent / "process" / "supervisor.py")]
# Airflow takes MWAA's own addresses from a package that only its web server sees.
WEB_SITE = Path(__file__).parent / "web_site"


class AirflowError(Exception):
    """Airflow did not start; the text says why."""


@dataclass(frozen=True)
class Launch:
    """How to start the processes of one environment: interpreter, variables, and where output goes."""

    definition: Definition
    python: Path
    environment: Mapping[str, str]
    web_environment: Mapping[str, str]
    home: Path
    output: Path

    def log(self, component: Component) -> Path:
        return self.output / f"{component.name}.log"

    def variables(self, component: Component) -> dict[str, str]:
        own = {**self.environment, **component_environment(component, self.definition)}
        if component.name != "api-server":
            return own
        return {**own, **self.web_environment, "PYTHONPATH": str(WEB_SITE)}


@dataclass
class Components:
    """The running processes of one environment."""

    launch: Launch
    _running: dict[Component, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def migrate(self) -> None:
        """Make or update the metadata database.

        Raises:
            AirflowError: it can't be.
        """
        log = self.launch.output / "migrate.log"
        command = [*SUPERVISOR, str(self.launch.python), "-m", "airflow", "db", "migrate"]
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=dict(self.launch.environment),
                cwd=self.launch.home,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                code = process.wait(MIGRATE_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise AirflowError(f"The metadata database was not ready within {MIGRATE_SECONDS} s.") from error
            finally:
                _close(process)
        if code:
            raise AirflowError(f"The metadata database can't be made: {_last_lines(log)}")

    def start(self) -> None:
        """Start every process."""
        for component in COMPONENTS:
            self._running[component] = self._start(component)

    def check(self) -> None:
        """Raise AirflowError when a process has ended."""
        for component, process in self._running.items():
            if process.poll() is not None:
                log = _last_lines(self.launch.log(component))
                raise AirflowError(f"Airflow's {component.name} ended with code {process.returncode}: {log}")

    def revive(self) -> None:
        """Start again what has ended, as MWAA replaces a container."""
        for component, process in list(self._running.items()):
            if process.poll() is not None:
                LOG.warning("Airflow's %s ended with code %s; starting it again", component.name, process.returncode)
                _close(process)
                self._running[component] = self._start(component)

    def stop(self) -> None:
        """End every process with what it started."""
        running, self._running = list(self._running.values()), {}
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                LOG.warning("process %s did not end politely", process.pid)
            _close(process)

    def _start(self, component: Component) -> "subprocess.Popen[bytes]":
        launch = self.launch
        with launch.log(component).open("ab") as output:
            return subprocess.Popen(
                [*SUPERVISOR, str(launch.python), "-m", "airflow", *component.arguments],
                env=launch.variables(component),
                cwd=launch.home,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


def _close(process: "subprocess.Popen[bytes]") -> None:
    """Let go of a process: its supervisor ends whatever is left when this pipe closes."""
    if process.stdin:
        process.stdin.close()
    process.wait()


def _last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-LINES_TOLD:]
    return " | ".join(lines) or "it printed nothing."
