"""The programs that show pages to tests. No lock brings them: the machine has them."""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET = "get it with `apt install chromium chromium-driver`, or Google Chrome with its ChromeDriver"


class ProgramMissingError(Exception):
    """What is missing, and how to get it."""


def browser_and_driver() -> tuple[str, str]:
    """Paths of the browser and of its driver.

    Raises:
        ProgramMissingError: the machine lacks one of them.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None:
        raise ProgramMissingError(f"a browser is missing: {HOW_TO_GET}")
    if driver is None:
        raise ProgramMissingError(f"ChromeDriver is missing: {HOW_TO_GET}")
    return browser, driver
