"""Where one local AWS lives is read from the environment; a bad value is refused by its name."""

import pytest

from tm_lakehouse.terraform.process import process_environment
from tm_localstack.launcher.settings import LauncherError, LauncherSettings


def test_two_local_aws_differ_by_ports_and_folder(tmp_path):
    settings = LauncherSettings.from_environment(
        {"TM_LOCAL_AWS_PORT": "4701", "TM_LOCAL_TRINO_PORT": "4702", "TM_LOCAL_STATE_DIR": str(tmp_path)}
    )

    assert settings.client_environment()["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4701"
    assert settings.trino_url == "http://127.0.0.1:4702"
    assert settings.logs == tmp_path / "logs"


def test_terraform_reaches_mwaa_through_this_gateway(tmp_path):
    values = LauncherSettings.from_environment({"TM_LOCAL_AWS_PORT": "4701"}).client_environment()

    seen = process_environment(values)
    assert seen["HTTP_PROXY"] == seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4701"
    assert "HTTP_PROXY" not in values


@pytest.mark.parametrize("value", ["http", "80", "70000", "-1"])
def test_a_value_that_is_no_port_is_refused(value):
    with pytest.raises(LauncherError, match="TM_LOCAL_AWS_PORT"):
        LauncherSettings.from_environment({"TM_LOCAL_AWS_PORT": value})


@pytest.mark.parametrize(("value", "enforces"), [("", True), ("enforce", True), ("off", False)])
def test_policies_are_enforced_unless_somebody_says_otherwise(value, enforces):
    assert LauncherSettings.from_environment({"TM_LOCAL_IAM": value}).enforces_iam is enforces


def test_an_unknown_way_to_treat_policies_is_refused():
    with pytest.raises(LauncherError, match="TM_LOCAL_IAM=perhaps"):
        LauncherSettings.from_environment({"TM_LOCAL_IAM": "perhaps"})
