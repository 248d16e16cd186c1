"""What MWAA does otherwise on AWS: pinned here, told in docs/laptop-and-aws.md."""

import subprocess
from pathlib import Path

import pytest
from mwaa_request import REQUEST

from tm_localstack.launcher.settings import runtime_python
from tm_localstack.mwaa.configuration import MAX_TASKS, Identity, Places, process_environment
from tm_localstack.mwaa.definitions import DefinitionError, completed

HERE = {"account_id": "1" * 12, "region": "eu-west-1"}
PLACES = Places(*map(Path, ("/env", "/dags", "/airflow.db", "/logs", "/passwords", "/bin/python")))


def environment(**difference):
    platform = {"AWS_REGION": "eu-west-1", "PATH": "/bin"}
    return process_environment(completed(REQUEST | difference, **HERE), platform, PLACES, Identity("h:9", "s"), {})


@pytest.mark.parametrize("version", ["2.10.3", "3.1.0"])
def test_another_airflow_is_refused(version):
    with pytest.raises(DefinitionError, match=f"version {version}: the local MWAA runs"):
        completed(REQUEST | {"AirflowVersion": version}, **HERE)


def test_tasks_run_beside_the_scheduler_over_a_database_of_one_file():
    large = environment(EnvironmentClass="mw1.2xlarge", MinWorkers=5, MaxWorkers=20)

    assert large["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert large["AIRFLOW__CORE__PARALLELISM"] == str(MAX_TASKS)
    assert large["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("sqlite:///")


def test_the_local_airflow_runs_the_projects_python():
    tell = "import sys; print(*sys.version_info[:2], sep='.')"
    told = subprocess.run([runtime_python("airflow"), "-c", tell], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "3.11"
