"""Start, watch and stop one local AWS: LocalStack with our services, and Trino beside it."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tm_localstack.launcher import processes, readiness
from tm_localstack.launcher.processes import ProcessRecord
from tm_localstack.launcher.settings import (
    IAM_MODES,
    REGION,
    LauncherError,
    LauncherSettings,
    bundled_java,
    requirements_lock,
    runtime_python,
    uv_program,
)

START_SECONDS = 180
POLL_SECONDS = 0.5
LOG_LINES_SHOWN = 8


@dataclass(frozen=True)
class Health:
    """One engine: whether its process runs, and None or what its probe said."""

    name: str
    pid: int
    log: Path
    runs: bool
    memory_bytes: int
    problem: str | None


class LocalAws:
    """The local AWS of one state folder."""

    def __init__(self, settings: LauncherSettings) -> None:
        self.settings = settings
        self._state = settings.state_directory / "state.json"

    def records(self) -> list[ProcessRecord]:
        """The engines that were started, whether they still run or not."""
        return processes.load(self._state)

    def health(self) -> list[Health]:
        """Each engine's state; empty when none was started."""
        return [self._health_of(record) for record in self.records()]

    def is_up(self) -> bool:
        health = self.health()
        return bool(health) and all(engine.runs and engine.problem is None for engine in health)

    def start(self, report: Callable[[str], None]) -> bool:
        """Start both engines and wait until they answer real calls; False when they already did.

        An interrupted or failed start leaves no process behind.

        Raises:
            LauncherError: a port is taken, an engine is missing, ended early or did not answer in time.
        """
        with self._alone():
            if self.is_up():
                return False
            self._clear()
            self._check_ports()
            records: list[ProcessRecord] = []
            try:
                for launch in (self._launch_trino, self._launch_localstack):
                    records.append(launch())
                    processes.save(records, self._state)
                self._wait(records, report)
            except BaseException:
                processes.stop(records)
                self._state.unlink(missing_ok=True)
                raise
            return True

    def stop(self) -> bool:
        """Stop both engines and drop their data; False when nothing ran."""
        with self._alone():
            ran = any(processes.find(record) for record in processes.load(self._state))
            self._clear()
            return ran

    def _clear(self) -> None:
        processes.stop(processes.load(self._state))
        self._state.unlink(missing_ok=True)
        for leftover in (self.settings.scratch, self.settings.state_directory / "trino"):
            shutil.rmtree(leftover, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.settings.state_directory.mkdir(parents=True, exist_ok=True)
        with (self.settings.state_directory / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LauncherError(
                    f"Another command is starting or stopping the local AWS of {self.settings.state_directory}.",
                    "Wait for it, or set TM_LOCAL_STATE_DIR, TM_LOCAL_AWS_PORT and TM_LOCAL_TRINO_PORT for this one.",
                ) from None
            yield

    def _check_ports(self) -> None:
        ports = (("TM_LOCAL_AWS_PORT", self.settings.aws_port), ("TM_LOCAL_TRINO_PORT", self.settings.trino_port))
        for variable, port in ports:
            if owner := processes.listener(port):
                raise LauncherError(
                    f"Port {port} is taken by {owner}.", f"Stop it, or choose another port with {variable}."
                )

    def _launch_localstack(self) -> ProcessRecord:
        settings = self.settings
        scratch = settings.scratch
        for folder in (scratch, scratch / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)
        environment = processes.inherited_environment() | {
            "GATEWAY_LISTEN": f"127.0.0.1:{settings.aws_port}",
            "GATEWAY_SERVER": "loopback",
            "FILESYSTEM_ROOT": str(scratch / "localstack"),
            "TMPDIR": str(scratch / "tmp"),
            "PROVIDER_OVERRIDE_CLOUDWATCH": "tm",
            "PROVIDER_OVERRIDE_EC2": "tm",
            "PROVIDER_OVERRIDE_IAM": "tm",
            "PROVIDER_OVERRIDE_S3": "tm",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DISABLE_EVENTS": "1",
            "DNS_ADDRESS": "0",
            "DEFAULT_REGION": REGION,
            "PYTHONUNBUFFERED": "1",
            "TM_LOCAL_SCRATCH": str(scratch),
            "TM_LOCAL_SPARK_PYTHON": str(runtime_python("spark")),
            "TM_LOCAL_SPARK_JARS": str(settings.spark_jars),
            "TM_LOCAL_MODULE_CACHE": str(settings.cache / "glue-modules"),
            "TM_LOCAL_TRINO_URL": settings.trino_url,
            "TM_LOCAL_GATEWAY_URL": settings.gateway_url,
            "TM_LOCAL_IAM": IAM_MODES[0] if settings.enforces_iam else IAM_MODES[1],
            "TM_LOCAL_IAM_RECORD": str(settings.iam_record),
            "TM_LOCAL_UV": uv_program(settings),
            "TM_LOCAL_AIRFLOW_PYTHON": str(runtime_python("airflow")),
            "TM_LOCAL_AIRFLOW_LOCK": str(requirements_lock("airflow")),
        }
        command = [str(runtime_python("emulator")), "-m", "localstack.runtime.main"]
        return processes.start("localstack", command, environment, self._fresh_log("localstack"), scratch)

    def _launch_trino(self) -> ProcessRecord:
        # Imported here: the launcher must be able to tell what is missing before the engines' code is needed.
        from tm_localstack.athena.trino import launch_command, write_configuration

        settings = self.settings
        if not (settings.trino_home / "lib").is_dir():
            raise LauncherError("Trino is not installed.", "Run `make setup`.")
        home = settings.state_directory / "trino"
        home.mkdir(parents=True, exist_ok=True)
        write_configuration(
            home / "etc",
            port=settings.trino_port,
            gateway_url=settings.gateway_url,
            region=REGION,
            data_dir=home / "data",
        )
        command = launch_command(settings.trino_home, home / "etc", bundled_java("emulator"))
        return processes.start("trino", command, processes.inherited_environment(), self._fresh_log("trino"), home)

    def _fresh_log(self, name: str) -> Path:
        log = self.settings.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        return log

    def _wait(self, records: list[ProcessRecord], report: Callable[[str], None]) -> None:
        began = time.monotonic()
        problems: dict[str, str | None] = {record.name: "starting" for record in records}
        while waiting := [record for record in records if problems[record.name]]:
            for record in waiting:
                _check_alive(record)
                problems[record.name] = self._probe(record.name)
                if problems[record.name] is None:
                    report(f"{record.name} answers after {time.monotonic() - began:.0f} s")
            if time.monotonic() - began > START_SECONDS:
                raise LauncherError(
                    f"The local AWS did not answer within {START_SECONDS} s: {problems}", f"Read {self.settings.logs}."
                )
            time.sleep(POLL_SECONDS)

    def _probe(self, name: str) -> str | None:
        probe = readiness.trino_answers if name == "trino" else readiness.aws_answers
        return probe(self.settings)

    def _health_of(self, record: ProcessRecord) -> Health:
        runs = processes.find(record) is not None
        problem = self._probe(record.name) if runs else "ended"
        return Health(record.name, record.pid, Path(record.log), runs, processes.memory_bytes(record), problem)


def _check_alive(record: ProcessRecord) -> None:
    if processes.find(record) is None:
        lines = Path(record.log).read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        raise LauncherError(
            f"{record.name} ended while starting: {' | '.join(lines) or 'no message'}", f"Read {record.log}."
        )
