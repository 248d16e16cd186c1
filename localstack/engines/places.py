"""Where the set-up puts things: environments in the checkout, downloads outside it."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REQUIREMENTS = PROJECT / "requirements"
RUNTIMES = PROJECT / ".runtime"


def cache() -> Path:
    """Downloads shared by every checkout of this user: TM_CACHE_DIR, else the platform's cache folder."""
    if named := os.environ.get("TM_CACHE_DIR"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tm-lakehouse"


def environment(name: str) -> Path:
    """The tools' environment is `.venv`, where editors look for it; the others lie under `.runtime`."""
    return PROJECT / ".venv" if name == "tools" else RUNTIMES / name
