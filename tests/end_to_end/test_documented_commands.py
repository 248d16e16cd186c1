"""Commands that the documents show and that change nothing do what they are shown for, on a lake that ran."""

import pytest
from documented_commands import commands_of, documents

from tm_lakehouse.cli.progress import stage
from tm_lakehouse.cli.target import project_root

READING = {"cost", "doctor", "publications", "query", "status"}
READING_GROUPS = {("maintain", "status"), ("quarantine", "list"), ("quarantine", "show"), ("topology", "show")}
WITH_DRY_RUN = {"backfill", "quarantine", "topology"}
# What only the reader of a page has made.
OF_THE_READER = ("newcourse", "course_rounds_by_length", "0a1b2c3d", "1a2b3c4d")


def reads_only(arguments: tuple[str, ...]) -> bool:
    reads = arguments[0] in READING or arguments[:2] in READING_GROUPS
    return reads or ("--dry-run" in arguments and arguments[0] in WITH_DRY_RUN)


def shown() -> list[tuple[str, ...]]:
    """Those that can be typed as they stand, in any document, once each."""
    found = [command for path in documents(project_root()) for command in commands_of(path.read_text())]
    here = [each.arguments for each in found if each.is_whole and each.program == "tm-lakehouse"]
    own = [each for each in here if not any(name in word for word in each for name in OF_THE_READER)]
    return sorted({each for each in own if "--env" not in each and reads_only(each)})


@pytest.mark.parametrize("arguments", shown(), ids=" ".join)
def test_a_shown_command_that_reads_succeeds(arguments, commands, story):
    with stage("command") as progress:
        commands.run(arguments, progress)


def test_there_are_commands_to_try():
    assert len(shown()) > 15
