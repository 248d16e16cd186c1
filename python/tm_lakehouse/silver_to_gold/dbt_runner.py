"""dbt's commands: its own environment, its own work folder, its log followed live."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_process import DbtProcess, python_of, start_dbt
from tm_lakehouse.silver_to_gold.log_events import NodeDone, read_line

LOG_FLAGS = ("--log-format", "json", "--log-level", "info", "--log-level-file", "none", "--no-use-colors")
LOG_NAME = "dbt.log"
PARSED_NAME = "partial_parse.msgpack"

OnNode = Callable[[NodeDone], None]


def ignore_progress(node: NodeDone) -> None:
    """An `OnNode` for callers that show nothing."""


@dataclass(frozen=True)
class Selection:
    """What of the project a command builds: all, some models in dbt's syntax, or one of its named selectors.

    `built_before` are the models that earlier commands of the same run have built.
    """

    models: Sequence[str] = ()
    selector: str | None = None
    built_before: Sequence[str] = ()

    def arguments(self) -> tuple[str, ...]:
        """As dbt takes it."""
        if self.selector:
            return ("--selector", self.selector)
        return ("--select", *self.models) if self.models else ()


WHOLE = Selection()


@dataclass(frozen=True)
class DbtOutcome:
    """How one dbt command ended. `reason` is dbt's own, for a failure that is not of one node."""

    exit_code: int
    reason: str | None = None
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dbt:
    """A dbt executable and the project it runs; all that it writes goes to `work`.

    A command runs in `process`, or in one of its own.
    """

    executable: Path
    project: Path
    work: Path
    process: DbtProcess | None = None

    @contextmanager
    def started(self) -> Iterator[Self]:
        """The same dbt, whose commands share one process."""
        self._take_over_parsed()
        with start_dbt(self.executable) as process:
            yield replace(self, process=process)

    @property
    def target(self) -> Path:
        """Where dbt leaves its artifacts."""
        return self.work / "target"

    @property
    def log(self) -> Path:
        """Everything dbt said in this work folder."""
        return self.work / LOG_NAME

    def build(
        self, selection: Selection = WHOLE, *, full_refresh: bool = False, on_node: OnNode = ignore_progress
    ) -> DbtOutcome:
        """Build and test the selected models (all by default), each test before what depends on its model."""
        refresh = ("--full-refresh",) if full_refresh else ()
        told = {"TM_GOLD_BUILT": ",".join(selection.built_before)}
        return self._run("build", *selection.arguments(), *refresh, on_node=on_node, environment=told)

    def freshness(self) -> DbtOutcome:
        """Look how old the sources' newest loads are; leaves sources.json, and ends well where they are only late."""
        return self._run("source", "freshness")

    def docs(self) -> DbtOutcome:
        """Write catalog.json and a self-contained page, from the manifest that `build` left."""
        return self._run("docs", "generate", "--no-compile", "--static")

    def list_models(self, selection: Selection = WHOLE) -> DbtOutcome:
        """The models that a build of this selection would write, one name a line; nothing is run."""
        only_tables = ("--resource-type", "model", "--exclude", "config.materialized:ephemeral")
        return self._run("--quiet", "list", "--output", "name", *only_tables, *selection.arguments())

    def _run(
        self,
        *arguments: str,
        on_node: OnNode = ignore_progress,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> DbtOutcome:
        if self.process is None:
            with self.started() as dbt:
                return dbt._run(*arguments, on_node=on_node, environment=environment)
        self.work.mkdir(parents=True, exist_ok=True)
        reason = None
        lines = []
        with self.log.open("a", encoding="utf-8") as log:
            for raw in self.process.run([*LOG_FLAGS, *arguments, *self._folders()], environment):
                line = read_line(raw)
                lines.append(line.message)
                log.write(line.text + "\n")
                reason = line.fatal or reason
                if line.node:
                    on_node(line.node)
        return DbtOutcome(self.process.exit_code or 0, reason, lines)

    def _take_over_parsed(self) -> None:
        """Start with the project as an earlier run parsed it: dbt itself looks what has changed since."""
        parsed = sorted(self.work.parent.glob(f"*/{self.target.name}/{PARSED_NAME}"), key=_last_written)
        if parsed and not self.target.exists():
            self.target.mkdir(parents=True)
            with suppress(FileNotFoundError):  # Another run may have tidied up.
                shutil.copyfile(parsed[-1], self.target / PARSED_NAME)

    def _folders(self) -> tuple[str, ...]:
        folders = {
            "--project-dir": self.project,
            "--profiles-dir": self.project,
            "--target-path": self.target,
            "--log-path": self.work,
        }
        return tuple(str(part) for pair in folders.items() for part in pair)


def _last_written(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def find_dbt(root: Path, run_id: str) -> Dbt:
    """The checkout's dbt environment and project; `TM_DBT` names another executable.

    Raises:
        LakehouseError: there is no such executable, or not the Python of its environment beside it.
    """
    executable = Path(os.environ.get("TM_DBT") or root / ".runtime" / "dbt" / "bin" / "dbt")
    for needed in (executable, python_of(executable)):
        if not os.access(needed, os.X_OK):
            next_step = "Run `make setup`, or set TM_DBT to the dbt executable of a Python environment."
            raise LakehouseError(f"dbt is not at {executable}: {needed} cannot be run.", next_step)
    return Dbt(executable, root / "python" / "dbt", root / "build" / "dbt" / run_id)
