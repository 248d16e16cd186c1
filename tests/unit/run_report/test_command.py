"""What `tm-lakehouse report` writes, prints, keeps and refuses."""

from contextlib import suppress

import pytest
from botocore.exceptions import EndpointConnectionError
from planted_run import GOLD_ID, facts
from told_as_json import told_as_json
from typer.testing import CliRunner
from unit_settings import SETTINGS

from tm_lakehouse.cli import run_report as module
from tm_lakehouse.cli.output import document
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.run_report import make
from tm_lakehouse.run_report.report import build_report
from tm_lakehouse.settings import Settings


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command over a planted run; `run.kept` are the pages that it put into the bucket, `run.opened` files."""
    kept, opened = [], []

    def keep(_, report, page):
        kept.append(page)
        return f"s3://observability/{make.reports_prefix(report.run_id)}report.html"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module.target, "activate", lambda: None)
    monkeypatch.setattr(Settings, "from_environment", lambda: SETTINGS)
    monkeypatch.setattr(module, "_made", lambda _settings, wanted: build_report(facts(run_id=wanted or GOLD_ID)))
    monkeypatch.setattr(make, "keep", keep)
    monkeypatch.setattr(module.typer, "launch", opened.append)

    def invoke(*arguments):
        return CliRunner().invoke(module.app, [str(each) for each in arguments])

    invoke.kept, invoke.opened = kept, opened
    return invoke


def test_the_latest_run_is_written_here_and_kept(run, tmp_path):
    result = run()

    written = (tmp_path / f"report-{GOLD_ID}.html").read_text()
    assert run.kept == [written]
    assert written.startswith("<!DOCTYPE html>")
    assert f"run {GOLD_ID} succeeded" in result.stdout
    assert f"s3://observability/reports/run_id={GOLD_ID}/report.html" in result.stderr


def test_a_named_run_goes_to_a_named_file_is_opened_and_not_kept_where_told_so(run, tmp_path):
    run("r9", "--output", tmp_path / "x" / "page.html", "--no-upload", "--open")

    assert "<title>succeeded: run r9</title>" in (tmp_path / "x" / "page.html").read_text()
    assert run.kept == []
    assert run.opened == [(tmp_path / "x" / "page.html").as_uri()]


def test_json_goes_to_standard_output_and_nowhere_else(run, tmp_path):
    told = told_as_json(module.app)

    assert (told["run_id"], told["status"]) == (GOLD_ID, "succeeded")
    assert run.kept == list(tmp_path.iterdir()) == []


def test_json_and_a_file_exclude_each_other(run):
    document.is_wanted = True
    result = run("--output", "x.html")
    document.forget()

    assert isinstance(result.exception, LakehouseError)


@pytest.mark.parametrize("fails", [True, False])
def test_a_run_is_reported_when_it_ends_also_where_it_failed(run, capsys, fails):
    with suppress(LakehouseError), module.reported(SETTINGS, "r1"):
        if fails:
            raise LakehouseError("a test failed", "Correct it.")

    assert len(run.kept) == 1
    assert "reports/run_id=r1/report.html" in capsys.readouterr().err


def test_a_report_that_can_not_be_made_fails_nothing(run, monkeypatch, capsys):
    def unreachable(*_):
        raise EndpointConnectionError(endpoint_url="http://nowhere")

    monkeypatch.setattr(module, "_made", unreachable)
    with module.reported(SETTINGS, "r1"):
        pass

    assert "warning: no report of run r1 was made" in capsys.readouterr().err


def test_an_interrupted_run_is_not_reported(run):
    with pytest.raises(KeyboardInterrupt), module.reported(SETTINGS, "r1"):
        raise KeyboardInterrupt

    assert run.kept == []
