"""What the site needs besides the pages: documents of the project's root, and diagrams without a network."""

import posixpath
import re
import sys
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

PROJECT = Path(__file__).resolve().parents[2]
sys.path.append(str(PROJECT / "localstack" / "engines"))
from java_artifacts import site_script  # noqa: E402

ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "README.md": "index.md"}
GENERATED = {page: source for source, page in ROOT_PAGES.items() if source != "README.md"}
DIAGRAMS = "site/mermaid.min.js"
SEARCH = 'data-md-component="search" role="dialog"'
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the root's documents, and the script that draws diagrams."""
    for page, source in GENERATED.items():
        files.append(File.generated(config, page, content=(PROJECT / source).read_text(encoding="utf-8")))
    if not site_script().is_file():
        raise PluginError("The script that draws diagrams is missing: `make docs-site` installs it.")
    files.append(File.generated(config, DIAGRAMS, abs_src_path=str(site_script())))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Links between the root and docs lead to the site's pages, as on GitHub they lead to the files."""
    here = PurePosixPath(page.file.src_uri)
    source = GENERATED.get(str(here), f"docs/{here}")

    def to_site(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
        place = ROOT_PAGES.get(target) or target.removeprefix("docs/")
        return f"]({posixpath.relpath(place, str(here.parent))}" if place != target else found[0]

    return LINK.sub(to_site, markdown)


def on_post_page(output: str, *, page: Page, **_: object) -> str:
    """Name the search for who can't see it; load the diagrams' script where there is a diagram: it is large."""
    output = output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
    if 'class="mermaid"' not in output:
        return output
    script = posixpath.relpath(DIAGRAMS, posixpath.dirname(page.url) or ".")
    return output.replace("</head>", f'<script src="{script}"></script></head>', 1)
