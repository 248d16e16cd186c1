"""`tm-lakehouse status`: what runs, what the environment is, what happened last and what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.overview import Fact

app = typer.Typer(add_completion=False)


@app.command()
def status(
    quick: Annotated[bool, typer.Option("--quick", help="Don't look for what is landed and not in Silver.")] = False,
) -> None:
    """Show what runs and where, the environment, its last runs, and what is owed; exit 1 when the local AWS ails.

    Examples:

      tm-lakehouse status

      tm-lakehouse --env prod status --quick --json
    """
    problem = _tell_services() if target.selected() == "local" else None
    if problem is None and _is_applied():
        _tell_environment(looks_for_pending=not quick)
    if problem:
        raise problem


def _tell_services() -> LakehouseError | None:
    """The processes of the local AWS; what is wrong with them."""
    from tm_lakehouse.cli.emulator import as_lakehouse_error, local_aws

    aws = local_aws()
    with as_lakehouse_error():
        health = aws.health()
    if not health:
        raise LakehouseError("The local AWS is not running.", "Start it with `make up`.")
    for engine in health:
        state = "answers" if engine.problem is None else engine.problem
        tell(f"{engine.name:<11} pid {engine.pid:<8} {engine.memory_bytes / 2**20:6.0f} MiB  {state}")
    services = [
        {"name": each.name, "pid": each.pid, "bytes": each.memory_bytes, "problem": each.problem} for each in health
    ]
    gateway, iam = aws.settings.gateway_url, _iam_state(aws.settings.gateway_url)
    tell(f"endpoint    {gateway}\niam         {iam}\nlogs        {aws.settings.logs}")
    document.add({"services": services, "endpoint": gateway, "iam": iam, "logs": str(aws.settings.logs)})
    if aws.is_up():
        return None
    return LakehouseError("Part of the local AWS does not answer.", f"Read {aws.settings.logs}, then `make up`.")


def _is_applied() -> bool:
    """A local AWS without a lakehouse is no failure: it was just started."""
    if target.selected() != "local" or target.record_path("local", target.LAKEHOUSE_RECORD).is_file():
        return True
    tell("lakehouse   not applied: `make apply`", lakehouse=None)
    return False


def _tell_environment(*, looks_for_pending: bool) -> None:
    target.activate()
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.overview import facts
    from tm_lakehouse.settings import Settings

    told: dict[str, Any] = {}
    with stage(f"look at {target.selected()}") as progress:
        found: list[Fact] = []
        for fact in facts(Settings.from_environment(), looks_for_pending=looks_for_pending):
            progress.update(fact.name)
            found.append(fact)
    for fact in found:
        tell(f"{fact.name:<11} {fact.text}")
        told[fact.name] = fact.values or {"text": fact.text}
    document.add({"lakehouse": {"environment": target.selected(), **told}})


def _iam_state(gateway_url: str) -> str:
    """Whether the local AWS that runs enforces policies, and what it refused last."""
    import json
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(f"{gateway_url}/_tm/iam", timeout=5) as answer:
            told = json.load(answer)
    except (URLError, TimeoutError):
        return "does not answer"
    if not told["enforced"]:
        return "NOT enforced"
    if not told["refused"]:
        return "enforced; nothing was refused"
    last = told["refused"][-1]
    return f"enforced; refused last: {last['action']} on {last['resource']} to {last['principal']}"
