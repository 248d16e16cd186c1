"""What a commit checks is what `make lint` checks, by the same programs."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
LINT = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
CALLS = [line.strip("\t@ ").split() for line in LINT.splitlines()]


def test_every_hook_is_a_part_of_lint():
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    entries = [hook["entry"].split() for hook in repository["hooks"]]

    assert repository["repo"] == "local"
    assert len(entries) > 4
    for program, *arguments in entries:
        subcommand = arguments[:1] if arguments and not arguments[0].startswith("-") else []
        assert [call for call in CALLS if call[: 1 + len(subcommand)] == [program, *subcommand]], program
