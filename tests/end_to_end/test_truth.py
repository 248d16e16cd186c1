"""Gold of landed files equals what plain Python makes of the same files: the oracle's Silver, Gold's definitions."""

import re
from datetime import date

import boto3
import pytest
from gold_truth.comparison import differences, told_models, truth_of
from silver_oracle.delivery import tell
from silver_oracle.files import File
from silver_oracle.table import Table

from tm_lakehouse.athena import Athena
from tm_lakehouse.settings import Settings

KEY = re.compile(r"course_id=([^/]+)/ingest_date=([^/]+)/(.+)")
MODELS = told_models()


@pytest.fixture(scope="module")
def settings(story) -> Settings:
    return Settings.from_environment()


@pytest.fixture(scope="module")
def silver(settings):
    """Silver by the oracle. The story runs it before any topology is known."""
    deliveries: dict[tuple[str, date], list[File]] = {}
    for landed in boto3.resource("s3").Bucket(settings.bucket_landing).objects.all():
        course, day, name = KEY.fullmatch(landed.key).groups()
        file = File(name, landed.get()["Body"].read(), landed.last_modified)
        deliveries.setdefault((course, date.fromisoformat(day)), []).append(file)
    table = Table()
    table.run({(course, day): tell(course, files, []) for (course, day), files in deliveries.items()})
    return list(table.rows())


@pytest.fixture(scope="module")
def truth(silver, settings):
    return truth_of(silver, Athena(settings.athena_workgroup, settings.db_silver))


def test_the_deliveries_have_duplicates_padding_and_rounds_that_came_again(silver, story):
    assert len({(row["course_id"], row["ingest_date"]) for row in silver}) > 10
    assert any(row["is_location_padding"] for row in silver)
    assert any(row["is_timestamp_missing"] for row in silver)
    summaries = story._lake().summaries().values()
    assert all(sum(summary[name] for summary in summaries) for name in ("duplicates", "superseded", "rounds_replaced"))


@pytest.mark.parametrize("table", sorted(MODELS))
def test_numbers_are_those_of_the_landed_files(truth, settings, table):
    athena = Athena(settings.athena_workgroup, settings.db_gold)
    wrong = differences(athena.query(f"SELECT * FROM {table}").records(), truth[table], MODELS[table].key)
    assert wrong[:5] == [], f"{len(wrong)} values"
