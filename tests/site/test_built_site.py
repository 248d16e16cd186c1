"""The site is built without a warning, and a reader's browser fetches nothing of it from elsewhere."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What a browser fetches by itself; a link (`a`) it follows only where somebody clicks.
FETCHED = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "script": "src",
    "source": "src",
}


class Fetched(HTMLParser):
    """The addresses that a page has its browser fetch."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("canonical", "next", "prev"):
            return
        if address := given.get(FETCHED.get(tag, "")):
            self.addresses.append(address)


def test_every_page_is_there(site):
    pages = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    written = {str(path.relative_to(ROOT / "docs").with_suffix(".html")) for path in (ROOT / "docs").rglob("*.md")}

    assert pages == written | {"404.html", "contributing.html", "changelog.html"}


def test_what_a_page_fetches_is_in_the_site(site):
    missing = [
        (page.name, address)
        for page in site.rglob("*.html")
        if page.name != "404.html"
        for address in Fetched(page).addresses
        if not (page.parent / address.partition("?")[0].partition("#")[0]).is_file()
    ]

    assert missing == []
    assert len(Fetched(site / "index.html").addresses) > 3


def test_styles_fetch_nothing(site):
    styles = list(site.rglob("*.css"))
    found = [
        (path.name, each)
        for path in styles
        for each in re.findall(r"(?:@import|url\()[^;)]*//[^;)]*", path.read_text())
    ]

    assert styles
    assert [(name, address) for name, address in found if "data:" not in address] == []


def test_the_script_of_diagrams_is_loaded_where_there_is_a_diagram(site):
    loads = {page.name: "mermaid.min.js" in page.read_text() for page in site.rglob("*.html")}

    assert loads["flow.html"]
    assert loads["architecture.html"]
    assert not loads["index.html"]
    assert (site / "site" / "mermaid.min.js").stat().st_size > 1_000_000


def test_links_to_documents_of_the_root_lead_to_their_pages(site):
    assert 'href="contributing.html"' in (site / "index.html").read_text()
    assert 'href="../contributing.html#dependencies"' in (site / "how-to" / "upgrade-dbt.html").read_text()
    assert 'href="how-to/add-a-course.html"' in (site / "contributing.html").read_text()


def test_search_works_without_a_server(site):
    index = json.loads((site / "search" / "search_index.js").read_text().removeprefix("var __index = "))
    found = {each["location"].partition("#")[0] for each in index["docs"]}

    assert "site/iframe-worker.js" in Fetched(site / "index.html").addresses
    assert {str(path.relative_to(site)) for path in site.rglob("*.html")} - found == {"404.html"}
