"""A pytest plugin of the clients' environment: pyarrow's S3 at the endpoint that AWS_ENDPOINT_URL names.

pyarrow takes an endpoint as an argument alone and PyAthena's Arrow cursor passes none, so they know AWS only. Nothing
else changes; without the variable, nothing at all.
"""

import os
from typing import Any

from pyarrow import fs

ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "")


class _S3FileSystem(fs.S3FileSystem):
    def __init__(self, **options: Any) -> None:
        scheme, _, host = ENDPOINT.partition("://")
        super().__init__(**{"endpoint_override": host, "scheme": scheme} | options)


if ENDPOINT:
    fs.S3FileSystem = _S3FileSystem
