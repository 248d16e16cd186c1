"""The site shows every page once, and fetches nothing from elsewhere."""

from pathlib import Path

import pytest
import yaml
from documented_commands import documents

ROOT = Path(__file__).parents[3]
# Documents of the root, which the site takes in under names of their own.
OF_THE_ROOT = {"contributing.md", "changelog.md"}


class _Settings(yaml.SafeLoader):
    """MkDocs's YAML names Python objects, which say nothing here."""


_Settings.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


@pytest.fixture(scope="module")
def settings():
    return yaml.load((ROOT / "mkdocs.yml").read_text(), Loader=_Settings)


def pages_of(entry):
    if isinstance(entry, str):
        return [entry]
    return [page for each in (entry.values() if isinstance(entry, dict) else entry) for page in pages_of(each)]


def test_every_page_is_in_the_navigation_once(settings):
    shown = pages_of(settings["nav"])
    docs = ROOT / "docs"
    written = {str(path.relative_to(docs)) for path in documents(ROOT) if path.is_relative_to(docs)}

    assert len(shown) == len(set(shown))
    assert set(shown) == written | OF_THE_ROOT


def test_a_broken_link_or_anchor_fails_the_site(settings):
    assert settings["strict"] is True
    assert {setting for part in settings["validation"].values() for setting in part.values()} == {"warn"}


def test_the_site_asks_for_nothing_from_elsewhere(settings):
    assert settings["theme"]["font"] is False
    assert not [name for name in settings.get("extra_javascript", []) if "://" in str(name)]
    assert not [name for name in settings["extra_css"] if "://" in name]
    assert "analytics" not in settings["extra"]
