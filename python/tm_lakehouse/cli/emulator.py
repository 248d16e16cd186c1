"""`tm-lakehouse up | logs | down`: the local AWS."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_localstack.launcher.local_aws import LocalAws

app = typer.Typer(add_completion=False)
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
    with as_lakehouse_error():
        started = aws.start(lambda message: typer.echo(f"  {message}", err=True))
    record = target.record_path("local", target.EMULATOR_RECORD)
    target.write_record(record, aws.settings.client_environment())
    if started:
        target.record_path("local", target.LAKEHOUSE_RECORD).unlink(missing_ok=True)
        tell(f"ready in {time.monotonic() - began:.0f} s, empty: a new local AWS keeps nothing of the last one")
    else:
        tell("already running")
    if not aws.settings.enforces_iam:
        tell("IAM policies are NOT enforced: what AWS would refuse is not refused here")
    tell(
        f"AWS endpoint {aws.settings.gateway_url}; for other tools: set -a; . {record}; set +a",
        endpoint=aws.settings.gateway_url,
        variables=str(record),
        is_new=started,
        enforces_iam=aws.settings.enforces_iam,
    )


@app.command()
def logs(
    engine: Annotated[str, typer.Argument(help="localstack or trino")] = "localstack",
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the last lines.")] = 40,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
) -> None:
    """Show an engine's log."""
    if follow and document.is_wanted:
        raise LakehouseError("--follow has no end, which --json waits for.", "Give one of them.")
    path = local_aws().settings.logs / f"{engine}.log"
    if not path.is_file():
        raise LakehouseError(
            f"There is no log of {engine!r} at {path}.", "Choose localstack or trino, after `make up`."
        )
    with path.open(encoding="utf-8", errors="replace") as file:
        last = list(deque(file, maxlen=lines))
        tell("".join(last).removesuffix("\n"), lines=[line.rstrip("\n") for line in last])
        while follow:
            if line := file.readline():
                typer.echo(line, nl=False)
            else:
                time.sleep(FOLLOW_SECONDS)


@app.command()
def down() -> None:
    """Stop the local AWS with everything it started, and drop its data."""
    aws = local_aws()
    with as_lakehouse_error():
        ran = aws.stop()
    for record in (target.EMULATOR_RECORD, target.LAKEHOUSE_RECORD):
        target.record_path("local", record).unlink(missing_ok=True)
    tell("stopped; its data is gone" if ran else "nothing was running", was_running=ran)


def local_aws(enforces_iam: bool | None = None) -> LocalAws:
    """The local AWS that this process's environment names; `enforces_iam` wins over what that says of IAM."""
    from dataclasses import replace

    from tm_localstack.launcher.local_aws import LocalAws
    from tm_localstack.launcher.settings import LauncherSettings

    with as_lakehouse_error():
        settings = LauncherSettings.from_environment()
    return LocalAws(settings if enforces_iam is None else replace(settings, enforces_iam=enforces_iam))


@contextmanager
def as_lakehouse_error() -> Iterator[None]:
    """What ails the local AWS is told as any other error."""
    from tm_localstack.launcher.settings import LauncherError

    try:
        yield
    except LauncherError as error:
        raise LakehouseError(error.reason, error.next_step) from None
