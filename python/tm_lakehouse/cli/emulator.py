"""`tm-lakehouse up | status | logs | down`: the local AWS."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_localstack.launcher.local_aws import LocalAws

app = typer.Typer()
FOLLOW_SECONDS = 0.5


@app.command()
def up(
    iam: Annotated[
        bool | None,
        typer.Option(
            "--iam/--no-iam",
            help="Enforce IAM policies as AWS does, or ask none. Default: TM_LOCAL_IAM, else enforce.",
        ),
    ] = None,
) -> None:
    """Start the local AWS on 127.0.0.1 and wait until it answers real calls."""
    aws = local_aws(iam)
    typer.echo(f"starting LocalStack and Trino; logs in {aws.settings.logs}", err=True)
    began = time.monotonic()
    with _as_lakehouse_error():
        started = aws.start(lambda message: typer.echo(f"  {message}", err=True))
    record = target.record_path("local", target.EMULATOR_RECORD)
    target.write_record(record, aws.settings.client_environment())
    if started:
        target.record_path("local", target.LAKEHOUSE_RECORD).unlink(missing_ok=True)
        typer.echo(f"ready in {time.monotonic() - began:.0f} s, empty: a new local AWS keeps nothing of the last one")
    else:
        typer.echo("already running")
    if not aws.settings.enforces_iam:
        typer.echo("IAM policies are NOT enforced: what AWS would refuse is not refused here")
    typer.echo(f"AWS endpoint {aws.settings.gateway_url}; for other tools: set -a; . {record}; set +a")


@app.command()
def status() -> None:
    """Show what runs, where, and how much memory it takes; exit 1 when it doesn't all answer."""
    aws = local_aws()
    health = aws.health()
    if not health:
        raise LakehouseError("The local AWS is not running.", "Start it with `make up`.")
    for engine in health:
        state = "answers" if engine.problem is None else engine.problem
        typer.echo(f"{engine.name:<11} pid {engine.pid:<8} {engine.memory_bytes / 2**20:6.0f} MiB  {state}")
    typer.echo(f"endpoint    {aws.settings.gateway_url}")
    typer.echo(f"iam         {_iam_state(aws.settings.gateway_url)}")
    typer.echo(f"logs        {aws.settings.logs}")
    if not aws.is_up():
        raise LakehouseError("Part of the local AWS does not answer.", f"Read {aws.settings.logs}, then `make up`.")


@app.command()
def logs(
    engine: Annotated[str, typer.Argument(help="localstack or trino")] = "localstack",
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the last lines.")] = 40,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
) -> None:
    """Show an engine's log."""
    path = local_aws().settings.logs / f"{engine}.log"
    if not path.is_file():
        raise LakehouseError(
            f"There is no log of {engine!r} at {path}.", "Choose localstack or trino, after `make up`."
        )
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in deque(file, maxlen=lines):
            typer.echo(line, nl=False)
        while follow:
            if line := file.readline():
                typer.echo(line, nl=False)
            else:
                time.sleep(FOLLOW_SECONDS)


@app.command()
def down() -> None:
    """Stop the local AWS with everything it started, and drop its data."""
    aws = local_aws()
    with _as_lakehouse_error():
        ran = aws.stop()
    for record in (target.EMULATOR_RECORD, target.LAKEHOUSE_RECORD):
        target.record_path("local", record).unlink(missing_ok=True)
    typer.echo("stopped; its data is gone" if ran else "nothing was running")


def local_aws(enforces_iam: bool | None = None) -> LocalAws:
    """The local AWS that this process's environment names; `enforces_iam` wins over what that says of IAM."""
    from dataclasses import replace

    from tm_localstack.launcher.local_aws import LocalAws
    from tm_localstack.launcher.settings import LauncherSettings

    with _as_lakehouse_error():
        settings = LauncherSettings.from_environment()
    return LocalAws(settings if enforces_iam is None else replace(settings, enforces_iam=enforces_iam))


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


@contextmanager
def _as_lakehouse_error() -> Iterator[None]:
    from tm_localstack.launcher.settings import LauncherError

    try:
        yield
    except LauncherError as error:
        raise LakehouseError(error.reason, error.next_step) from None
