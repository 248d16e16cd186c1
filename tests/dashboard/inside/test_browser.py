"""The dashboard in Chromium, on the lake that the environment names.

TM_TEST_SCREENSHOTS names a folder that gets a picture of every page: at a desk, on a phone, in the dark.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

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
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PAGES = {
    "": "Courses",
    "rounds": "Rounds",
    "pace": "Pace and bottlenecks",
    "seasons": "Seasons",
    "shape": "Start holes and shape",
    "devices": "Device health",
    "quality": "Data quality",
    "runs": "Runs and cost",
}
COURSES = ("americanfalls", "bradshawfarmgc", "erinhills", "indiancreek", "pinehurst4")
# From the click to the last chart, with the answers kept.
WARM_SECONDS = 3.0
COLD_SECONDS = 120
PROBE = re.compile(r"/\w+/_stcore/(health|host-config) - Failed to load resource: .* 404")
IDLE = """
const app = document.querySelector('[data-testid="stApp"]');
return app && app.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
  && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"], [data-stale="true"]')
  && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(c => c.querySelector('.main-svg'));
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[str]:
    """`tm-lakehouse dashboard`, as a reader starts it, and where it is."""
    port = _free_port()
    log = tmp_path_factory.mktemp("served") / "log"
    with log.open("wb") as out:
        command = [Path(sys.executable).parent / "tm-lakehouse", "--env", "local", "dashboard", "--port", str(port)]
        with subprocess.Popen(command, stdout=out, stderr=out) as process:
            try:
                _wait_until_healthy(port, process, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def downloads(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(tmp_path_factory, downloads) -> Iterator[Chrome]:
    """Headless Chromium with a profile of its own, at a desk."""
    with started_browser(tmp_path_factory.mktemp("profile"), downloads) as driver:
        yield driver


@pytest.fixture
def look(served, browser):
    """Open a page and wait until it is drawn; the seconds that took."""
    begin_anew(browser)

    def open_page(path: str = "", query: str = "", seconds: float = COLD_SECONDS) -> float:
        began = time.monotonic()
        browser.get(f"{served}/{path}{'?' + query if query else ''}")
        wait_until_drawn(browser, seconds)
        return time.monotonic() - began

    return open_page


def wait_until_drawn(browser: Chrome, seconds: float = COLD_SECONDS) -> None:
    WebDriverWait(browser, seconds, poll_frequency=0.05).until(lambda driver: driver.execute_script(IDLE))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_a_failure_and_asks_nobody_else(look, browser, path):
    look(path)

    assert browser.find_element(By.TAG_NAME, "h1").text == PAGES[path]
    assert browser.find_elements(By.CSS_SELECTOR, ".js-plotly-plot")
    assert _failures(browser) == []
    assert _complaints(browser) == []
    assert hosts_asked(browser) == {"127.0.0.1"}
    _picture(browser, path, "desk")


@pytest.mark.parametrize("path", PAGES)
def test_a_warm_page_answers_in_time(look, browser, path):
    elsewhere = "seasons" if path != "seasons" else "quality"
    look(path)
    seconds = []
    for _ in range(3):
        _turn_to(browser, elsewhere)
        seconds.append(_turn_to(browser, path))

    sys.stdout.write(f"\nwarm {PAGES[path]}: {min(seconds):.2f} s\n")
    assert min(seconds) <= WARM_SECONDS


@pytest.mark.parametrize("course", COURSES)
def test_a_round_of_every_course_is_on_the_map(look, browser, course):
    look("rounds", f"course={course}")

    assert _failures(browser) == []
    points = browser.execute_script(
        """const drawn = document.querySelector('.js-plotly-plot');
        return drawn.calcdata[drawn.data.findIndex(trace => trace.marker && trace.marker.colorscale)].length"""
    )
    assert points >= 5


def test_a_filter_changes_the_page_and_its_link_shows_the_same_again(look, browser, served):
    look("rounds", "course=erinhills")
    _choose(browser, "Course", "Pinehurst")
    _choose(browser, "Holes played", "18")
    _choose(browser, "In order of", "longest")

    link = browser.current_url
    asked = parse_qs(urlsplit(link).query)
    assert (asked["course"], asked["length"], asked["order"]) == (["pinehurst4"], ["18"], ["longest"])
    shown = _shown(browser)
    assert "Pinehurst No. 4" in shown

    browser.get("about:blank")
    browser.get(link)
    wait_until_drawn(browser)
    assert _shown(browser) == shown


def test_the_course_stays_when_the_page_changes_and_going_back_undoes_it(look, browser):
    look("seasons", "course=indiancreek")
    _page_link(browser, "devices").click()
    _wait_for_url(browser, "/devices?course=indiancreek")
    _choose(browser, "Course", "Erin Hills")
    _wait_for_url(browser, "course=erinhills")

    browser.back()
    _wait_for_url(browser, "course=indiancreek")
    wait_until_drawn(browser)
    assert "Indian Creek" in _shown(browser)


def test_what_a_chart_shows_can_be_taken_along(look, browser, downloads):
    look("seasons", "course=erinhills")
    expander = browser.find_element(By.CSS_SELECTOR, '[data-testid="stExpander"] summary')
    expander.click()
    button = WebDriverWait(browser, 10).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, '[data-testid="stDownloadButton"] button')
    )
    WebDriverWait(browser, 10).until(lambda _: button.is_displayed())
    button.click()

    file = downloads / "rounds-by-month.csv"
    WebDriverWait(browser, 20).until(lambda _: file.exists())
    assert file.read_text().startswith("month_start,month_number,month_name,rounds,pct_total\n")
    assert "course_rounds_by_month" in browser.find_element(By.CSS_SELECTOR, '[data-testid="stCode"]').text


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_every_page_without_scrolling_sideways(look, browser, path):
    with on_a_phone(browser):
        look(path)
        too_wide = pixels_too_wide(browser)
        _picture(browser, path, "phone")

    assert too_wide <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_stands_between_a_page_and_its_reader(look, browser, path, scheme):
    prefer_scheme(browser, scheme)
    look(path)

    assert serious_barriers(browser) == []


