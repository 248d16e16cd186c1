"""What of a job's arguments is Glue's business, and what the script is given."""

import pytest

from tm_localstack.glue.job_arguments import (
    ArgumentError,
    check_shape,
    launch_options,
    merge,
    script_arguments,
    spark_conf,
)

SCRIPT = "s3://code/job.py"


def test_run_replaces_default_and_nothing_replaces_what_is_non_overridable():
    merged = merge(
        {"--a": "default", "--b": "default", "--c": "default"}, {"--b": "run", "--c": "run"}, {"--c": "fixed"}
    )
    assert merged == {"--a": "default", "--b": "run", "--c": "fixed"}


def test_script_gets_every_argument_and_glues_own_win():
    given = {"--course-id": "7", "--JOB_NAME": "forged", "--conf": "a=1 --conf b=2", "--flag": ""}
    line = script_arguments(given, job_name="silver", job_id="j_1", run_id="jr_1")

    pairs = dict(zip(line[::2], line[1::2], strict=True))
    assert pairs == {
        "--job-bookmark-option": "job-bookmark-disable",
        "--course-id": "7",
        "--conf": "a=1 --conf b=2",
        "--flag": "",
        "--JOB_NAME": "silver",
        "--JOB_ID": "j_1",
        "--JOB_RUN_ID": "jr_1",
    }


@pytest.mark.parametrize(
    ("chained", "pairs"),
    [
        ("", ()),
        ("spark.a=1", (("spark.a", "1"),)),
        ("spark.a=1 --conf spark.b=x=y", (("spark.a", "1"), ("spark.b", "x=y"))),
        ("--conf spark.a=1  --conf=spark.b=two words", (("spark.a", "1"), ("spark.b", "two words"))),
        ("spark.a=ends in--conf", (("spark.a", "ends in--conf"),)),
    ],
)
def test_conf_is_split_at_its_own_name(chained, pairs):
    assert spark_conf(chained) == pairs


@pytest.mark.parametrize("chained", ["spark.a", "spark.a=1 --conf spark.b", "=1"])
def test_conf_without_name_or_value_is_refused(chained):
    with pytest.raises(ArgumentError, match="name=value"):
        spark_conf(chained)


def test_lists_lose_spaces_and_empty_parts():
    options = launch_options(
        {
            "--extra-py-files": "s3://code/a.zip, s3://code/b.py,",
            "--extra-jars": "s3://code/a.jar",
            "--additional-python-modules": "polars==1.44,s3://code/x.gluewheels.zip",
            "--python-modules-installer-option": "--no-index --upgrade",
            "--datalake-formats": "iceberg",
        },
        SCRIPT,
    )

    assert options.script_location == SCRIPT
    assert options.python_files == ("s3://code/a.zip", "s3://code/b.py")
    assert options.jars == ("s3://code/a.jar",)
    assert options.python_modules == ("polars==1.44", "s3://code/x.gluewheels.zip")
    assert options.installer_options == ("--no-index", "--upgrade")
    assert options.datalake_formats == {"iceberg"}
    assert options.event_logs_path is None


@pytest.mark.parametrize(("given", "is_first"), [({}, False), ({"--user-jars-first": "true"}, True)])
def test_a_jobs_jars_come_after_glues_unless_it_asks(given, is_first):
    assert launch_options(given, SCRIPT).is_user_jars_first is is_first


def test_run_may_name_another_script():
    assert launch_options({"--scriptLocation": "s3://code/other.py"}, SCRIPT).script_location == "s3://code/other.py"


@pytest.mark.parametrize(("enabled", "path"), [("true", "s3://logs/"), ("", "s3://logs/"), ("false", None)])
def test_event_logs_go_to_their_path_when_enabled(enabled, path):
    arguments = {"--enable-spark-ui": enabled, "--spark-event-logs-path": "s3://logs/"}
    assert launch_options(arguments, SCRIPT).event_logs_path == path


@pytest.mark.parametrize(
    "arguments",
    [
        {"--datalake-formats": "iceberg,hudi"},
        {"--enable-glue-datacatalog": "true"},
        {"--enable-glue-datacatalog": ""},
        {"--job-bookmark-option": "job-bookmark-enable"},
        {"--job-language": "scala"},
        {"--class": "Main"},
        {"--enable-spark-ui": "true"},
        {"--customer-driver-env-vars": "PATH=/tmp"},
    ],
)
def test_what_the_runtime_cannot_honour_is_refused_by_name(arguments):
    with pytest.raises(ArgumentError, match=next(iter(arguments))):
        launch_options(arguments, SCRIPT)


def test_harmless_values_are_accepted():
    arguments = {
        "--job-bookmark-option": "job-bookmark-disable",
        "--job-language": "python",
        "--enable-metrics": "",
        "--enable-glue-datacatalog": "false",
        "--TempDir": "s3://code/tmp/",
    }
    assert launch_options(arguments, SCRIPT).spark_conf == ()


def test_customers_variables_are_kept():
    options = launch_options({"--customer-driver-env-vars": 'CUSTOMER_A=1,CUSTOMER_B="two words"'}, SCRIPT)
    assert options.environment == (("CUSTOMER_A", "1"), ("CUSTOMER_B", "two words"))


@pytest.mark.parametrize("name", ["course-id", "-c", "--", "--course id", ""])
def test_names_without_dashes_are_refused(name):
    with pytest.raises(ArgumentError, match="--name"):
        check_shape({"--sound": "x", name: "x"})


def test_arguments_have_a_largest_size():
    check_shape({"--a": "x" * (260 * 1024 - 3)})
    with pytest.raises(ArgumentError, match="266241 bytes"):
        check_shape({"--a": "x" * (260 * 1024 - 2)})
