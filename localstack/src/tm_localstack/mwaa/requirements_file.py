"""A requirements file under MWAA's rules. Pure."""

import re
from dataclasses import dataclass

MWAA_HOME = "/usr/local/airflow"
_CONSTRAINT = re.compile(r"^\s*(?:-c|--constraint)[\s=]+[\"']?([^\s\"']+)")
_AIRFLOWS_CONSTRAINTS = re.compile(r"^https://raw\.githubusercontent\.com/apache/airflow/constraints-([^/]+)/")
_PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==[^\s;\\]+")


class RequirementsError(Exception):
    """The requirements can't be installed; the text says why."""


@dataclass(frozen=True)
class Requirements:
    """Lines to install, and whether the image's own versions bind them."""

    lines: tuple[str, ...]
    is_bound_to_image: bool

    @property
    def are_empty(self) -> bool:
        return not any(_is_requirement(line) for line in self.lines)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def parse(text: str, *, home: str, airflow_version: str) -> Requirements:
    """Read a requirements file as MWAA does.

    Without a constraint MWAA binds the requirements to the versions of its image. Airflow's published constraints are
    those versions, so here the lock of the local Airflow stands for them. A path below MWAA's home is one below `home`.

    Raises:
        RequirementsError: the constraints are those of another Airflow.
    """
    kept: list[str] = []
    named = []
    for line in text.splitlines():
        constraint = _CONSTRAINT.match(line)
        published = constraint and _AIRFLOWS_CONSTRAINTS.match(constraint[1])
        if constraint:
            named.append(bool(published))
        if published and published[1] != airflow_version:
            raise RequirementsError(f"The constraints are of Airflow {published[1]}, the image has {airflow_version}.")
        if not published:
            kept.append(line.replace(MWAA_HOME, home))
    return Requirements(tuple(kept), is_bound_to_image=all(named))


def pins(lock: str) -> str:
    """The versions of a lock as constraints: without hashes, which would ask one of every requirement."""
    return "".join(f"{found[0]}\n" for line in lock.splitlines() if (found := _PIN.match(line)))


def pin_of(lock: str, package: str) -> str:
    """The one version of a package in a lock, as a constraint."""
    return next(line for line in pins(lock).splitlines() if line.partition("==")[0] == package) + "\n"


def _is_requirement(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith(("#", "-"))
