"""Runs a command and ends it, with its whole process group, when whoever started this goes away. Executed by itself.

Standard input is a pipe that the starter holds: it closes when the starter ends, however it ends.
"""

import os
import signal
import subprocess
import sys
import threading


def _end_with_starter() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def main() -> int:
    """The command's exit code; 128 and the signal's number when a signal ended it, as shells tell it."""
    # A polite stop is for the command: this process stays to tell how it ended. (An ignored signal would be inherited.)
    signal.signal(signal.SIGTERM, lambda *_: None)
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    code = command.wait()
    return 128 - code if code < 0 else code


sys.exit(main())
