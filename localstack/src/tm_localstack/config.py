"""What the launcher tells the local AWS, read from TM_LOCAL_* variables once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


class ConfigurationError(Exception):
    """A TM_LOCAL_* variable is missing or not usable."""


@dataclass(frozen=True)
class LocalConfig:
    """Where the engines are and where they may write."""

    gateway_url: str
    trino_url: str
    scratch: Path
    spark_python: Path
    spark_jars: Path
    module_cache: Path
    uv: str
    airflow_python: Path
    airflow_lock: Path
    enforces_iam: bool
    iam_record: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "LocalConfig":
        """Read every variable.

        Raises:
            ConfigurationError: names the variable that is missing.
        """

        def required(name: str) -> str:
            value = environment.get(name)
            if not value:
                raise ConfigurationError(f"{name} is not set: start the local AWS with `tm-lakehouse up`.")
            return value

        return cls(
            gateway_url=required("TM_LOCAL_GATEWAY_URL"),
            trino_url=required("TM_LOCAL_TRINO_URL"),
            scratch=Path(required("TM_LOCAL_SCRATCH")),
            spark_python=Path(required("TM_LOCAL_SPARK_PYTHON")),
            spark_jars=Path(required("TM_LOCAL_SPARK_JARS")),
            module_cache=Path(required("TM_LOCAL_MODULE_CACHE")),
            uv=required("TM_LOCAL_UV"),
            airflow_python=Path(required("TM_LOCAL_AIRFLOW_PYTHON")),
            airflow_lock=Path(required("TM_LOCAL_AIRFLOW_LOCK")),
            enforces_iam=required("TM_LOCAL_IAM") == "enforce",
            iam_record=Path(environment.get("TM_LOCAL_IAM_RECORD") or Path(required("TM_LOCAL_SCRATCH")) / "iam"),
        )


@lru_cache(maxsize=1)
def local_config() -> LocalConfig:
    """The configuration of this process."""
    return LocalConfig.from_environment()
