"""Pages that were written as files, in Chromium, opened from disk: those of the folder that TM_TEST_PAGES names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import (
    begin_anew,
    console_errors,
    hosts_asked,
    on_a_phone,
    pixels_too_wide,
    prefer_scheme,
    serious_barriers,
    started_browser,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

FOLDER = Path(os.environ["TM_TEST_PAGES"])
PAGES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html") if path.name != "404.html")


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Chrome]:
    with started_browser(tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("downloads")) as driver:
        yield driver


@pytest.fixture
def look(browser):
    """Open a page."""
    begin_anew(browser)
    return lambda page: browser.get((FOLDER / page).as_uri())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_complains_of_nothing_and_asks_nobody(look, browser, page):
    look(page)

    assert browser.find_element(By.TAG_NAME, "h1").text
    assert console_errors(browser) == []
    assert hosts_asked(browser) == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_shows_every_page_without_scrolling_sideways(look, browser, page):
    with on_a_phone(browser):
        look(page)
        too_wide = pixels_too_wide(browser)

    assert too_wide <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_serious_stands_between_a_page_and_its_reader(look, browser, page, scheme):
    prefer_scheme(browser, scheme)
    look(page)

    assert serious_barriers(browser) == []
