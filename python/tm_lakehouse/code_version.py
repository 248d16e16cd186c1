"""Which code this is: the package's version and a digest of its modules, the same in a checkout, a wheel and a zip."""

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from tm_lakehouse import landing_to_silver, tables

PACKAGE_VERSION = "1.0.0"


def _digest() -> str:
    """SHA-256 over the modules that decide what Silver holds."""
    content = hashlib.sha256()
    for package in (landing_to_silver, tables):
        for module in sorted(_modules(files(package)), key=lambda each: each.name):
            content.update(module.name.encode() + b"\0" + module.read_bytes())
    return content.hexdigest()[:12]


def _modules(folder: Traversable) -> list[Traversable]:
    return [each for each in folder.iterdir() if each.name.endswith(".py")]


CODE_VERSION = f"{PACKAGE_VERSION}+{_digest()}"
