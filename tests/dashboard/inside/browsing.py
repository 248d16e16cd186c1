"""Chromium without a window: how it is started, what it is made to be, and what can be asked of the page it shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from browser_programs import browser_and_driver
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

DESK, PHONE = (1440, 1000), (390, 844)
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip
AXE = files("axe_playwright_python") / "axe.min.js"
NETWORK = ("http", "https", "ws", "wss")


@contextmanager
def started_browser(profile: Path, downloads: Path) -> Iterator[Chrome]:
    """A browser with a profile of its own, at a desk."""
    program, driver = browser_and_driver()
    options = ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    with Chrome(options=options, service=Service(driver)) as browser:
        browser.set_window_size(*DESK)
        yield browser


def begin_anew(browser: Chrome) -> None:
    """At a desk, in the light, with nothing told yet."""
    browser.set_window_size(*DESK)
    prefer_scheme(browser, "light")
    for kind in ("browser", "performance"):
        browser.get_log(kind)


def prefer_scheme(browser: Chrome, scheme: str) -> None:
    """The reader prefers pages that are light, or dark."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )


@contextmanager
def on_a_phone(browser: Chrome) -> Iterator[None]:
    """Pages are shown as on a phone meanwhile."""
    width, height = PHONE
    browser.set_window_size(width, height)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def pixels_too_wide(browser: Chrome) -> int:
    """How far a reader would have to scroll sideways."""
    found: int = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    return found


def console_errors(browser: Chrome) -> list[str]:
    """What the page complained of since this was asked last."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def hosts_asked(browser: Chrome) -> set[str | None]:
    """Whom the page asked for something since this was asked last."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    urls = [
        event["params"].get("url") or event["params"]["request"]["url"]
        for event in events
        if event["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated")
    ]
    return {urlsplit(url).hostname for url in urls if urlsplit(url).scheme in NETWORK}


def serious_barriers(browser: Chrome) -> list[tuple[str, str]]:
    """What axe finds that keeps somebody from reading the page: the rule, and the element."""
    browser.execute_script(AXE.read_text())
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(done, error => done(String(error)))"
    )
    return [
        (each["id"], node["html"][:200])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
