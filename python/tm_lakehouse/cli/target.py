"""Which deployment a command works on, and where its names and credentials come from."""

import os
from collections.abc import Iterator
from pathlib import Path

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.files import write_whole

# What `up` and `apply` record, so that later commands find the deployment: git-ignored, one folder per target.
RECORDS = Path(".tm")
EMULATOR_RECORD = "emulator.env"
LAKEHOUSE_RECORD = "lakehouse.env"
TARGETS = ("local", "dev", "prod")
ENDPOINT, SESSION = "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def project_root() -> Path:
    """The checkout this package is installed from (editable)."""
    return Path(__file__).resolve().parents[3]


def state_directory(target: str) -> Path:
    """The folder of one target's records and logs. `TM_LOCAL_STATE_DIR` moves the laptop's."""
    moved = os.environ.get("TM_LOCAL_STATE_DIR") if target == "local" else None
    return Path(moved) if moved else project_root() / RECORDS / target


def record_path(target: str, record: str) -> Path:
    return state_directory(target) / record


def select(target: str) -> None:
    """Remember the choice of `--env` for the rest of this process."""
    os.environ["TM_TARGET"] = target


def selected() -> str:
    """The chosen target."""
    return os.environ.get("TM_TARGET", "local")


def activate(*, needs_lakehouse: bool = True) -> None:
    """Fill `os.environ` with the selected target's records: boto3, Terraform and dbt all see the same deployment.

    For `local` the emulator's endpoint and test keys replace whatever AWS profile is active: a laptop run never
    reaches a real account. Only a role's session stays that came with the emulator's own endpoint. `TM_*` variables
    that are already set win over the record.

    Raises:
        LakehouseError: the local AWS isn't running, or the target isn't applied.
    """
    target = selected()
    if target == "local":
        _use_emulator()
    if needs_lakehouse:
        _use_lakehouse(target)


def _use_emulator() -> None:
    path = record_path("local", EMULATOR_RECORD)
    if not path.is_file():
        raise LakehouseError("The local AWS is not running.", "Start it with `make up`.")
    record = read_record(path)
    os.environ.pop("AWS_PROFILE", None)
    if os.environ.get(ENDPOINT) == record.get(ENDPOINT) and os.environ.get(SESSION):
        record = {name: value for name, value in record.items() if name not in KEYS}
    else:
        os.environ.pop(SESSION, None)
    os.environ.update(record)


def _use_lakehouse(target: str) -> None:
    path = record_path(target, LAKEHOUSE_RECORD)
    if not path.is_file():
        if os.environ.get("TM_BUCKET_LANDING"):
            return
        raise LakehouseError(f"Terraform has not been applied to {target}.", f"Run `make apply ENV={target}`.")
    for name, value in read_record(path).items():
        os.environ.setdefault(name, value)


def read_record(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a record."""
    return dict(_pairs(path.read_text(encoding="utf-8")))


def write_record(path: Path, values: dict[str, str]) -> None:
    """Replace a record whole."""
    write_whole(path, "".join(f"{name}={value}\n" for name, value in sorted(values.items())))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator:
            yield name.strip(), value.strip()
