"""Small courses carried to Gold on a lakehouse deployed as the single script; the full run deploys the zip."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tm_lakehouse.cli.progress import stage
from tm_lakehouse.end_to_end.commands import Commands
from tm_lakehouse.end_to_end.deliveries import SEED, CourseDelivery
from tm_lakehouse.end_to_end.story import Story
from tm_lakehouse.generator.delivery import Options

# As few rounds as show every start hole.
COURSES = (
    CourseDelivery("pinehurst4", Options(seed=SEED, file_format="jsonl", is_gzip=True), 160),
    CourseDelivery("indiancreek", Options(seed=SEED, file_format="csv"), 90),
    CourseDelivery("erinhills", Options(seed=SEED, file_format="csv", is_gzip=True), 110),
    CourseDelivery("bradshawfarmgc", Options(seed=SEED, file_format="csv"), 30),
    CourseDelivery("americanfalls", Options(seed=SEED, file_format="json"), 30),
)


@pytest.fixture(scope="package")
def aws(local_aws) -> Iterator[None]:
    """An AWS that no other test has used: a lakehouse is deployed into an account that has none of its names."""
    with local_aws():
        yield


@pytest.fixture(scope="package")
def commands(aws, tmp_path_factory) -> Commands:
    """The project's commands on that AWS."""
    return Commands(tmp_path_factory.mktemp("commands") / "commands.log")


@pytest.fixture(scope="package")
def story(commands, tmp_path_factory) -> Story:
    """The whole story, told to its end."""
    folder: Path = tmp_path_factory.mktemp("files")
    story = Story(commands, folder, courses=COURSES, variables=("--var", "packaging=script"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TM_TARGET", "local")
        for step in story.steps():
            with stage(step.title) as progress:
                step.work(progress)
    return story
