"""The whole flow, step by step: from an empty local AWS to checked Gold tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli import target
from tm_lakehouse.cli.progress import Stage
from tm_lakehouse.end_to_end import deliveries
from tm_lakehouse.end_to_end.commands import Commands
from tm_lakehouse.end_to_end.deliveries import CourseDelivery, Delivered
from tm_lakehouse.end_to_end.stages import Rows, Step
from tm_lakehouse.end_to_end.worked_example import WorkedExample
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.source_to_landing.landing import Landed, course_files, land_files
from tm_lakehouse.source_to_landing.landing import Target as LandingTarget
from tm_lakehouse.source_to_landing.object_store import S3ObjectStore
from tm_lakehouse.validation import artifacts
from tm_lakehouse.validation.checks import Check
from tm_lakehouse.validation.observed import ObservedLake
from tm_lakehouse.validation.reconciliation import Counted, Prefix, against_truth, reconcile
from tm_lakehouse.validation.table_checks import Databases, check_tables


@dataclass
class Story:
    """What the steps tell each other. `folder` takes the generated files, `variables` are Terraform's `--var`s.

    `orchestrator` is who brings landed files to Gold: "mwaa", or "none" for one command after the other.
    """

    commands: Commands
    folder: Path
    courses: tuple[CourseDelivery, ...] = deliveries.COURSES
    variables: tuple[str, ...] = ()
    orchestrator: str = "none"
    delivered: list[Delivered] = field(default_factory=list)
    landed: list[Landed] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def example(self) -> WorkedExample:
        return WorkedExample(target.project_root())

    def steps(self) -> list[Step]:
        """Every step: the lake is made from nothing, then the flow runs through it."""
        variables = ("--var", f"orchestrator={self.orchestrator}", *self.variables)
        return [
            Step("start the local AWS", self._command("up")),
            Step("terraform apply", self._command("apply", "--yes", *variables)),
            Step("a second plan is clean", self._command("plan", "--detailed-exitcode", *variables)),
            *self.flow(),
        ]

    def flow(self) -> list[Step]:
        """The steps on a lake that is there."""
        return [
            Step("generate course files", self._generate),
            Step("source to landing", self._land),
            *(self._by_command() if self.orchestrator == "none" else [Step("Airflow: landing to Gold", self._airflow)]),
            Step("validate through Athena", self._validate),
        ]

    def _by_command(self) -> list[Step]:
        return [
            Step("landing to Silver", self._silver),
            Step("topology refresh", self._command("topology", "refresh")),
            Step("Silver to Gold", self._gold),
        ]

    def _command(self, *arguments: str) -> Callable[[Stage], Rows]:
        def work(progress: Stage) -> Rows:
            self.commands.run(arguments, progress)
            return Rows()

        return work

    def _generate(self, _: Stage) -> Rows:
        generated = deliveries.generate(self.folder, self.courses)
        self.delivered = [*generated, *self.example.deliveries()]
        return Rows(written=sum(delivered.records for delivered in self.delivered))

    def _land(self, progress: Stage) -> Rows:
        import boto3

        target.activate()
        store = S3ObjectStore(boto3.client("s3"))
        for delivered in self.delivered:
            where = _landing_target(Settings.from_environment(), delivered)
            self.landed += land_files(store, course_files([delivered.folder]), where, progress=progress.update)
        if rejected := [landed for landed in self.landed if landed.status == "rejected"]:
            raise LakehouseError(f"{rejected[0].source} is rejected: {rejected[0].reason}.", "Correct the generator.")
        read = sum(delivered.records for delivered in self.delivered)
        return Rows(read, sum(landed.rows or 0 for landed in self.landed))

    def _silver(self, progress: Stage) -> Rows:
        prefixes = [f"course_id={course}/ingest_date={date}" for course, date in sorted(_landed_records(self.landed))]
        self.commands.run(["silver", *(part for prefix in prefixes for part in ("--prefix", prefix))], progress)
        summaries = self._lake().summaries().values()
        slots = sum(summary["slots_read"] for summary in summaries)
        return Rows(slots, sum(summary["rows_written"] for summary in summaries))

    def _gold(self, progress: Stage) -> Rows:
        self.commands.run(["gold"], progress)
        settings = Settings.from_environment()
        (silver,) = self._lake().numbers(f'SELECT count(*) FROM "{settings.db_silver}"."fact_telemetry_event"')
        (rounds,) = self._lake().numbers(f'SELECT count(*) FROM "{settings.db_gold}"."fact_rounds"')
        return Rows(silver, rounds)

    def _airflow(self, progress: Stage) -> Rows:
        """What is landed may be under way already: its events start the pipeline. The run asked for here ends after."""
        self.commands.run(["run"], progress)
        summaries = self._lake().summaries().values()
        (rounds,) = self._lake().numbers(f'SELECT count(*) FROM "{Settings.from_environment().db_gold}"."fact_rounds"')
        return Rows(sum(summary["slots_read"] for summary in summaries), rounds)

    def _validate(self, progress: Stage) -> Rows:
        settings, lake = Settings.from_environment(), self._lake()
        summaries = lake.summaries()
        progress.update("counts")
        self.checks += reconcile(_counted(self.landed, lake))
        truth = deliveries.planted_truth(self.folder, self.courses) | self.example.truth()
        self.checks.append(against_truth(truth, summaries))
        progress.update("tables")
        self.checks += check_tables(lake, Databases(settings.db_silver, settings.db_gold))
        table = f'"{settings.db_silver}"."fact_telemetry_event"'
        self.checks.append(self.example.check(lake, table))
        progress.update("summaries and artifacts")
        self.checks += artifacts.check(settings, summaries)
        return Rows(read=len(self.checks), written=sum(check.passed for check in self.checks))

    def _lake(self) -> ObservedLake:
        target.activate()
        settings = Settings.from_environment()
        return ObservedLake(Athena(settings.athena_workgroup), settings)


def _landing_target(settings: Settings, delivered: Delivered) -> LandingTarget:
    return LandingTarget(settings.bucket_landing, settings.bucket_observability, delivered.ingest_date)


def _landed_records(landed: Sequence[Landed]) -> dict[Prefix, int]:
    records: dict[Prefix, int] = {}
    for file in landed:
        prefix = (file.course_id, file.ingest_date)
        records[prefix] = records.get(prefix, 0) + (file.rows or 0)
    return records


def _counted(landed: Sequence[Landed], lake: ObservedLake) -> dict[Prefix, Counted]:
    summaries, silver, quarantine = lake.summaries(), lake.silver_rows(), lake.quarantined_slots()
    prefixes = _landed_records(landed).keys() | summaries.keys() | silver.keys()
    no_summary = dict.fromkeys(summaries[next(iter(summaries))], 0) if summaries else {}
    return {
        prefix: Counted(
            landed_records=_landed_records(landed).get(prefix, 0),
            summary=summaries.get(prefix, no_summary),
            silver_rows=silver.get(prefix, 0),
            quarantined_slots=quarantine.get(prefix, 0),
        )
        for prefix in sorted(prefixes)
    }
