"""Runs an environment's startup script and takes over what it exports."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tm_localstack.mwaa.configuration import exports

TIME_LIMIT_SECONDS = 295
LOOK_SECONDS = 0.2
LINES_TOLD = 5
# Sourced, as on MWAA, so that its exports can be seen; its own `exit` still ends with its code.
_SHELL = 'source "$1" && env -0 > "$2"'


class StartupScriptError(Exception):
    """The script failed or took too long; the text says which."""


def run(
    script: Path,
    environment: Mapping[str, str],
    *,
    supervisor: list[str],
    work: Path,
    log: Path,
    is_wanted: Callable[[], bool],
    time_limit_seconds: float = TIME_LIMIT_SECONDS,
) -> dict[str, str]:
    """What the script exported, of what it may export. `is_wanted` turns false when nobody waits for it any more.

    Raises:
        StartupScriptError: it ended with an error, did not end in time, or is no longer wanted.
    """
    told = work / "environment"
    told.unlink(missing_ok=True)
    command = [*supervisor, "/bin/bash", "-c", _SHELL, "startup", str(script), str(told)]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, env=dict(environment), cwd=work, stdin=subprocess.PIPE, stdout=output, stderr=output
        )
    try:
        code = _wait(process, is_wanted, time_limit_seconds)
    finally:
        _end(process)
    if code:
        last = " ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-LINES_TOLD:])
        raise StartupScriptError(f"The startup script ended with code {code}: {last or 'it printed nothing.'}")
    # `exit 0` in the script ends the shell before it can tell: then nothing is exported.
    return exports(environment, _read(told)) if told.exists() else {}


def _wait(process: "subprocess.Popen[bytes]", is_wanted: Callable[[], bool], seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not is_wanted():
            raise StartupScriptError("The startup script is no longer wanted.")
        try:
            return process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    raise StartupScriptError(f"The startup script did not end within {seconds:.0f} s.")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait()


def _read(told: Path) -> dict[str, str]:
    entries = os.fsdecode(told.read_bytes()).split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)
