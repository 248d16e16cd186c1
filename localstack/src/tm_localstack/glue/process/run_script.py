"""Runs a job's script as Glue does and writes down the exception that ends it. Executed by itself in the runtime."""

import json
import os
import runpy
import sys
import traceback


def _own_line(error: BaseException, script: str) -> int | None:
    """The last line of the script itself on the way to the error."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    return lines[-1] if lines else None


def _report(error: BaseException, script: str, report: str) -> None:
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"error": text, "line": _own_line(error, script)}, file)


def _failed(error: BaseException) -> bool:
    return not (isinstance(error, SystemExit) and error.code in (None, 0))


def main() -> None:
    """Run the script named by the third argument with those after it.

    The first names the file for its error, the second the one for its standard error, which Spark would mix into its
    standard output.
    """
    report, standard_error = sys.argv[1:3]
    del sys.argv[:3]
    os.dup2(os.open(standard_error, os.O_WRONLY | os.O_APPEND | os.O_CREAT), sys.stderr.fileno())
    script = sys.argv[0]
    sys.path[0] = os.path.dirname(script)
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:
        if _failed(error):
            _report(error, script, report)
        raise


main()
