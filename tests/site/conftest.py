"""The documentation's site, built once."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MKDOCS = ROOT / ".runtime" / "docs" / "bin" / "mkdocs"


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """The site as `make docs-site` builds it: strict, so that a broken link or anchor fails."""
    folder = tmp_path_factory.mktemp("site")
    # MkDocs counts no warning where it is quiet, so that nothing would fail.
    done = subprocess.run(
        [MKDOCS, "build", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder
