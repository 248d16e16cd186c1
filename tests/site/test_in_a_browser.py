"""The site in a real browser, opened from disk: every page, at a desk and on a phone, in the light and in the dark."""

import pytest
from dashboard_environment import run_inside

pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.timeout(1800)]


def test_every_page_can_be_read_by_everybody(site, tmp_path):
    run_inside("test_pages_from_disk.py", tmp_path, {"TM_TEST_PAGES": str(site)})


def test_search_finds_pages(site, tmp_path):
    run_inside("test_site_search.py", tmp_path, {"TM_TEST_PAGES": str(site)})
