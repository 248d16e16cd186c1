"""The meter counts the CPU and memory of a whole process tree, and only from when it began."""

import os
import subprocess
import sys
import time

from tm_lakehouse.end_to_end.meter import Meter

BURN = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n"
IN_A_CHILD = "import subprocess,sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])\n"


def test_cpu_of_a_grandchild_counts():
    with Meter(lambda: [os.getpid()]) as meter:
        subprocess.run([sys.executable, "-c", IN_A_CHILD, BURN.format(seconds=1.2) + "time.sleep(0.6)"], check=True)

    assert 1.0 < meter.cpu_seconds < 3.0


def test_cpu_from_before_does_not_count():
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    with Meter(lambda: [os.getpid()]) as meter:
        time.sleep(0.3)

    assert meter.cpu_seconds < 0.4


def test_peak_memory_sees_what_was_there_only_for_a_moment():
    with Meter(lambda: [os.getpid()]) as meter:
        subprocess.run([sys.executable, "-c", "x = b'x' * 300_000_000; import time; time.sleep(1)"], check=True)

    assert meter.peak_bytes > 300_000_000
