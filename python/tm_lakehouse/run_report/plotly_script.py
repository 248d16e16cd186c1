"""plotly's script, packed as a report carries it.

Whole it has over 4 MB, which a report must not have; packed it takes 2 MB, and a browser unpacks it by itself. So it is
the pinned script that plotly's own package brings, whatever makes the report, and no bundle that somebody has to build.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

from tm_lakehouse.errors import LakehouseError

_INSTALLED = "plotly/package_data/plotly.min.js"


@dataclass(frozen=True)
class PackedScript:
    """`packed` is the script's gzip in base64; `integrity` is what a content security policy calls it by."""

    packed: str
    integrity: str
    version: str


@cache
def packed_script() -> PackedScript:
    """The script: the package's own copy, which its wheel carries, or that of the plotly that is installed.

    Raises:
        LakehouseError: there is neither.
    """
    text = _script()
    packed = base64.b64encode(gzip.compress(text, 9, mtime=0)).decode()
    version = text[:200].partition(b"plotly.js v")[2].split()[0].decode()
    return PackedScript(packed, integrity(text), version)


def integrity(text: bytes) -> str:
    """A script's hash as a content security policy writes it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}"


def _script() -> bytes:
    own = files(__package__).joinpath("page", "plotly.min.js")
    if own.is_file():
        return own.read_bytes()
    try:
        return bytes(distribution("plotly").locate_file(_INSTALLED).read_bytes())  # type: ignore[attr-defined]
    except (PackageNotFoundError, FileNotFoundError):
        raise LakehouseError("plotly's script is missing, so no chart can be drawn.", "Run `make setup`.") from None
