"""How old the newest load of each source is, as `dbt source freshness` found it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tm_lakehouse.silver_to_gold.dbt_schemas import read_sources

SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
NEXT_STEP = "`tm-lakehouse silver --pending` loads what is landed; where that is nothing, ask why no files came."


@dataclass(frozen=True)
class SourceFreshness:
    """One source that declares how old it may be: when it was last loaded, None for never.

    `status` is dbt's: pass, warn, error, or runtime error with its `message`.
    """

    source: str
    status: str
    newest_load: str | None = None
    age_seconds: float | None = None
    warn_after_seconds: int | None = None
    message: str | None = None

    @property
    def is_late(self) -> bool:
        """Whether its newest load is older than declared, or there is none."""
        return self.status in ("warn", "error")

    def __str__(self) -> str:
        if self.message:
            return f"age of {self.source} is unknown: {self.message}"
        if not self.is_late:
            return f"fresh: {self.source} was {self._loaded}"
        allowed = f", over {_duration(self.warn_after_seconds)}" if self.warn_after_seconds else ""
        return f"late: {self.source} was {self._loaded}{allowed}. {NEXT_STEP}"

    @property
    def _loaded(self) -> str:
        if self.newest_load is None or self.age_seconds is None:
            return "never loaded"
        moment = datetime.fromisoformat(self.newest_load)
        return f"last loaded {_duration(self.age_seconds)} ago ({moment:%Y-%m-%d %H:%M} UTC)"


def read_freshness(sources: Mapping[str, Any]) -> tuple[SourceFreshness, ...]:
    """What dbt's sources.json says of each source, by name."""
    found = [_source(result.model_dump(mode="json")) for result in read_sources(sources).results]
    return tuple(sorted(found, key=lambda each: each.source))


def _source(result: Mapping[str, Any]) -> SourceFreshness:
    source = ".".join(result["unique_id"].split(".")[-2:])
    if "max_loaded_at" not in result:
        return SourceFreshness(source, result["status"], message=" ".join(str(result.get("error")).split()))
    loaded = datetime.fromisoformat(result["max_loaded_at"]).astimezone(UTC)
    # dbt's word for a table without any load is the first day of the calendar.
    was_loaded = loaded.year > 1
    return SourceFreshness(
        source,
        result["status"],
        newest_load=loaded.isoformat() if was_loaded else None,
        age_seconds=round(result["max_loaded_at_time_ago_in_s"], 3) if was_loaded else None,
        warn_after_seconds=_seconds(result["criteria"].get("warn_after") or {}),
    )


def _seconds(threshold: Mapping[str, Any]) -> int | None:
    if not threshold.get("count"):
        return None
    return int(threshold["count"]) * SECONDS[threshold["period"]]


def _duration(seconds: float) -> str:
    """The two largest units of days, hours and minutes."""
    minutes = timedelta(seconds=seconds) // timedelta(minutes=1)
    parts = {"day": minutes // 1_440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    told = [f"{number} {unit}{'' if number == 1 else 's'}" for unit, number in parts.items() if number]
    return " ".join(told[:2]) or "less than a minute"
