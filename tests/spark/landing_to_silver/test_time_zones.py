"""The zone of the machine changes nothing: not Silver, not its files and bounds, not what is told or generated."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
import time_zone_probe

pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

ZONES = ("Pacific/Auckland", "America/St_Johns")
C1_ONLY = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """What processes in other zones tell, both at once."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_BUCKET", "SPARK_"))}
    path = os.pathsep.join([os.path.dirname(time_zone_probe.__file__), *sys.path])
    own = {"PYTHONPATH": path, "SPARK_SUBMIT_OPTS": C1_ONLY, "SPARK_LOCAL_IP": "127.0.0.1"}
    with ExitStack() as stack:
        processes = {
            zone: stack.enter_context(_process(tmp_path_factory.mktemp("zone"), kept | own | {"TZ": zone}))
            for zone in ZONES
        }
        return {zone: _answer(process) for zone, process in processes.items()}


@contextmanager
def _process(folder, environment):
    command = [sys.executable, time_zone_probe.__file__, folder]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _answer(process):
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(out.splitlines()[-1])


@pytest.fixture
def here(spark, silver, settings, store, tmp_path):
    """The same in this process, as JSON gives it."""
    return json.loads(json.dumps(time_zone_probe.probe(spark, settings, store, tmp_path / "generated")))


def test_a_process_in_another_zone_makes_the_same_to_the_byte(elsewhere, here):
    assert len(here["rows"]) > len(time_zone_probe.MOMENTS)
    assert here["quarantine"]
    assert [len(each) for each in here["pending"]] == [2, 1, 0]
    assert {zone: told.pop("zones")["jvm"].split('id="')[1].split('"')[0] for zone, told in elsewhere.items()} == {
        zone: zone for zone in ZONES
    }
    for told in elsewhere.values():
        assert told.keys() == here.keys()
        for what, value in told.items():
            assert value == here[what], what
