"""Tokens as GitHub gives its workflows, of an issuer of our own that the local AWS asks instead of GitHub's."""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tm_localstack.launcher.settings import runtime_python

ISSUER = "https://token.actions.githubusercontent.com"
HOST = ISSUER.removeprefix("https://")
SCRIPT = Path(__file__).with_name("oidc_issuer.py")


@contextmanager
def github_tokens() -> Iterator[Callable[..., str]]:
    """Ask for tokens by their subject and other claims: genuine ones, or of the path `forged`."""
    process = subprocess.Popen([str(runtime_python("emulator")), str(SCRIPT)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        address = process.stdout.readline().strip()
        _post(f"{os.environ['AWS_ENDPOINT_URL']}/_tm/oidc", {"issuer": ISSUER, "address": address})

        def token(sub: str, path: str = "token", **changed: object) -> str:
            now = int(time.time())
            claims = {"iss": ISSUER, "aud": "sts.amazonaws.com", "sub": sub, "iat": now, "exp": now + 3000}
            return _post(f"{address}/{path}", claims | changed)

        yield token
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def _post(url: str, body: object) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(body).encode())) as answer:
        return str(answer.read().decode())
