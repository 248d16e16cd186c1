"""A lakehouse that Airflow conducts, deployed by Terraform on an AWS of its own."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import boto3
import psutil
import pytest
from processes import command_of, environment_of

from tm_lakehouse.airflow_run import AirflowEnvironment
from tm_lakehouse.athena import Athena
from tm_lakehouse.cli import target
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.end_to_end.commands import Commands
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.orchestration.silver import pending_prefixes
from tm_lakehouse.settings import Settings

RUN_SECONDS = 900
VARIABLES = ("--var", "orchestrator=mwaa", "--var", "packaging=script")
ENDED = ("success", "failed")


@dataclass(frozen=True)
class Lake:
    """A deployed lakehouse, and what its users and its Airflow can be asked."""

    commands: Commands
    files: Path
    settings: Settings
    wait_until: Callable[..., object]

    def run(self, *arguments: str) -> None:
        """One command of the project's."""
        with stage("command") as progress:
            self.commands.run(arguments, progress)

    def generate(self, course: str, rounds: int, seed: int) -> Path:
        """A folder with one course's files."""
        folder = self.files / f"{course}-{seed}"
        order = CourseOrder(find_profile(course), rounds)
        generate_folder(folder, [order], Options(seed=seed, file_format="csv"), is_forced=True)
        return folder

    def land(self, folder: Path, day: date) -> None:
        """Land a folder's files."""
        self.run("land", str(folder), "--ingest-date", day.isoformat())

    @property
    def airflow(self) -> AirflowEnvironment:
        return AirflowEnvironment(self.settings.airflow_environment)

    def api(self, method: str, path: str, body: dict[str, object] | None = None, **parameters: object) -> dict:
        """The answer of Airflow's REST API."""
        given: dict[str, object] = {"Body": body} if body is not None else {}
        given |= {"QueryParameters": parameters} if parameters else {}
        name = self.settings.airflow_environment
        return boto3.client("mwaa").invoke_rest_api(Name=name, Method=method, Path=path, **given)["RestApiResponse"]

    def runs(self, dag: str) -> list[dict]:
        """All runs of a DAG, the newest first."""
        return self.api("GET", f"/dags/{dag}/dagRuns", order_by="-run_after", limit=100)["dag_runs"]

    def settle(self) -> None:
        """Wait until nothing that landed files started is under way."""
        self.wait_until(self._is_at_rest, RUN_SECONDS, "the end of what is under way")

    def _is_at_rest(self) -> bool:
        dags = ("course_pipeline", "reconcile")
        return all(run["state"] in ENDED for dag in dags for run in self.runs(dag))

    def conduct(self, dag: str, run_id: str, conf: dict[str, object]) -> tuple[str, dict[str, str]]:
        """Start a run of a DAG and wait for its end: its state, and that of its tasks."""
        self.api("POST", f"/dags/{dag}/dagRuns", {"dag_run_id": run_id, "logical_date": None, "conf": conf})
        path = f"/dags/{dag}/dagRuns/{run_id}"

        def ended() -> str | None:
            state = self.api("GET", path)["state"]
            return state if state in ENDED else None

        state = str(self.wait_until(ended, RUN_SECONDS, f"the end of {dag} {run_id}"))
        tasks = self.api("GET", f"{path}/taskInstances")["task_instances"]
        return state, {each["task_id"]: each["state"] for each in tasks}

    def result(self, dag: str, run_id: str, task: str) -> object:
        """What a task of a run gave."""
        path = f"/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}/xcomEntries/return_value"
        value = self.api("GET", path)["value"]
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value

    def task(self, run_id: str, task: str) -> dict | None:
        """One task of a run of the pipeline; None where it is not planned yet."""
        found = self.api("GET", f"/dags/course_pipeline/dagRuns/{run_id}/taskInstances")["task_instances"]
        return next((each for each in found if each["task_id"] == task), None)

    def kill_component(self, component: str) -> None:
        """End one of Airflow's processes with all it started; the environment starts it again."""
        found = [each for each in psutil.process_iter() if self._is_component(each, component)]
        assert found, f"no {component} is running"
        for process in found:
            process.kill()

    def _is_component(self, process: psutil.Process, component: str) -> bool:
        home = environment_of(process).get("AIRFLOW_HOME", "")
        return component in command_of(process) and Path(os.environ["TM_LOCAL_STATE_DIR"]) in Path(home).parents

    def owed(self) -> list[str]:
        """Deliveries that Silver does not hold as they are landed."""
        return pending_prefixes(S3ObjectStore(), self.settings, ())

    def silver(self, query: str) -> list[str | None]:
        """The first row of a query's result."""
        return Athena(self.settings.athena_workgroup, self.settings.db_silver).query(query).rows[0]

    def silver_rounds(self, like: str) -> int:
        """How many rounds Silver holds whose id is like this."""
        query = f"SELECT count(DISTINCT round_id) FROM fact_telemetry_event WHERE round_id LIKE '{like}'"
        return int(str(self.silver(query)[0]))

    def glue_runs(self) -> list[dict]:
        """The runs of the Silver job."""
        return boto3.client("glue").get_job_runs(JobName=self.settings.glue_job_silver)["JobRuns"]

    def rounds(self, course: str, like: str = "%") -> int:
        """How many of a course's rounds, of those whose id is like this, readers see."""
        athena = Athena(self.settings.athena_workgroup, self.settings.db_gold)
        if "fact_rounds" not in {str(row[0]) for row in athena.query("SHOW TABLES").rows}:
            return 0
        these = f"course_id = '{course}' AND round_id LIKE '{like}'"
        return int(str(athena.query(f"SELECT count(*) FROM fact_rounds WHERE {these}").rows[0][0]))


@pytest.fixture(scope="package")
def lake(local_aws, tmp_path_factory, wait_until) -> Iterator[Lake]:
    """The lakehouse, with no file landed."""
    with local_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TM_TARGET", "local")
        folder = tmp_path_factory.mktemp("conducted")
        commands = Commands(folder / "commands.log")
        for arguments in (["up"], ["apply", "--yes", *VARIABLES], ["plan", "--detailed-exitcode", *VARIABLES]):
            with stage(arguments[0]) as progress:
                commands.run(arguments, progress)
        for name, value in target.read_record(target.record_path("local", target.LAKEHOUSE_RECORD)).items():
            patch.setenv(name, value)
        yield Lake(commands, folder, Settings.from_environment(), wait_until)
