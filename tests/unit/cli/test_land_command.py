"""`tm-lakehouse land` refuses bad input before anything is written."""

import pytest


@pytest.fixture
def course_file(tmp_path):
    path = tmp_path / "erinhills.rounds.csv"
    path.write_text("_id,course\na1,Erin Hills\n")
    return path


def assert_told(error, reason, next_step):
    assert reason in error
    assert "next:" in error
    assert next_step in error


def test_without_a_local_aws(refused, course_file):
    assert_told(refused("land", course_file), "The local AWS is not running", "make up")


def test_before_terraform_is_applied(refused, course_file, stopped_aws):
    assert_told(refused("land", course_file), "Terraform has not been applied", "make apply")


def test_when_the_local_aws_has_gone(refused, course_file, stopped_aws, lakehouse_variables):
    assert_told(refused("land", course_file, AWS_MAX_ATTEMPTS="1", **lakehouse_variables), "does not answer", "make up")


def test_a_missing_file(refused):
    assert_told(refused("land", "gone.csv"), "There is no file gone.csv", "Check the path")


def test_an_empty_folder(refused, tmp_path):
    (tmp_path / "folder").mkdir()
    assert_told(refused("land", tmp_path / "folder"), "holds no course file", ".csv")


@pytest.mark.parametrize("day", ["2024-1-1", "yesterday", "2024-02-30", "20240101", "2024-W01-1", ""])
def test_a_wrong_date(refused, course_file, day):
    error = refused("land", course_file, "--ingest-date", day)
    assert_told(error, "--ingest-date", "2024-01-15")


def test_nothing_to_land(refused):
    assert_told(refused("land"), "No file to land", "tm-lakehouse ingest")


def test_an_unusable_setting_is_named(refused, course_file, stopped_aws, lakehouse_variables):
    error = refused("land", course_file, TM_DATA_SOURCE="ftp", **lakehouse_variables)
    assert_told(error, "TM_DATA_SOURCE='ftp' is not usable", "next:")
