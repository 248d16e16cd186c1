"""`tm-lakehouse ingest` refuses bad input before the API or AWS is asked."""

import pytest

PERIOD = ("--start-date", "2024-01-01", "--end-date", "2024-01-31")
COURSE = ("--course-id", "erinhills")
API = {
    "TM_DATA_SOURCE": "api",
    "TM_API_BASE_URL": "https://api.example.test",
    "TM_API_SECRET": "keys/api",
}


def assert_told(error, reason, next_step):
    assert reason in error
    assert "next:" in error
    assert next_step in error


@pytest.mark.parametrize("missing", ["--course-id", "--start-date", "--end-date"])
def test_what_has_to_be_named(refused, missing):
    given = {"--course-id": "erinhills", "--start-date": "2024-01-01", "--end-date": "2024-01-31"}
    del given[missing]
    error = refused("ingest", *[text for option in given.items() for text in option])
    assert_told(error, f"Missing option '{missing}'", "--help")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([*PERIOD[:3], "soon"], "--end-date 'soon' is no date"),
        (["--start-date", "2024-1-1", *PERIOD[2:]], "--start-date '2024-1-1' is no date"),
        ([*PERIOD, "--ingest-date", "2024-02-30"], "--ingest-date '2024-02-30' is no date"),
        (["--start-date", "2024-02-01", *PERIOD[2:]], "--end-date lies before --start-date"),
    ],
)
def test_wrong_dates(refused, options, reason):
    assert_told(refused("ingest", *COURSE, *options), reason, "next:")


def test_a_deployment_whose_source_is_files(refused, stopped_aws, lakehouse_variables):
    error = refused("ingest", *COURSE, *PERIOD, **lakehouse_variables)
    assert_told(error, "The source of local is files", "terraform/environments/local/terraform.tfvars")


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("TM_API_BASE_URL", "", "TM_API_BASE_URL is not set"),
        ("TM_API_SECRET", "", "TM_API_SECRET is not set"),
        ("TM_API_BASE_URL", "http://api.example.test", "would send the key unencrypted"),
        ("TM_API_TIMEOUT", "0", "TM_API_TIMEOUT='0' is not usable"),
    ],
)
def test_an_incomplete_configuration(refused, stopped_aws, lakehouse_variables, variable, value, reason):
    assert_told(refused("ingest", *COURSE, *PERIOD, **lakehouse_variables | API | {variable: value}), reason, "next:")
