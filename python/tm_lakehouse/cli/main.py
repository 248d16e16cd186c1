"""`tm-lakehouse`: one entry, each command in its own module."""

import signal
import sys
import traceback
from importlib import import_module
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup
from typer.exceptions import TyperException

from tm_lakehouse.cli.common_options import Verbosity, with_common_options
from tm_lakehouse.cli.output import document
from tm_lakehouse.errors import LakehouseError

# Command -> module of this package. A module imports what is heavy inside its functions, so that `--help` stays quick.
COMMANDS = {
    "up": "emulator",
    "status": "status",
    "logs": "emulator",
    "down": "emulator",
    "package": "package",
    "bootstrap": "terraform",
    "plan": "terraform",
    "apply": "terraform",
    "destroy": "terraform",
    "generate": "generate",
    "land": "land",
    "ingest": "ingest",
    "run": "airflow",
    "airflow": "airflow",
    "silver": "silver",
    "backfill": "backfill",
    "quarantine": "quarantine",
    "topology": "topology",
    "gold": "gold",
    "publish": "publication",
    "publications": "publication",
    "rollback": "publication",
    "maintain": "maintain",
    "erase": "erase",
    "geometry": "geometry",
    "query": "query",
    "dashboard": "dashboard",
    "parity": "parity",
    "cost": "cost",
    "report": "run_report",
    "doctor": "doctor",
    "e2e": "e2e",
}
INTERRUPTED = 130
UNFORESEEN = 70
EXIT_CODES = (
    "Exit codes: 0 done; 1 failed, or does not hold; 2 wrong usage, and of `plan --detailed-exitcode` changes; "
    "70 a fault of this program; 130 interrupted."
)
console = Console(stderr=True, highlight=False)


class LazyGroup(TyperGroup):
    """Lists all commands, loads those that are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tm_lakehouse.cli.{COMMANDS[cmd_name]}")
        application = typer.main.get_command(module.app)
        command = getattr(application, "commands", {}).get(cmd_name, application)
        command.name = cmd_name
        return with_common_options(command)


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback(epilog=EXIT_CODES)
def root(
    target: Annotated[
        str, typer.Option("--env", envvar="TM_TARGET", help="Which deployment: local, dev or prod.")
    ] = "local",
) -> None:
    """Golf pace-of-play telemetry, from course files to trusted tables."""
    from tm_lakehouse.cli import target as targets

    if target not in targets.TARGETS:
        raise LakehouseError(f"There is no environment {target!r}.", f"Choose one of {', '.join(targets.TARGETS)}.")
    targets.select(target)


def main() -> None:
    """Run a command; a failure ends with its reason and the next step, never with a traceback."""
    # A pipeline stops a command with SIGTERM: it must clean up as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    document.forget()
    Verbosity.is_verbose = False
    try:
        exit_code = app(standalone_mode=False)
        # Typer turns Ctrl-C into this exit code.
        if exit_code == INTERRUPTED:
            raise KeyboardInterrupt
        document.print()
        sys.exit(exit_code)
    except TyperException as error:
        # What was wrong may stand before it, so that it was not read.
        document.is_wanted = document.is_wanted or "--json" in sys.argv
        _fail(error.format_message(), "See --help of the command.", error.exit_code)
    except LakehouseError as error:
        _fail(error.reason, error.next_step, error.exit_code)
    except EndpointConnectionError as error:
        _fail(f"AWS does not answer: {error}", "Start the local AWS with `make up`, or check the network.")
    except (ClientError, BotoCoreError) as error:
        _fail(f"AWS refused: {error}", "Check the names and the permissions that the message tells.")
    except (KeyboardInterrupt, typer.Abort):
        _fail("Interrupted.", "Run the command again; every write is repeatable.", exit_code=INTERRUPTED)
    except Exception as error:
        # A fault of this program's own: what to report, not how it came about.
        _fail(f"{type(error).__name__}: {error}", "Report it with what --verbose tells.", exit_code=UNFORESEEN)


def _fail(reason: str, next_step: str, exit_code: int = 1) -> None:
    if Verbosity.is_verbose:
        traceback.print_exc()
    document.add({"error": {"reason": reason, "next_step": next_step, "exit_code": exit_code}})
    document.print()
    console.print(f"[bold red]error:[/] {escape(reason)}", soft_wrap=True)
    console.print(f"[bold]next:[/]  {escape(next_step)}", soft_wrap=True)
    sys.exit(exit_code)
