"""Names of dbt's runs."""

import secrets
from datetime import UTC, datetime

BEGAN = "%Y%m%dT%H%M%SZ"


def new_run_id(now: datetime | None = None) -> str:
    """Sortable by time, unique without a register."""
    return f"{now or datetime.now(UTC):{BEGAN}}-{secrets.token_hex(4)}"


def began_at(run_id: str) -> datetime:
    """When a run began, to the second."""
    return datetime.strptime(run_id.partition("-")[0], BEGAN).replace(tzinfo=UTC)
