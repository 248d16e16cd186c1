"""One call of Terraform: seen as it comes, logged, and its failure told in one line."""

import os
from pathlib import Path

import pytest
from python_terraform import IsFlagged

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.terraform import process
from tm_lakehouse.terraform.process import LoggedTerraform, process_environment
from tm_lakehouse.terraform.runner import Lakehouse


@pytest.fixture
def fake_terraform(tmp_path, monkeypatch):
    """A `terraform` of the given version that runs the given shell lines for other commands."""

    def install(version: str = "1.11.4", body: str = "exit 0") -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        answer = f'{{"terraform_version": "{version}"}}'
        script = f"#!/bin/sh\nif [ \"$1\" = version ]; then echo '{answer}'; exit 0; fi\n{body}\n"
        (folder / "terraform").write_text(script)
        (folder / "terraform").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return install


def test_a_missing_terraform_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LakehouseError, match="Terraform is not installed") as caught:
        process.executable()
    assert "https://developer.hashicorp.com/terraform/install" in caught.value.next_step


def test_an_old_terraform_is_refused(fake_terraform):
    fake_terraform("1.9.8")
    with pytest.raises(LakehouseError, match=r"Terraform 1\.9\.8 is too old"):
        process.executable()


def test_lines_are_told_logged_and_kept(fake_terraform, tmp_path):
    fake_terraform(body='echo "args: $@"; echo second; exit 2')
    told: list[str] = []
    terraform = LoggedTerraform(tmp_path, os.environ, tmp_path / "logs" / "terraform.log", told.append)

    code, text, error = terraform.cmd("plan", no_color=IsFlagged, parallelism=24)

    assert (code, error) == (2, "")
    assert told == ["args: plan -no-color -parallelism=24", "second"] == text.splitlines()
    assert (tmp_path / "logs" / "terraform.log").read_text().endswith("second\n")


def test_values_of_the_command_line_come_after_those_of_the_file(fake_terraform, tmp_path):
    fake_terraform(body='for file in "$@"; do case $file in -var-file=*) cat "${file#*=}"; echo;; esac; done')
    (tmp_path / "terraform.tfvars").write_text("workers = 2")
    terraform = LoggedTerraform(tmp_path, os.environ, tmp_path / "terraform.log", lambda _: None)

    _, text, _ = terraform.plan(var={"workers": 3}, var_file=str(tmp_path / "terraform.tfvars"))

    assert [line for line in text.splitlines() if line] == ["workers = 2", '{"workers": 3}']


def test_the_first_error_is_the_reason(fake_terraform, tmp_path):
    fake_terraform(
        body='printf "ok\\n╷\\n│ Error: BucketNotEmpty: lake\\n│ \\n│ details\\n╵\\nError: second\\n"; exit 1'
    )
    terraform = LoggedTerraform(tmp_path, os.environ, tmp_path / "terraform.log", lambda _: None)
    assert terraform.cmd("apply")[0::2] == (1, "BucketNotEmpty: lake")


def test_a_known_failure_says_what_to_do(fake_terraform, tmp_path):
    fake_terraform(body="echo 'Error: deleting S3 Bucket (lake): BucketNotEmpty'; exit 1")
    lakehouse = Lakehouse(Path(__file__).resolve().parents[3], "prod", tmp_path)
    with pytest.raises(LakehouseError, match="terraform plan failed: deleting S3 Bucket") as caught:
        lakehouse.plan()
    assert caught.value.next_step.startswith("Empty the bucket first")


def test_an_unreachable_registry_says_what_to_install(fake_terraform, tmp_path, monkeypatch):
    fake_terraform(body="echo 'Error: could not connect to registry.terraform.io'; exit 1")
    monkeypatch.setattr("tm_lakehouse.terraform.mirror.find", lambda _: None)
    lakehouse = Lakehouse(Path(__file__).resolve().parents[3], "prod", tmp_path)
    with pytest.raises(LakehouseError, match="registry does not answer") as caught:
        lakehouse.init()
    assert "TF_PLUGIN_DIR" in caught.value.next_step


def test_a_settings_file_that_is_not_there_is_not_named(tmp_path):
    there = tmp_path / "terraformrc"
    there.touch()
    assert "TF_CLI_CONFIG_FILE" not in process_environment({"TF_CLI_CONFIG_FILE": str(tmp_path / "gone")})
    assert process_environment({"TF_CLI_CONFIG_FILE": str(there)})["TF_CLI_CONFIG_FILE"] == str(there)
