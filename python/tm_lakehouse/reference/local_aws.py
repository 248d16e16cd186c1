"""What the local AWS carries out: its own classes say so, in the emulator's environment."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.reference.page import joined, table

HEADER = """# What the local AWS carries out

Written by `make docs` from the classes that answer and the constants that they judge by. How an operation behaves, and
where it differs from AWS: [the local AWS](../local-aws.md), [every difference](../laptop-and-aws.md). Services that are
not here are LocalStack's own.

An operation that nobody carries out answers with an error that says so. Those that moto keeps are bookkeeping: what is
given is told again, and nothing runs for it.
"""


def read_services(project: Path) -> list[dict[str, Any]]:
    """What each service says of itself.

    Raises:
        LakehouseError: the emulator's environment is missing, or its classes can't be read.
    """
    python = project / ".runtime" / "emulator" / "bin" / "python"
    if not python.is_file():
        raise LakehouseError("The emulator's environment is missing.", "Make it with `make setup`.")
    done = subprocess.run([python, "-m", "tm_localstack.reference"], capture_output=True, text=True, check=False)
    if done.returncode:
        cause = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise LakehouseError(f"The emulator's classes can't be read: {cause}.", "Run `make setup`, then `make docs`.")
    services: list[dict[str, Any]] = json.loads(done.stdout)
    return services


def page(services: list[dict[str, Any]]) -> str:
    """The whole page: services of this project, then what it changes of LocalStack's."""
    whole = [service for service in services if service["limits"]]
    changed = [service for service in services if not service["limits"]]
    rows = [(each["name"], each["summary"], _names(each["carried_out"])) for each in changed]
    parts = [HEADER, *(part for service in whole for part in _section(service))]
    return joined([*parts, "## Changed in LocalStack's own services\n", table(("service", "what", "operations"), rows)])


def _section(service: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {service['name']}\n"
    yield table(("limit", "value"), service["limits"].items())
    special = {name: text for name, text in service["carried_out"].items() if text}
    yield f"### {service['name']}: carried out\n"
    yield _names(name for name in service["carried_out"] if name not in special) + ".\n"
    yield table(("operation", "what is special"), ((f"`{name}`", text) for name, text in special.items()))
    if service["kept_by_moto"]:
        yield f"### {service['name']}: kept by moto\n"
        yield _names(service["kept_by_moto"]) + ".\n"
    if service["refused"]:
        yield f"### {service['name']}: refused\n"
        yield _names(service["refused"]) + ".\n"


def _names(operations: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in operations)
