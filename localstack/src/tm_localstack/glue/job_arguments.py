"""What a job's arguments mean: which of them Glue itself acts on, and what the script is given. Pure."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

MAX_ARGUMENT_BYTES = 260 * 1024
DATALAKE_FORMATS = frozenset({"iceberg"})
_CHAINED_CONF = re.compile(r"(?:^|\s+)--conf[\s=]+")
_TRUE = frozenset({"", "true"})

# Arguments that change what a run does on AWS and that the local runtime does not carry out, by their harmless values.
_HARMLESS_VALUES: dict[str, frozenset[str]] = {
    "--class": frozenset(),
    "--enable-glue-datacatalog": frozenset({"false"}),
    "--enable-lakeformation-fine-grained-access": frozenset({"false"}),
    "--job-bookmark-option": frozenset({"job-bookmark-disable"}),
    "--job-language": frozenset({"python"}),
}


class ArgumentError(ValueError):
    """A job cannot run with these arguments. The text says which and why."""


@dataclass(frozen=True)
class LaunchOptions:
    """What Glue does with the arguments before the script starts."""

    script_location: str
    python_files: tuple[str, ...] = ()
    jars: tuple[str, ...] = ()
    is_user_jars_first: bool = False
    files: tuple[str, ...] = ()
    spark_conf: tuple[tuple[str, str], ...] = ()
    python_modules: tuple[str, ...] = ()
    installer_options: tuple[str, ...] = ()
    datalake_formats: frozenset[str] = frozenset()
    event_logs_path: str | None = None
    environment: tuple[tuple[str, str], ...] = ()


def merge(default: Mapping[str, str], of_run: Mapping[str, str], non_overridable: Mapping[str, str]) -> dict[str, str]:
    """The arguments of a run: the job's defaults, replaced by the run's, replaced by what no run may override."""
    return {**default, **of_run, **non_overridable}


def check_shape(arguments: Mapping[str, str]) -> None:
    """Refuse what Glue refuses when a run is asked for.

    Raises:
        ArgumentError: a name without its dashes, or more text than Glue takes.
    """
    for name in arguments:
        if not name.startswith("--") or len(name) == 2 or any(character.isspace() for character in name):
            raise ArgumentError(f"Argument {name!r} is not of the form --name.")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in arguments.items())
    if size > MAX_ARGUMENT_BYTES:
        raise ArgumentError(f"The arguments have {size} bytes; the limit is {MAX_ARGUMENT_BYTES}.")


def script_arguments(arguments: Mapping[str, str], *, job_name: str, job_id: str, run_id: str) -> list[str]:
    """The script's command line: every argument, then Glue's own, which win over any of the same name."""
    own = {"--JOB_NAME": job_name, "--JOB_ID": job_id, "--JOB_RUN_ID": run_id}
    given = {"--job-bookmark-option": "job-bookmark-disable", **arguments} | own
    return [part for name, value in given.items() for part in (name, value)]


def launch_options(arguments: Mapping[str, str], script_location: str) -> LaunchOptions:
    """What of the arguments is Glue's business.

    Raises:
        ArgumentError: an argument that the local runtime cannot honour, or not in its syntax.
    """
    _refuse_unsupported(arguments)
    formats = frozenset(_listed(arguments, "--datalake-formats"))
    if unknown := formats - DATALAKE_FORMATS:
        raise ArgumentError(f"--datalake-formats {', '.join(sorted(unknown))}: the local runtime has iceberg only.")
    return LaunchOptions(
        script_location=arguments.get("--scriptLocation") or script_location,
        python_files=_listed(arguments, "--extra-py-files"),
        jars=_listed(arguments, "--extra-jars"),
        is_user_jars_first=arguments.get("--user-jars-first", "false").lower() in _TRUE,
        files=_listed(arguments, "--extra-files"),
        spark_conf=spark_conf(arguments.get("--conf", "")),
        python_modules=_listed(arguments, "--additional-python-modules"),
        installer_options=tuple(shlex.split(arguments.get("--python-modules-installer-option", ""))),
        datalake_formats=formats,
        event_logs_path=_event_logs_path(arguments),
        environment=_environment(arguments),
    )


def spark_conf(chained: str) -> tuple[tuple[str, str], ...]:
    """Split the value of --conf: Glue takes one argument of each name, so several settings are chained in it.

    Raises:
        ArgumentError: a setting without a value.
    """
    settings = [setting.strip() for setting in _CHAINED_CONF.split(chained) if setting.strip()]
    pairs = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise ArgumentError(f"--conf {setting!r} is not of the form name=value.")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _refuse_unsupported(arguments: Mapping[str, str]) -> None:
    for name, harmless in _HARMLESS_VALUES.items():
        value = arguments.get(name)
        if value is not None and value.lower() not in harmless:
            raise ArgumentError(f"The local runtime does not carry out {name} {value}".rstrip() + ".")


def _listed(arguments: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in arguments.get(name, "").split(",") if part.strip())


def _event_logs_path(arguments: Mapping[str, str]) -> str | None:
    if arguments.get("--enable-spark-ui", "false").lower() not in _TRUE:
        return None
    path = arguments.get("--spark-event-logs-path")
    if not path:
        raise ArgumentError("--enable-spark-ui needs --spark-event-logs-path.")
    return path


def _environment(arguments: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for argument in ("--customer-driver-env-vars", "--customer-executor-env-vars"):
        for setting in _listed(arguments, argument):
            name, equals, value = setting.partition("=")
            if not equals or not name.startswith("CUSTOMER_"):
                raise ArgumentError(f"{argument}: {setting!r} is not of the form CUSTOMER_NAME=value.")
            pairs.append((name, value.strip('"')))
    return tuple(pairs)
