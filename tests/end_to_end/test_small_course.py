"""Small courses from files to Gold on the session's AWS, and what a second run, a bad run and a broken lake do."""

import os

import boto3
import pytest

from tm_lakehouse.athena import CATALOG, Athena
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.examination import LINES, chosen, examine
from tm_lakehouse.end_to_end.deliveries import FIRST_DATE
from tm_lakehouse.end_to_end.story import Story
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.orchestration.role import under_role
from tm_lakehouse.settings import Settings
from tm_lakehouse.terraform.values import EnvironmentValues

CONTENT = """
SELECT * FROM fact_telemetry_event WHERE course_id = 'bradshawfarmgc' ORDER BY course_id, round_id, location_index
"""
WARNED_OF_HERE = {"jobs.limits", "upkeep.alerts", "upkeep.optimizers", "upkeep.quotas"}
PUBLISHED_COMPLEXITY = {
    "indiancreek": 120, "pinehurst4": 120, "erinhills": 60, "bradshawfarmgc": 40, "americanfalls": 30,
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(story) -> Settings:
    return Settings.from_environment()


@pytest.fixture(scope="module")
def silver(settings):
    """Run a statement in Silver's database, through Athena."""
    athena = Athena(settings.athena_workgroup, settings.db_silver)
    return athena.query


def _run(commands, *arguments):
    with stage("command") as progress:
        commands.run(arguments, progress)


def test_every_check_of_the_story_holds(story):
    assert len(story.checks) > 10
    assert [check for check in story.checks if not check.passed] == []


def test_gold_gives_the_published_complexity_of_the_pilot_courses(silver, settings, story):
    shown = silver(f'SELECT course_id, course_complexity_score FROM "{settings.db_gold}"."dim_course"').rows
    assert {course: int(score) for course, score in shown} == PUBLISHED_COMPLEXITY


def test_people_read_every_zone_under_their_role(settings, story):
    account = boto3.client("sts").get_caller_identity()["Account"]
    tables = {
        settings.db_gold: ["fact_rounds"],
        settings.db_silver: ["fact_telemetry_event"],
        settings.db_observability: ["quarantined_records", "silver_run_summaries"],
    }
    with under_role(f"arn:aws:iam::{account}:role/{settings.athena_workgroup}-athena-reader", "person"):
        client, athena = boto3.client("athena"), Athena(settings.athena_workgroup)
        assert client.get_data_catalog(Name=CATALOG)["DataCatalog"]["Name"] == CATALOG
        pages = client.get_paginator("list_databases").paginate(CatalogName=CATALOG)
        assert set(tables) <= {database["Name"] for page in pages for database in page["DatabaseList"]}
        for database in tables:
            named = {"CatalogName": CATALOG, "DatabaseName": database}
            assert client.get_database(**named)["Database"]["Name"] == database
            assert client.list_table_metadata(**named)["TableMetadataList"]
        for database, table in ((database, each) for database, listed in tables.items() for each in listed):
            told = client.get_table_metadata(CatalogName=CATALOG, DatabaseName=database, TableName=table)
            assert told["TableMetadata"]["Columns"]
            assert int(athena.query(f'SELECT count(*) FROM "{database}"."{table}"').rows[0][0]) > 0


def test_the_doctor_finds_nothing_that_fails_in_a_lake_that_ran(settings, story):
    variables = {name: value for name, value in os.environ.items() if name.startswith(("TM_", "AWS_REGION"))}
    values = EnvironmentValues(project_root() / "terraform" / "environments" / "local")
    findings = examine(Deployment("local", project_root(), values, settings, variables), LINES, lambda _: None)

    assert [each for each in findings if each.status == "fail"] == []
    # Nobody subscribes here, no optimizer was made, and a laptop has no quotas.
    assert {each.name for each in findings if each.status == "warn"} <= WARNED_OF_HERE


def test_the_doctor_sees_that_no_query_is_answered(settings, story):
    broken = settings.model_copy(update={"athena_workgroup": "no-such-workgroup"})
    values = EnvironmentValues(project_root() / "terraform" / "environments" / "local")
    (finding,) = examine(
        Deployment("local", project_root(), values, broken, {}), chosen(LINES, ["athena.answers"]), lambda _: None
    )

    assert finding.status == "fail"
    assert finding.remedy


def test_a_second_run_of_an_older_date_changes_no_row(commands, silver, story):
    before = silver(CONTENT).rows
    assert before

    _run(commands, "silver", "--course-id", "bradshawfarmgc", "--ingest-date", FIRST_DATE.isoformat())

    assert silver(CONTENT).rows == before


def test_a_prefix_with_nothing_landed_is_refused_by_its_name(commands, story):
    with pytest.raises(LakehouseError) as caught:
        _run(commands, "silver", "--course-id", "pinehurst4", "--ingest-date", "2031-01-01")

    assert "2031-01-01" in caught.value.reason


def test_landing_the_same_files_again_changes_nothing(story):
    again = Story(story.commands, story.folder, story.courses, delivered=story.delivered)
    with stage("land") as progress:
        again._land(progress)

    assert {landed.status for landed in again.landed} == {"unchanged"}


def test_the_checks_find_a_lake_from_which_rows_are_missing(silver, story):
    silver("DELETE FROM fact_telemetry_event WHERE course_id = 'pinehurst4' AND location_index = 3")
    broken = Story(story.commands, story.folder, story.courses, landed=story.landed)

    with stage("validate") as progress:
        broken._validate(progress)

    failed = {check.name for check in broken.checks if not check.passed}
    assert {"Silver holds the rows that the runs wrote", "fact_rounds counts every real row"} <= failed
