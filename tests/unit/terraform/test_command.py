"""What the commands ask and refuse before Terraform runs."""

import os

import pytest
from typer.testing import CliRunner

from tm_lakehouse.cli import target, terraform
from tm_lakehouse.errors import LakehouseError

run = CliRunner()


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("TM_LOCAL_STATE_DIR", str(tmp_path))


@pytest.mark.parametrize("command", ["apply", "bootstrap", "destroy"])
def test_prod_is_not_changed_without_a_yes(command, monkeypatch):
    monkeypatch.setenv("TM_TARGET", "prod")
    with pytest.raises(LakehouseError, match="Changing prod needs a yes") as caught:
        run.invoke(terraform.app, [command], catch_exceptions=False)
    assert "--yes" in caught.value.next_step


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"], ["bootstrap", "--yes"], ["destroy", "--yes"]])
def test_missing_credentials_are_named(command, monkeypatch):
    monkeypatch.setenv("TM_TARGET", "dev")
    with pytest.raises(LakehouseError, match="There are no AWS credentials for dev"):
        run.invoke(terraform.app, command, catch_exceptions=False)


def test_a_laptop_that_runs_no_aws_is_told_to_start_it(monkeypatch):
    monkeypatch.setenv("TM_TARGET", "local")
    with pytest.raises(LakehouseError, match="The local AWS is not running"):
        run.invoke(terraform.app, ["apply"], catch_exceptions=False)


def test_a_variable_without_value_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("TM_TARGET", "local")
    target.write_record(tmp_path / target.EMULATOR_RECORD, {"AWS_REGION": "us-east-1"})
    with pytest.raises(LakehouseError, match="--var packaging is not NAME=VALUE"):
        run.invoke(terraform.app, ["plan", "--var", "packaging"], catch_exceptions=False)


def test_a_plan_that_is_not_kept_is_not_compared(monkeypatch, tmp_path):
    monkeypatch.setenv("TM_TARGET", "local")
    done = run.invoke(terraform.app, ["plan", "--reviewed", str(tmp_path)])

    assert done.exit_code == 2
    assert "add --out FOLDER" in done.output


SESSION = {"AWS_ACCESS_KEY_ID": "LSIA1", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
LOCAL = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.mark.parametrize(
    ("endpoint", "key", "token"),
    [(LOCAL["AWS_ENDPOINT_URL"], "LSIA1", "token"), ("https://elsewhere.test", "test", None), ("", "test", None)],
)
def test_a_roles_session_stays_only_with_the_local_aws_that_gave_it(monkeypatch, tmp_path, endpoint, key, token):
    monkeypatch.setenv("TM_TARGET", "local")
    target.write_record(tmp_path / target.EMULATOR_RECORD, LOCAL)
    for name, value in SESSION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    target.activate(needs_lakehouse=False)

    assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ.get("AWS_SESSION_TOKEN")) == (key, token)
    assert os.environ["AWS_ENDPOINT_URL"] == LOCAL["AWS_ENDPOINT_URL"]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Plan: 103 to add, 2 to change, 1 to destroy.", 106),
        ("Plan: 1 to import, 34 to add, 1 to change, 0 to destroy.", 36),
    ],
)
def test_all_planned_changes_are_counted(line, count):
    progress = terraform._Progress()
    progress(line)
    assert progress._planned == count
