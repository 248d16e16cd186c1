"""The environment variables of Airflow's processes. Pure."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tm_localstack.mwaa.definitions import CLASSES, LOG_GROUPS, Definition

# Airflow's own processes on a laptop: more tasks at once than these would only wait for the processors.
MAX_TASKS = 8
# A DAG that changed in the bucket is seen within seconds; MWAA itself needs half a minute or more.
REFRESH_SECONDS = 5
# What a startup script can't set, as on MWAA.
PROTECTED = frozenset({"AIRFLOW_HOME", "AWS_REGION", "AWS_DEFAULT_REGION", "PYTHONPATH", "PYTHONUNBUFFERED"})
OF_THE_SHELL = frozenset({"_", "OLDPWD", "PWD", "SHLVL"})


@dataclass(frozen=True)
class Component:
    """One of Airflow's processes: the arguments that start it, and where MWAA shows its output."""

    name: str
    arguments: tuple[str, ...]
    logging: str


# All read the same files, so none need serve its logs on a port, which environments would fight for.
COMPONENTS = (
    Component("api-server", ("api-server", "--workers", "1"), "WebserverLogs"),
    Component("scheduler", ("scheduler", "--skip-serve-logs"), "SchedulerLogs"),
    Component("dag-processor", ("dag-processor",), "DagProcessingLogs"),
    # MWAA's triggerer shares the schedulers' log group.
    Component("triggerer", ("triggerer", "--skip-serve-logs"), "SchedulerLogs"),
)


@dataclass(frozen=True)
class Places:
    """Where one environment's Airflow finds its things on this machine."""

    home: Path
    dags: Path
    database: Path
    logs: Path
    passwords: Path
    python: Path


@dataclass(frozen=True)
class Identity:
    """Who the environment is: its web server and its secrets."""

    web_server: str
    secret: str

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose; the same after a restart, so that what was encrypted can be read."""
        return hashlib.sha256(f"{purpose}:{self.secret}".encode()).digest()


def airflow_options(options: Mapping[str, str]) -> dict[str, str]:
    """Airflow's configuration options, `section.name`, as environment variables."""
    split = {tuple(option.partition(".")[::2]): value for option, value in options.items()}
    return {f"AIRFLOW__{section.upper()}__{name.upper()}": value for (section, name), value in split.items()}


def exports(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What a startup script set: variables that are new or changed, without those that it may not set."""
    kept = {name for name in after if name not in PROTECTED | OF_THE_SHELL and not name.startswith("MWAA__")}
    return {name: after[name] for name in sorted(kept) if after[name] != before.get(name)}


def startup_environment(definition: Definition, platform: Mapping[str, str], places: Places) -> dict[str, str]:
    """What a startup script sees. `platform`: credentials, region, endpoint and path."""
    return {
        **_defaults(definition),
        **platform,
        **airflow_options(definition["AirflowConfigurationOptions"]),
        **_essential_places(places),
        "AIRFLOW_ENV_NAME": definition["Name"],
        # MWAA runs the script in each container; here one run serves all, so it prepares what workers need.
        "MWAA_AIRFLOW_COMPONENT": "worker",
    }


def process_environment(
    definition: Definition,
    platform: Mapping[str, str],
    places: Places,
    identity: Identity,
    exported: Mapping[str, str],
) -> dict[str, str]:
    """What every process of the environment sees; what MWAA needs wins over options, options over the script."""
    return {
        **_defaults(definition),
        **platform,
        **exported,
        **airflow_options(definition["AirflowConfigurationOptions"]),
        **{name: platform[name] for name in PROTECTED & platform.keys()},
        **_essential_places(places),
        **_essential_network(identity),
        **_task_logs(definition),
        "AIRFLOW_ENV_NAME": definition["Name"],
    }


def component_environment(component: Component, definition: Definition) -> dict[str, str]:
    """What one process sees besides: the log level of its group."""
    level = {"AIRFLOW__LOGGING__LOGGING_LEVEL": definition["LoggingConfiguration"][component.logging]["LogLevel"]}
    if component.name == "dag-processor":
        # Its log has a group of its own; the remote task log would take it too.
        return {**level, "AIRFLOW__LOGGING__REMOTE_LOGGING": "False"}
    return level


def _defaults(definition: Definition) -> dict[str, str]:
    tasks = CLASSES[definition["EnvironmentClass"]].tasks * definition["MaxWorkers"]
    return {
        "AIRFLOW__CORE__PARALLELISM": str(min(tasks, MAX_TASKS)),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": str(REFRESH_SECONDS),
        "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": str(REFRESH_SECONDS),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__LOGGING__DAG_PROCESSOR_LOG_TARGET": "stdout",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "PYTHONUNBUFFERED": "1",
    }


def _essential_places(places: Places) -> dict[str, str]:
    return {
        "HOME": str(places.home),
        "AIRFLOW_HOME": str(places.home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(places.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(places.home / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{places.database}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(places.logs),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(places.passwords),
    }


def _essential_network(identity: Identity) -> dict[str, str]:
    host, port = identity.web_server.split(":")
    return {
        "AIRFLOW__API__HOST": host,
        "AIRFLOW__API__PORT": port,
        "AIRFLOW__API__BASE_URL": f"http://{identity.web_server}",
        "AIRFLOW__API__SECRET_KEY": identity.key("api").hex(),
        "AIRFLOW__API_AUTH__JWT_SECRET": identity.key("tokens").hex(),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{identity.web_server}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(identity.key("fernet")).decode(),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
    }


def _task_logs(definition: Definition) -> dict[str, str]:
    logs = definition["LoggingConfiguration"]["TaskLogs"]
    if not logs["Enabled"]:
        return {"AIRFLOW__LOGGING__REMOTE_LOGGING": "False"}
    return {
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"cloudwatch://{logs['CloudWatchLogGroupArn']}",
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
    }


def log_group(definition: Definition, kind: str) -> str | None:
    """Name of the log group of one kind of logs; None where they are not kept."""
    is_enabled = definition["LoggingConfiguration"][kind]["Enabled"]
    return f"airflow-{definition['Name']}-{LOG_GROUPS[kind]}" if is_enabled else None


def passwords(admin: str) -> str:
    """The file by which Airflow knows its one user."""
    return json.dumps({"admin": admin})
