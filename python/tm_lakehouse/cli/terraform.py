"""`tm-lakehouse bootstrap | plan | apply | destroy`: the lakehouse of one environment, by Terraform."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.cli.package import build_package
from tm_lakehouse.cli.progress import Stage, stage
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.terraform.runner import Lakehouse

app = typer.Typer(add_completion=False)
CHANGES_EXIT_CODE = 2
_READING = re.compile(r": (Refreshing state|Reading|Still reading|Read complete)")
_PLANNED = re.compile(r"^Plan: (?:\d+ to \w+(?:, |\.))+")
_COUNT = re.compile(r"(\d+) to \w+")
_COMPLETE = re.compile(r"^(?:Apply|Destroy) complete! Resources: (.+)$")
_DONE = re.compile(r"^(\S+): (Creation|Modifications|Destruction|Import) complete")

Variables = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="NAME=VALUE", help="Another value for one of the root module's variables."),
]
Yes = Annotated[bool, typer.Option("--yes", "--auto-approve", "-y", help="Don't ask.")]


@app.command()
def plan(
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help=f"Exit {CHANGES_EXIT_CODE} when there is something to change.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", file_okay=False, help="Keep the plan there: to read, compare and apply."),
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", exists=True, file_okay=False, help="Fail where the plan is not the one kept there."
        ),
    ] = None,
    var: Variables = None,
) -> None:
    """Show what apply would change."""
    if reviewed and not out:
        raise typer.BadParameter("is for a plan that is kept: add --out FOLDER", param_hint="--reviewed")
    progress = _Progress()
    lakehouse = _lakehouse(var, progress)
    _connect(lakehouse, makes_state_bucket=True)
    with progress.shown_whole():
        changes = lakehouse.plan()
    document.add({"has_changes": changes})
    if out:
        _keep(lakehouse, out, reviewed)
    if changes and detailed_exitcode:
        raise typer.Exit(CHANGES_EXIT_CODE)


@app.command()
def apply(
    yes: Yes = False,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", exists=True, file_okay=False, help="Apply the plan that `plan --out` kept."),
    ] = None,
    var: Variables = None,
) -> None:
    """Create or change the lakehouse, and record how later commands find it."""
    progress = _Progress()
    asks = _asks(yes)
    lakehouse = _lakehouse(var, progress)
    _connect(lakehouse, makes_state_bucket=True)
    changes = _plan_and_apply(lakehouse, progress, asks, plan)
    environment = lakehouse.output("environment")
    target.write_record(target.record_path(lakehouse.name, target.LAKEHOUSE_RECORD), environment)
    _keep_pools(environment)
    text = progress.summary if changes else "no changes: the lakehouse is as the configuration says"
    tell(text, has_changed=changes, summary=text, environment=environment)


@app.command()
def bootstrap(yes: Yes = False, var: Variables = None) -> None:
    """Prepare an account, once: the bucket and key of Terraform's state, and the roles under which workflows deploy.

    Run it as an administrator of the account; a second run changes nothing.
    """
    from tm_lakehouse.terraform.runner import Bootstrap

    progress = _Progress()
    asks = _asks(yes)
    prepared = _selected(Bootstrap, var, progress)
    _connect(prepared, makes_state_bucket=True, needs_package=False)
    changes = _plan_and_apply(prepared, progress, asks)
    tell(progress.summary if changes else "no changes: the account is prepared", has_changed=changes)
    for name in ("plan_role_arn", "apply_role_arn", "permissions_boundary_arn"):
        value = prepared.output(name)
        tell(f"{name} = {value}", **{name: value})


@app.command()
def destroy(yes: Yes = False, var: Variables = None) -> None:
    """Remove the lakehouse; where data may go (force_destroy), with all of it and the state."""
    from tm_lakehouse.terraform import state_bucket

    progress = _Progress()
    asks = _asks(yes)
    lakehouse = _lakehouse(var, progress)
    if _connect(lakehouse, makes_state_bucket=False):
        with progress.shown_whole() if asks else progress.counted("plan"):
            changes = lakehouse.plan(destroy=True)
        if asks and not typer.confirm(f"Remove all this from {lakehouse.name}?", err=True):
            raise LakehouseError("Nothing was removed.", "Run it again and say yes, or add --yes.")
        if changes:
            with progress.counted("destroy"):
                lakehouse.apply()
        if lakehouse.values.is_disposable:
            state_bucket.remove(lakehouse.values.state_bucket)
    target.record_path(lakehouse.name, target.LAKEHOUSE_RECORD).unlink(missing_ok=True)
    tell(progress.summary or "nothing to remove", summary=progress.summary)


class _Progress:
    """Tells what Terraform is at, line by line; the log holds all of it."""

    def __init__(self) -> None:
        self.summary = ""
        self._tell: Callable[[str], None] = _ignore
        self._planned = self._done = 0

    def __call__(self, line: str) -> None:
        if complete := _COMPLETE.match(line):
            self.summary = complete[1]
        if planned := _PLANNED.match(line):
            self._planned = sum(int(count) for count in _COUNT.findall(planned[0]))
        self._tell(line)

    @contextmanager
    def shown_whole(self) -> Iterator[None]:
        """Echo what changes, for someone who decides on it."""
        self._tell = _echo_without_reading
        yield
        self._tell = _ignore

    @contextmanager
    def counted(self, title: str) -> Iterator[None]:
        """Show how many of the planned changes are done."""
        with stage(f"terraform {title}") as current:
            self._tell = lambda line: self._count(line, current)
            yield
        self._tell = _ignore

    def _count(self, line: str, current: Stage) -> None:
        if done := _DONE.match(line):
            self._done += 1
            of_all = f" of {self._planned}" if self._planned else ""
            current.update(f"{self._done}{of_all}: {done[1]}")


def _lakehouse(var: list[str] | None, on_line: Callable[[str], None]) -> Lakehouse:
    from tm_lakehouse.terraform.runner import Lakehouse

    return _selected(Lakehouse, var, on_line)


def _selected(kind: type[Lakehouse], var: list[str] | None, on_line: Callable[[str], None]) -> Lakehouse:
    target.activate(needs_lakehouse=False)
    name = target.selected()
    return kind(target.project_root(), name, target.state_directory(name), _variables(var or []), on_line)


def _keep(lakehouse: Lakehouse, folder: Path, reviewed: Path | None) -> None:
    """Keep the last plan; where another was reviewed, both must change the same."""
    from tm_lakehouse.terraform.kept_plan import KeptPlan, counted, differences

    kept = KeptPlan(folder.resolve())
    lakehouse.keep_plan(kept)
    tell(f"kept in {folder}: {counted(kept.changes())}", kept_in=str(folder), counted=counted(kept.changes()))
    if reviewed is None:
        return
    if found := differences(KeptPlan(reviewed).changes(), kept.changes()):
        for line in found:
            typer.echo(line, err=True)
        raise LakehouseError(
            f"This plan is not the one in {reviewed}: {len(found)} differences.",
            "Something changed since the review: have this plan reviewed, then apply it.",
        )
    tell(f"the plan is the one in {reviewed}", is_as_reviewed=True)


def _plan_and_apply(lakehouse: Lakehouse, progress: _Progress, asks: bool, kept: Path | None = None) -> bool:
    """Apply what there is to change, asking first where it is to be asked; False: there was nothing."""
    with progress.shown_whole() if asks else progress.counted("plan"):
        changes = _taken(lakehouse, kept, asks) if kept else lakehouse.plan()
    if changes:
        if asks and not typer.confirm(f"Apply this to {lakehouse.name}?", err=True):
            raise LakehouseError("Nothing was applied.", "Run it again and say yes, or add --yes.")
        with progress.counted("apply"):
            lakehouse.apply()
    return changes


def _taken(lakehouse: Lakehouse, folder: Path, asks: bool) -> bool:
    from tm_lakehouse.terraform.kept_plan import KeptPlan

    kept = KeptPlan(folder.resolve())
    changes = lakehouse.take_plan(kept)
    if asks:
        tell(kept.text.read_text(encoding="utf-8"))
    return changes


def _connect(lakehouse: Lakehouse, *, makes_state_bucket: bool, needs_package: bool = True) -> bool:
    """Check whose account it is, build what is deployed and open the state; False: there is no state."""
    from tm_lakehouse.terraform import account, state_bucket

    account.check(lakehouse.name, lakehouse.values.allowed_account_ids)
    bucket = lakehouse.values.state_bucket
    if not state_bucket.exists(bucket):
        if not makes_state_bucket:
            return False
        state_bucket.create(bucket)
        typer.echo(f"made {bucket} for Terraform's state", err=True)
    if needs_package:
        build_package(lakehouse.variables)
    with stage("terraform init"):
        lakehouse.init()
    return True


def _keep_pools(environment: Mapping[str, str]) -> None:
    """What Terraform has no resource for: pools live in Airflow's own database."""
    from tm_lakehouse.orchestration.pools import keep_pools
    from tm_lakehouse.settings import Settings

    if not environment.get("TM_AIRFLOW_ENVIRONMENT"):
        return
    with stage("Airflow's pools") as current:
        for pool in keep_pools(Settings.from_environment(environment)):
            current.update(f"{pool.name}: {pool.slots}")


def _asks(yes: bool) -> bool:
    """A laptop's lakehouse is made and dropped freely; any other asks a person, or is told --yes."""
    if yes or target.selected() == "local":
        return False
    if not sys.stdin.isatty():
        raise LakehouseError(f"Changing {target.selected()} needs a yes.", "Add --yes, or run it in a terminal.")
    return True


def _variables(assignments: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        if not separator or not name:
            raise LakehouseError(f"--var {assignment} is not NAME=VALUE.", "For example: --var packaging=script.")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values


def _echo_without_reading(line: str) -> None:
    if not _READING.search(line):
        tell(line)


def _ignore(_: str) -> None:
    return
