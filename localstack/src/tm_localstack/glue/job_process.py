"""One run, from fetching its script to the state it ends in."""

import json
import logging
import os
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tm_localstack.assumed_role import Credentials
from tm_localstack.config import LocalConfig
from tm_localstack.glue import job_arguments
from tm_localstack.glue.job_arguments import ArgumentError, LaunchOptions
from tm_localstack.glue.models import LOG_GROUP_PREFIX, JobRun
from tm_localstack.glue.python_modules import ModuleCache
from tm_localstack.glue.s3_files import LaunchError, S3Files
from tm_localstack.glue.spark_runtime import JobLaunch, RunFiles, SparkRuntime
from tm_localstack.log_stream import LogStream

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
STOP_SECONDS = 5
MAX_ERROR_CHARACTERS = 4000
SIGNAL_EXIT = 128


class JobProcess:
    """The Spark process of one run and everything around it."""

    def __init__(
        self, run: JobRun, credentials: Credentials, config: LocalConfig, runtime: SparkRuntime, modules: ModuleCache
    ) -> None:
        self._run = run
        self._credentials = credentials
        self._runtime = runtime
        self._modules = modules
        self._root = config.scratch / "glue-runs" / run.id
        self._endpoint = config.gateway_url
        self._files = S3Files(self._client("s3"))
        self._logs: list[LogStream] = []

    def execute(self) -> tuple[str, str | None]:
        """Run the script to its end; the state that the run ends in, and why if it didn't succeed."""
        try:
            options, files = self._prepare()
        except (ArgumentError, LaunchError) as refusal:
            return "FAILED", str(refusal)
        with ExitStack() as stack:
            outputs = [stack.enter_context(file.open("ab")) for file in (files.standard_output, files.standard_error)]
            process = self._launch(options, files, *outputs)
        if process is None:
            return "STOPPED", None
        try:
            state, error = self._watch(process, files)
        finally:
            _end_group(process)
        self._carry_logs(is_last=True)
        self._deliver_events(options, files)
        return state, error

    def _prepare(self) -> tuple[LaunchOptions, RunFiles]:
        script = self._run.definition["Command"]["ScriptLocation"]
        options = job_arguments.launch_options(self._run.arguments(), script)
        work = self._root / "work"
        for folder in (work, self._root / "events", self._root / "local"):
            folder.mkdir(parents=True, exist_ok=True)
        for uri in options.files:
            self._files.fetch(uri, work)
        modules = None
        if options.python_modules:
            fetched = self._root / "modules"
            modules = self._modules.provide(options.python_modules, options.installer_options, self._files, fetched)
        return options, RunFiles(
            root=self._root,
            script=self._files.fetch(options.script_location, self._root / "script"),
            python_files=self._files.fetch_all(options.python_files, self._root / "python"),
            jars=self._files.fetch_all(options.jars, self._root / "jars"),
            modules=modules,
        )

    def _launch(
        self, options: LaunchOptions, files: RunFiles, stdout: Any, stderr: Any
    ) -> "subprocess.Popen[bytes] | None":
        """Start the process; None when the run was stopped before."""
        job = self._job_launch()
        self._open_logs(files)
        with self._run.lock:
            if not self._run.move("RUNNING"):
                return None
            return subprocess.Popen(
                self._runtime.command(job, options, files),
                env=self._runtime.environment(job, options, files),
                cwd=files.working_directory,
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    def _job_launch(self) -> JobLaunch:
        run = self._run
        arguments = job_arguments.script_arguments(
            run.arguments(), job_name=run.job_name, job_id=run.definition["JobId"], run_id=run.id
        )
        return JobLaunch(
            name=run.job_name,
            worker_type=str(run.describe().get("WorkerType", "Standard")),
            arguments=arguments,
            region=run.region,
            credentials=self._credentials,
        )

    def _watch(self, process: "subprocess.Popen[bytes]", files: RunFiles) -> tuple[str, str | None]:
        deadline = time.monotonic() + self._run.timeout_minutes * 60
        while True:
            try:
                code = process.wait(timeout=LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                self._carry_logs()
            else:
                break
            if self._run.state == "STOPPING":
                return "STOPPED", None
            if time.monotonic() > deadline:
                return "TIMEOUT", f"Job run exceeded its timeout of {self._run.timeout_minutes} minutes."
        if self._run.state == "STOPPING":
            return "STOPPED", None
        return ("SUCCEEDED", None) if code == 0 else ("FAILED", _reason(code, files))

    def _open_logs(self, files: RunFiles) -> None:
        client = self._client("logs")
        streams = [
            LogStream(client, f"{LOG_GROUP_PREFIX}/output", self._run.id, files.standard_output),
            LogStream(client, f"{LOG_GROUP_PREFIX}/error", self._run.id, files.standard_error),
        ]
        try:
            for stream in streams:
                stream.create()
        except (ClientError, BotoCoreError) as error:
            # As on AWS, a role that may not write logs runs without them.
            LOG.warning("Glue run %s has no logs: %s", self._run.id, error)
        else:
            self._logs = streams

    def _carry_logs(self, *, is_last: bool = False) -> None:
        try:
            for stream in self._logs:
                stream.carry(is_last=is_last)
        except (ClientError, BotoCoreError) as error:
            LOG.warning("Glue run %s lost log lines: %s", self._run.id, error)

    def _deliver_events(self, options: LaunchOptions, files: RunFiles) -> None:
        if options.event_logs_path is None:
            return
        try:
            self._files.deliver(files.events, options.event_logs_path)
        except (ClientError, BotoCoreError, LaunchError, boto3.exceptions.S3UploadFailedError) as error:
            LOG.warning("Glue run %s could not deliver its Spark event logs: %s", self._run.id, error)

    def _client(self, service: str) -> Any:
        return self._credentials.client(service, region=self._run.region, endpoint_url=self._endpoint)


def _reason(code: int, files: RunFiles) -> str:
    """Why the process ended with this code: the script's exception, else the signal, else only the code."""
    if files.error_report.is_file():
        report = json.loads(files.error_report.read_text(encoding="utf-8"))
        return str(report["error"])[:MAX_ERROR_CHARACTERS]
    number = -code if code < 0 else code - SIGNAL_EXIT
    if number in signal.valid_signals() and number > 0:
        return f"Command failed with exit code {SIGNAL_EXIT + number}: the job's process was ended by {_name(number)}."
    return f"Command failed with exit code {code}: see the log group {LOG_GROUP_PREFIX}/error."


def _name(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End whatever is left of the process group: politely first, so that Spark can remove its files."""
    _signal_group(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_SECONDS)
    _signal_group(process, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
