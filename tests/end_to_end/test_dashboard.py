"""The dashboard in a real browser, on courses carried to Gold, under the rights of a reader."""

import pytest
from dashboard_environment import run_inside
from taken_rights import session

pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.timeout(1800)]


def test_in_a_browser_under_the_role_of_readers(story, tmp_path):
    run_inside("test_browser.py", tmp_path, session("athena-reader"))
