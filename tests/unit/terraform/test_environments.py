"""An environment is three files of values, and nothing else tells a laptop from AWS."""

import re
from pathlib import Path

import pytest

from tm_lakehouse.cli.target import TARGETS
from tm_lakehouse.terraform.values import EnvironmentValues, simple_values

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"
ASSIGNED = re.compile(r"^(?:  )?(\w+) +=", re.MULTILINE)
# What a module may not know: which environment it is in.
ENVIRONMENT_WORDS = re.compile(r"""localhost|localstack|127\.0\.0|endpoints +\{|endpoint += +"|"(?:local|dev|prod)\"""")


def test_there_is_one_folder_per_target():
    assert {path.name for path in (TERRAFORM / "environments").iterdir()} == set(TARGETS)


@pytest.mark.parametrize("environment", TARGETS)
def test_an_environment_is_three_files_of_values(environment):
    files = {path.name for path in (TERRAFORM / "environments" / environment).iterdir()}
    assert files == {"backend.hcl", "bootstrap.tfvars", "terraform.tfvars"}


@pytest.mark.parametrize("file", ["backend.hcl", "bootstrap.tfvars", "terraform.tfvars"])
@pytest.mark.parametrize("environment", TARGETS)
def test_environments_differ_in_values_only(environment, file):
    names = {each: ASSIGNED.findall(_values(each, file)) for each in (environment, "local")}
    assert names[environment]
    assert names[environment] == names["local"]


def test_each_environment_is_bound_to_its_own_account_and_state():
    every = [EnvironmentValues(TERRAFORM / "environments" / environment) for environment in TARGETS]
    accounts = [values.allowed_account_ids for values in every]

    assert all(account and len(account) == 1 and re.fullmatch(r"\d{12}", account[0]) for account in accounts)
    assert len({account[0] for account in accounts}) == len(TARGETS)
    assert len({values.state_bucket for values in every}) == len(TARGETS)


def test_prod_keeps_its_data():
    assert not EnvironmentValues(TERRAFORM / "environments" / "prod").is_disposable


@pytest.mark.parametrize("environment", TARGETS)
def test_geometry_is_off_in(environment):
    assert not EnvironmentValues(TERRAFORM / "environments" / environment).wants_geometry({})


@pytest.mark.parametrize(
    ("text", "variables", "is_wanted"),
    [
        ("", {}, False),
        ("geometry_job = null # off", {}, False),
        ("geometry_job = {}", {}, True),
        ("geometry_job = { workers = 4 }", {}, True),
        ("geometry_job = {\n  workers = 4\n}", {}, True),
        ("geometry_job = null", {"geometry_job": {}}, True),
        ("geometry_job = {}", {"geometry_job": None}, False),
        ("# geometry_job = {}", {}, False),
    ],
)
def test_geometry_is_packaged_where_terraform_makes_its_job(tmp_path, text, variables, is_wanted):
    (tmp_path / "terraform.tfvars").write_text(f'name = "lake"\n{text}\n')
    assert EnvironmentValues(tmp_path).wants_geometry(variables) is is_wanted


@pytest.mark.parametrize("environment", TARGETS)
def test_no_orchestrator_is_paid_for_unasked_in(environment):
    values = EnvironmentValues(TERRAFORM / "environments" / environment)

    assert not values.wants_airflow({})
    assert values.wants_airflow({"orchestrator": "mwaa"})


def test_no_module_knows_its_environment():
    for path in (TERRAFORM / "modules").rglob("*.tf"):
        assert not ENVIRONMENT_WORDS.search(path.read_text(encoding="utf-8")), path


def test_values_of_one_line_are_read_and_others_left_out(tmp_path):
    file = tmp_path / "terraform.tfvars"
    file.write_text(
        'name = "lake" # why\ncount = 3\nflag   = true\nnone = null\nids = ["1", "2"]\nnested = {\n  a = 1\n}\n'
    )

    assert simple_values(file) == {"name": "lake", "count": 3, "flag": True, "none": None, "ids": ["1", "2"]}


def _values(environment: str, file: str) -> str:
    return (TERRAFORM / "environments" / environment / file).read_text(encoding="utf-8")
