"""Which variable wins in Airflow's processes."""

from pathlib import Path

import pytest
from mwaa_request import REQUEST

from tm_localstack.mwaa.configuration import (
    COMPONENTS,
    Identity,
    Places,
    airflow_options,
    component_environment,
    exports,
    process_environment,
)
from tm_localstack.mwaa.definitions import completed

PLACES = Places(*map(Path, ("/env", "/dags", "/airflow.db", "/logs", "/passwords", "/bin/python")))
PLATFORM = {"AWS_REGION": "eu-west-1", "PATH": "/bin"}


def environment(options=(), exported=(), **difference):
    definition = completed(
        REQUEST | {"AirflowConfigurationOptions": dict(options)} | difference, account_id="1" * 12, region="eu-west-1"
    )
    return process_environment(definition, PLATFORM, PLACES, Identity("127.0.0.1:9", "secret"), dict(exported))


def test_an_option_is_the_variable_that_airflow_reads():
    assert airflow_options({"core.default_timezone": "utc", "smtp.smtp_host": "mail"}) == {
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
        "AIRFLOW__SMTP__SMTP_HOST": "mail",
    }


def test_an_option_wins_over_the_script_and_the_script_over_the_defaults():
    name = "AIRFLOW__CORE__PARALLELISM"

    assert environment()[name] == "8"
    assert environment(exported={name: "3"})[name] == "3"
    assert environment(exported={name: "3"}, options={"core.parallelism": "2"})[name] == "2"


@pytest.mark.parametrize("option", ["core.dags_folder", "core.executor", "database.sql_alchemy_conn", "api.port"])
def test_what_the_service_needs_can_not_be_changed(option):
    assert environment(options={option: "other"}) == environment()


def test_a_script_exports_what_it_set_but_not_the_region_or_the_shells_own():
    before = {"PATH": "/bin", "AWS_REGION": "eu-west-1", "HOME": "/env"}
    after = before | {"PATH": "/new:/bin", "AWS_REGION": "nowhere", "SHLVL": "1", "TM_X": "a b"}

    assert exports(before, after) == {"PATH": "/new:/bin", "TM_X": "a b"}


def test_task_logs_go_to_their_group_only_where_they_are_enabled():
    assert environment()["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"].endswith("log-group:airflow-lake-Task")
    off = environment(LoggingConfiguration={"TaskLogs": {"Enabled": False}})
    assert off["AIRFLOW__LOGGING__REMOTE_LOGGING"] == "False"


def test_each_process_has_the_level_of_its_group():
    logging = {"LoggingConfiguration": {"SchedulerLogs": {"LogLevel": "ERROR"}}}
    definition = completed(REQUEST | logging, account_id="1" * 12, region="eu-west-1")
    levels = {c.name: component_environment(c, definition)["AIRFLOW__LOGGING__LOGGING_LEVEL"] for c in COMPONENTS}

    assert levels == {"api-server": "INFO", "scheduler": "ERROR", "dag-processor": "INFO", "triggerer": "ERROR"}


def test_keys_stay_the_same_over_a_restart_and_differ_by_purpose():
    identity = Identity("127.0.0.1:9", "secret")

    assert identity.key("fernet") == Identity("127.0.0.1:10", "secret").key("fernet")
    assert len({identity.key("fernet"), identity.key("tokens"), Identity("127.0.0.1:9", "other").key("fernet")}) == 3
