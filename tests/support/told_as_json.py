"""A command run as programs run it: what it tells with --json."""

import io
import json
from contextlib import redirect_stdout, suppress
from typing import Any

import typer

from tm_lakehouse.cli.common_options import with_common_options
from tm_lakehouse.cli.output import document
from tm_lakehouse.errors import LakehouseError


def told_as_json(app: typer.Typer, *arguments: str) -> dict[str, Any]:
    """The document of a command that prints nothing else on standard output."""
    document.forget()
    command, printed = with_common_options(typer.main.get_command(app)), io.StringIO()
    try:
        # A failure that the program's own end would tell.
        with redirect_stdout(printed), suppress(LakehouseError):
            command.main([*arguments, "--json"], standalone_mode=False)
        assert printed.getvalue() == ""
        return json.loads(document.text())
    finally:
        document.forget()
