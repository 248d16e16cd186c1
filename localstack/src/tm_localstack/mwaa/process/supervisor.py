"""Runs a command and ends it, with all it started, when whoever started this goes away. Executed by itself.

Standard input is a pipe that the starter holds: it closes when the starter ends, however it ends. Airflow's processes
form sessions and groups of their own, so this process adopts those that lose their parent and ends them one by one.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

import psutil

PR_SET_CHILD_SUBREAPER = 36
POLITE_SECONDS = 8
ROUND_SECONDS = 0.05


def _end_family(*, is_polite: bool) -> None:
    family = psutil.Process().children(recursive=True)
    if is_polite:
        _signal(family, signal.SIGTERM)
        psutil.wait_procs(family, timeout=POLITE_SECONDS)
    while family := psutil.Process().children(recursive=True):
        _signal(family, signal.SIGKILL)
        time.sleep(ROUND_SECONDS)
        _reap()


def _signal(family: list[psutil.Process], number: signal.Signals) -> None:
    for member in family:
        try:
            member.send_signal(number)
        except psutil.Error:
            continue


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _end_with_starter() -> None:
    while os.read(0, 1):
        pass
    _end_family(is_polite=False)
    os._exit(128 + signal.SIGKILL)


def main() -> int:
    """The command's exit code; 128 and the signal's number when a signal ended it, as shells tell it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threading.Thread(target=_end_with_starter, daemon=True).start()
    while command.poll() is None and not stopping.wait(ROUND_SECONDS * 4):
        continue
    _end_family(is_polite=stopping.is_set())
    code = command.wait()
    return 128 - code if code < 0 else code


sys.exit(main())
