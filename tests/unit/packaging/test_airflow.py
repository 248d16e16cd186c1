"""What Airflow runs: complete, from the plugins alone, and made anew only where a source changed."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from tm_lakehouse.packaging.airflow import AirflowSources, build_airflow, requirements_file, startup_script
from tm_lakehouse.packaging.wheels import cache_directory

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package") / "airflow"
    assert build_airflow(AirflowSources(PROJECT), folder, cache_directory())
    return folder


def test_the_dags_come_with_the_dbt_project_that_airflow_does_not_read(built):
    assert (built / "dags" / "course_pipeline.py").is_file()
    assert (built / "dags" / "dbt" / "dbt_project.yml").is_file()
    assert (built / "dags" / ".airflowignore").read_text().split() == ["dbt/", "lakehouse_tasks/"]


def test_every_requirement_is_a_wheel_among_the_plugins(built):
    wheels = {name.split("-")[0].replace("_", "-") for name in zipfile.ZipFile(built / "plugins.zip").namelist()}
    lines = (built / "requirements.txt").read_text().splitlines()

    assert lines[:2] == ["--no-index", "--find-links /usr/local/airflow/plugins"]
    assert {line.split("==")[0] for line in lines[2:]} == wheels >= {"tm-lakehouse", "pydantic-settings"}


def test_nothing_is_built_again_from_the_same_sources(built):
    assert not build_airflow(AirflowSources(PROJECT), built, cache_directory())


def test_the_startup_script_hands_dbts_lock_over_as_it_is(tmp_path):
    script = startup_script('printf "%s" "${dbt_lock}" > "$1"\n', "dbt-core==1 \\\n    --hash=sha256:'$x'\n")
    (tmp_path / "startup.sh").write_text(script)
    subprocess.run(["bash", tmp_path / "startup.sh", tmp_path / "lock"], check=True)

    assert (tmp_path / "lock").read_text() == "dbt-core==1 \\\n    --hash=sha256:'$x'"


def test_requirements_are_in_one_order():
    assert requirements_file(["b==1", "a==2"]).splitlines()[2:] == ["a==2", "b==1"]
