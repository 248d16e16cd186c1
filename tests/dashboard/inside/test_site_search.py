"""The search of the documentation's site, opened from disk: where TM_TEST_PAGES says."""

import os
from pathlib import Path

import pytest
from browsing import console_errors, hosts_asked, started_browser
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

SITE = Path(os.environ["TM_TEST_PAGES"])


@pytest.mark.parametrize("page", ["index.html", "how-to/index.html"])
def test_search_finds_the_page_about_it(tmp_path, page):
    with started_browser(tmp_path / "profile", tmp_path) as browser:
        browser.get((SITE / page).as_uri())
        field = browser.find_element(By.CSS_SELECTOR, "input.md-search__input")
        field.click()
        field.send_keys("replay quarantine")
        first = WebDriverWait(browser, 30).until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, ".md-search-result__item a")
        )

        assert "/how-to/replay-quarantine.html" in str(first.get_attribute("href"))
        assert console_errors(browser) == []
        assert hosts_asked(browser) == set()
