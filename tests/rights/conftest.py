"""A lakehouse with Silver and Gold, whose roles can be taken from."""

from collections.abc import Iterator

import boto3
import pytest
from taken_rights import BROKEN_DAY, DAY, Lakehouse

from tm_lakehouse.cli import target
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile


@pytest.fixture(scope="package")
def lakehouse(local_aws, tmp_path_factory) -> Iterator[Lakehouse]:
    """A course's rounds carried to Gold, and a file landed that is broken."""
    folder = tmp_path_factory.mktemp("rights")
    generate_folder(folder, [CourseOrder(find_profile("erinhills"), 12)], Options(seed=1, file_format="csv"))
    with local_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TM_TARGET", "local")
        made = Lakehouse(folder / "commands.log")
        for arguments in (
            ["up"],
            ["apply", "--yes", "--var", "packaging=script"],
            ["land", str(folder), "--ingest-date", DAY],
            ["silver", "--ingest-date", DAY],
            ["topology", "refresh"],
            ["gold"],
        ):
            said = made.run(*arguments)
            assert said.code == 0, said.text
        for name, value in target.read_record(target.record_path("local", target.LAKEHOUSE_RECORD)).items():
            patch.setenv(name, value)
        key = f"course_id=erinhills/ingest_date={BROKEN_DAY}/rounds.csv.gz"
        boto3.client("s3").put_object(Bucket=made.settings.bucket_landing, Key=key, Body=b"no gzip")
        yield made
