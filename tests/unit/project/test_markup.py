"""No document holds what a browser would take for a tag of its own."""

import re
from pathlib import Path

import pytest
from documented_commands import FENCE, documents

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"`[^`]*`")
TAG = re.compile(r"<(?!!--|br>|https?:)[a-z/][^>\n]*>")


@pytest.mark.parametrize("document", documents(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_angle_brackets_stand_in_code_or_are_escaped(document):
    prose = CODE.sub("", FENCE.sub("", document.read_text()))

    assert TAG.findall(prose) == []
