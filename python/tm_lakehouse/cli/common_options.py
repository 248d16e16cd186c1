"""Options that every command has."""

from typing import Annotated, Any

import typer

from tm_lakehouse.cli.output import document


class Verbosity:
    """Whether a failure is told with its traceback."""

    is_verbose = False


def _want_json(is_wanted: bool) -> None:
    document.is_wanted = document.is_wanted or is_wanted


def _want_traceback(is_wanted: bool) -> None:
    Verbosity.is_verbose = Verbosity.is_verbose or is_wanted


_holder = typer.Typer(add_completion=False)


@_holder.command()
def _options(
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="One JSON document on standard output.",
            callback=_want_json,
            is_eager=True,
            expose_value=False,
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            help="Tell a failure with its traceback.",
            callback=_want_traceback,
            is_eager=True,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """Never run: it holds the options."""


def with_common_options(command: Any) -> Any:
    """The command, or each of a group's, with these options; one that it has itself stays as it is."""
    for part in getattr(command, "commands", {}).values():
        with_common_options(part)
    if not hasattr(command, "commands"):
        own = {name for parameter in command.params for name in parameter.opts}
        common = typer.main.get_command(_holder).params
        command.params += [option for option in common if not own & set(option.opts) and "--help" not in option.opts]
    return command
