"""The command line, from its arguments to its exit code."""

import os
import signal
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import pytest

from tm_lakehouse.cli.main import main


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def command(tmp_path, monkeypatch, capfd):
    """Run `tm-lakehouse` in this process, with a state folder of its own: no local AWS is found running."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, **environment: str) -> Done:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TM_"))}
        own = {"TM_LOCAL_STATE_DIR": str(tmp_path / "state"), "COLUMNS": "200"}
        capfd.readouterr()
        with mock.patch.dict(os.environ, kept | own | environment, clear=True), _signals_kept():
            monkeypatch.setattr(sys, "argv", ["tm-lakehouse", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


@contextmanager
def _signals_kept():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def refused(command):
    """Run a command that must fail with a reason and the next step, without a traceback; returns its stderr."""

    def run(*arguments: object, **environment: str) -> str:
        done = command(*arguments, **environment)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr
        assert "Traceback" not in done.stdout
        return done.stderr

    return run


@pytest.fixture
def lakehouse_variables():
    """What `apply` records, for a lakehouse that nobody has made."""
    return {
        "TM_BUCKET_LANDING": "landing",
        "TM_BUCKET_SOURCE": "source",
        "TM_BUCKET_SERVE": "serve",
        "TM_BUCKET_QUARANTINE": "quarantine",
        "TM_BUCKET_OBSERVABILITY": "observability",
        "TM_ICEBERG_WAREHOUSE_SILVER": "s3://source/warehouse",
        "TM_ICEBERG_WAREHOUSE_GOLD": "s3://serve/warehouse",
        "TM_ATHENA_WORKGROUP": "lakehouse",
        "TM_ATHENA_RESULTS": "s3://observability/athena-results/",
        "TM_GLUE_JOB_SILVER": "landing-to-silver",
        "TM_GLUE_JOB_MAINTENANCE": "table-maintenance",
    }


@pytest.fixture
def stopped_aws(tmp_path):
    """The record of a local AWS that has gone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "emulator.env").write_text(
        f"AWS_ENDPOINT_URL=http://127.0.0.1:{port}\nAWS_ACCESS_KEY_ID=test\nAWS_SECRET_ACCESS_KEY=test\n"
        "AWS_REGION=us-east-1\nAWS_DEFAULT_REGION=us-east-1\n"
    )