@pytest.mark.parametrize("path", PAGES)
def test_in_the_dark_the_page_is_dark(look, browser, path):
    prefer_scheme(browser, "dark")
    look(path)
    shade = browser.execute_script(
        "return getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor.match(/\\d+/g)"
    )
    _picture(browser, path, "dark")

    assert max(map(int, shade[:3])) < 64


def _page_link(browser: Chrome, path: str) -> WebElement:
    return browser.find_element(By.XPATH, f"//*[@data-testid='stPageLink-NavLink'][contains(., '{PAGES[path]}')]")


def _turn_to(browser: Chrome, path: str) -> float:
    """Go to a page by the side bar, as a reader does; the seconds until it is drawn."""
    began = time.monotonic()
    _page_link(browser, path).click()
    WebDriverWait(browser, COLD_SECONDS, poll_frequency=0.02).until(
        lambda driver: driver.execute_script("return document.querySelector('h1')?.textContent") == PAGES[path]
    )
    wait_until_drawn(browser)
    return time.monotonic() - began


def _choose(browser: Chrome, label: str, text: str) -> None:
    """Type into the selectbox of this label and take what it finds."""
    box = browser.find_element(
        By.XPATH, f"//*[@data-testid='stSelectbox'][.//label[contains(normalize-space(), '{label}')]]//input"
    )
    box.click()
    box.send_keys(text)
    box.send_keys(Keys.ENTER)
    time.sleep(0.2)
    wait_until_drawn(browser)


def _shown(browser: Chrome) -> str:
    """The filters and numbers of the page."""
    boxes = browser.find_elements(By.CSS_SELECTOR, '[data-testid="stSelectbox"], [data-testid="stMetric"]')
    inputs = browser.find_elements(
        By.CSS_SELECTOR, '[data-testid="stSelectbox"] input, [data-testid="stDateInput"] input'
    )
    return "\n".join([*(box.text for box in boxes), *(each.get_attribute("value") for each in inputs)])


def _failures(browser: Chrome) -> list[str]:
    found = browser.find_elements(By.CSS_SELECTOR, '[data-testid="stException"], [data-testid="stAlertContentError"]')
    return [each.text for each in found]


def _complaints(browser: Chrome) -> list[str]:
    """Errors on the console. Streamlit's pages look for its server below their own path first, where none answers."""
    return [error for error in console_errors(browser) if not PROBE.search(error)]


def _wait_for_url(browser: Chrome, part: str) -> None:
    WebDriverWait(browser, 30).until(lambda driver: part in driver.current_url, f"no {part} in {browser.current_url}")


def _picture(browser: Chrome, path: str, kind: str) -> None:
    folder = os.environ.get("TM_TEST_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        browser.save_screenshot(str(Path(folder) / f"{path or 'courses'}-{kind}.png"))


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the dashboard did not start: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
