"""MWAA's rules for requirements: what binds them, and where their paths lead."""

import pytest

from tm_localstack.mwaa.requirements_file import RequirementsError, parse, pin_of, pins

PUBLISHED = "https://raw.githubusercontent.com/apache/airflow/constraints-{}/constraints-3.12.txt"
LOCK = """apache-airflow==3.0.6 \\
    --hash=sha256:00
    # via -r airflow.in
boto3==1.40.21 ; python_version >= "3.9" \\
    --hash=sha256:01
"""


def parsed(text):
    return parse(text, home="/env", airflow_version="3.0.6")


@pytest.mark.parametrize(
    ("text", "is_bound"),
    [
        ("polars\n", True),
        (f'--constraint "{PUBLISHED.format("3.0.6")}"\npolars\n', True),
        (f"-c {PUBLISHED.format('3.0.6')}\npolars\n", True),
        ("--constraint /usr/local/airflow/plugins/own.txt\npolars\n", False),
    ],
)
def test_the_image_binds_unless_another_file_does(text, is_bound):
    assert parsed(text).is_bound_to_image is is_bound


def test_constraints_of_another_airflow_are_refused():
    with pytest.raises(RequirementsError, match=r"Airflow 2\.10\.3, the image has 3\.0\.6"):
        parsed(f"--constraint {PUBLISHED.format('2.10.3')}\npolars\n")


def test_a_path_below_mwaas_home_is_one_below_the_environments():
    found = parsed("--find-links /usr/local/airflow/plugins\n--no-index\npolars==1.0\n")

    assert found.lines == ("--find-links /env/plugins", "--no-index", "polars==1.0")


@pytest.mark.parametrize(("text", "are_empty"), [("", True), ("# none\n--no-index\n", True), ("polars", False)])
def test_options_and_comments_ask_for_nothing(text, are_empty):
    assert parsed(text).are_empty is are_empty


def test_a_locks_versions_bind_without_its_hashes():
    assert pins(LOCK) == "apache-airflow==3.0.6\nboto3==1.40.21\n"
    assert pin_of(LOCK, "apache-airflow") == "apache-airflow==3.0.6\n"
