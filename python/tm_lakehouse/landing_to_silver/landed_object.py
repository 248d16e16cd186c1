"""One landed file, for those who list what is landed and those who read it."""

import datetime as dt
from typing import NamedTuple


class LandedObject(NamedTuple):
    """One landed file. `name` is its key below the prefix of its course and ingest date."""

    uri: str
    name: str
    size: int
    landed_at: dt.datetime
    etag: str = ""
