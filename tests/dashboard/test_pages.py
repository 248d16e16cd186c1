"""Figures and pages of the dashboard over an Athena that the tests script, in the dashboard's own environment."""

import pytest
from dashboard_environment import run_inside


@pytest.mark.parametrize("module", ["test_figures.py", "test_pages.py"])
def test_inside(module, tmp_path):
    run_inside(module, tmp_path)
