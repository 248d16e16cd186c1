"""What is known of a run, as it was read. A report is made of nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tm_lakehouse.cost.prices import billed_dpu_hours
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.landing_to_silver.run_records import Failure
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary


@dataclass(frozen=True)
class GlueRun:
    """One run of the Silver job, as Glue tells it. `prefixes` are the deliveries that it was asked for."""

    run_id: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    seconds: float
    dpu: float
    prefixes: tuple[Prefix, ...]
    message: str | None = None
    glue_version: str | None = None

    @property
    def dpu_hours(self) -> float:
        """What Glue bills."""
        return billed_dpu_hours(self.seconds, self.dpu)


@dataclass(frozen=True)
class SilverRun:
    """A run of the Silver job and what it told of its deliveries: those it committed, and those it left out."""

    glue: GlueRun
    summaries: tuple[RunSummary, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class LandedFiles:
    """What is landed of a delivery now. `records` were counted when it was landed; None where that isn't to be read."""

    files: int
    bytes: int
    fingerprint: str
    records: int | None = None


@dataclass(frozen=True)
class SilverCounts:
    """What Silver held of a delivery when its run had committed. Real rows are those that Gold counts: of a place."""

    rows: int
    real_rows: int
    rounds: int
    real_rounds: int


@dataclass(frozen=True)
class GoldCounts:
    """What Gold held of a delivery when its build had been tested."""

    rounds: int
    fixes: int


@dataclass(frozen=True)
class Quarantined:
    """What the runs' lines of the quarantine add up to, and some of them: by run, delivery and reason.

    `is_whole` is False where there was too much to read all of it.
    """

    lines: Mapping[tuple[str, Prefix, str], int] = field(default_factory=dict)
    slots: Mapping[tuple[str, Prefix], int] = field(default_factory=dict)
    examples: tuple[QuarantinedRecord, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True)
class Score:
    """A course's data quality, 0 to 100, by the tiers of Gold's data_quality_overview."""

    course_id: str
    pace: float | None
    location: float | None
    device: float | None
    config: float | None
    total: float | None


@dataclass(frozen=True)
class Fix:
    """One fix of Silver, in degrees."""

    longitude: float
    latitude: float
    nine_number: int | None
    hole_number: int | None


@dataclass(frozen=True)
class CourseMap:
    """Some of the fixes that a delivery brought: of whole rounds, chosen by the hash of their ids."""

    course_id: str
    fixes: tuple[Fix, ...]


@dataclass(frozen=True)
class Publication:
    """What a build of Gold made readers see."""

    publication_id: str
    status: str
    started_at: str
    finished_at: str | None
    tables: int
    rows: int


@dataclass(frozen=True)
class Unread:
    """Something that could not be read, and why."""

    what: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """One run: the Silver job's part, Gold's, or both. What is None was not there, or could not be read: see `unread`.

    `silver_counts` are of the run's own snapshots, `seen_by_gold` of the newest of them.
    """

    run_id: str
    environment: str
    made_at: datetime
    silver: tuple[SilverRun, ...] = ()
    landed: Mapping[Prefix, LandedFiles] | None = None
    quarantined: Quarantined | None = None
    silver_counts: Mapping[tuple[str, Prefix], SilverCounts] | None = None
    seen_by_gold: Mapping[Prefix, SilverCounts] | None = None
    gold: GoldSummary | None = None
    gold_counts: Mapping[Prefix, GoldCounts] | None = None
    publication: Publication | None = None
    scores: tuple[Score, ...] | None = None
    earlier_scores: tuple[Score, ...] | None = None
    earlier_run_id: str | None = None
    course_map: CourseMap | None = None
    bytes_billed_for_report: int = 0
    dollars_per_dpu_hour: float = 0.0
    dollars_per_tib: float = 0.0
    links: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
