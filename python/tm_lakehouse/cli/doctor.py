"""`tm-lakehouse doctor`: whether a deployment is what the pipeline needs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.doctor.deployment import Deployment
    from tm_lakehouse.doctor.examination import Finding
    from tm_lakehouse.doctor.verdict import Line

app = typer.Typer(add_completion=False)
EPILOG = """Examples: `tm-lakehouse doctor`, `tm-lakehouse --env prod doctor --json`,
`tm-lakehouse doctor iam upkeep.logs`. Sections: buckets, catalog, jobs, athena, airflow, dbt, iam, upkeep."""
MARKS = {"pass": "[green]pass[/]", "warn": "[yellow]warn[/]", "fail": "[bold red]fail[/]"}


@app.command(epilog=EPILOG)
def doctor(
    only: Annotated[list[str] | None, typer.Argument(help="Sections, or lines by name; all by default.")] = None,
    drift: Annotated[
        bool, typer.Option("--drift/--no-drift", help="Whether Terraform plans, which takes the longest.")
    ] = True,
) -> None:
    """Walk the cut-over checklist: each line passes, warns or fails, with evidence and remedy. Changes nothing.

    Exit code 1 where a line fails; warnings leave it at 0.
    """
    target.activate()
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.doctor.examination import LINES, chosen, examine

    deployment = _deployment()
    lines = chosen([*LINES, *_drift_line(deployment, drift)], only or ())
    with stage("doctor") as progress:
        findings = examine(deployment, lines, progress.update)
    document.add({"findings": [asdict(each) for each in findings]})
    if not document.is_wanted:
        _print(findings)
    counts = Counter(each.status for each in findings)
    typer.echo(f"{counts['pass']} pass, {counts['warn']} warn, {counts['fail']} fail", err=True)
    if counts["fail"]:
        first = next(each for each in findings if each.status == "fail")
        raise LakehouseError(f"{counts['fail']} of {len(findings)} lines fail, first {first.name}.", first.remedy)


def _deployment() -> Deployment:
    from tm_lakehouse.doctor.deployment import Deployment
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.terraform.values import EnvironmentValues

    name, project = target.selected(), target.project_root()
    values = EnvironmentValues(project / "terraform" / "environments" / name)
    variables = {key: value for key, value in os.environ.items() if key.startswith("TM_") or key == "AWS_REGION"}
    return Deployment(name, project, values, Settings.from_environment(), variables)


def _drift_line(deployment: Deployment, is_wanted: bool) -> list[Line]:
    from tm_lakehouse.doctor.upkeep import drift_line
    from tm_lakehouse.terraform.runner import Lakehouse

    if not is_wanted:
        return []
    return [drift_line(Lakehouse(deployment.project, deployment.name, target.state_directory(deployment.name)))]


def _print(findings: Sequence[Finding]) -> None:
    import sys

    from rich.console import Console
    from rich.markup import escape

    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    section = ""
    for each in findings:
        if (this := each.name.partition(".")[0]) != section:
            section = this
            console.print(f"\n[bold]{section}[/]")
        console.print(f"  {MARKS[each.status]}  {each.name}: {escape(each.claim)} [dim]({escape(each.evidence)})[/]")
        if each.remedy:
            console.print(f"        next: {escape(each.remedy)}")
