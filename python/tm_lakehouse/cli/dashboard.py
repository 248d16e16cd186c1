"""`tm-lakehouse dashboard`: the lake in a browser."""

import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

app = typer.Typer()
EPILOG = """Examples: `tm-lakehouse dashboard`, `tm-lakehouse --env prod dashboard --port 8600`,
`AWS_PROFILE=reader tm-lakehouse --env prod dashboard` (under a profile that assumes the role athena-reader)."""
OWN_MACHINE = "127.0.0.1"
# Nothing is told to anybody, no email is asked for, no browser opened, no traceback shown.
SETTINGS = {
    "browser.gatherUsageStats": "false",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    # Said of both, so that the browser's choice of light or dark holds.
    "theme.light.primaryColor": "#2f9e6e",
    "theme.dark.primaryColor": "#2f9e6e",
}


@app.command(epilog=EPILOG)
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Which of this machine's addresses it listens on. It has no sign-in of its own.")
    ] = OWN_MACHINE,
) -> None:
    """Show courses, rounds, pace, devices, data quality, runs and cost in a browser, from Gold through Athena.

    Needs an environment of its own: `make dashboard` makes it and starts this. Rights: those of the role athena-reader.
    """
    python = _python()
    target.activate()
    from tm_lakehouse.settings import Settings

    Settings.from_environment()
    _check_free(address, port)
    typer.echo(f"The dashboard is at http://{address}:{port} (Ctrl-C stops it).", err=True)
    command = [str(python), *arguments(address, port)]
    os.execv(command[0], command)


def arguments(address: str, port: int) -> list[str]:
    """What Streamlit is started with, after Python's own name."""
    script = Path(__file__).resolve().parents[1] / "dashboard" / "app.py"
    settings = SETTINGS | {"server.address": address, "server.port": str(port)}
    return ["-m", "streamlit", "run", str(script), *(f"--{name}={value}" for name, value in settings.items())]


def _python() -> Path:
    """The Python that has Streamlit: this one, or that of the checkout's environment for it.

    Raises:
        LakehouseError: there is none.
    """
    if find_spec("streamlit"):
        return Path(sys.executable)
    python = target.project_root() / ".runtime" / "dashboard" / "bin" / "python"
    if not python.is_file():
        raise LakehouseError(
            "The dashboard's environment is missing.", "Run `make dashboard`, which makes it and starts the dashboard."
        )
    return python


def _check_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reason = f"The dashboard can't listen on {address}, port {port}: {error.strerror}."
            raise LakehouseError(reason, "Choose another with --port or --address.") from None
