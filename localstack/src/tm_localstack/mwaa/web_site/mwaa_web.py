"""An Airflow plugin: MWAA's command line endpoint and its sign-in with a token. Loaded by the web server only."""

import base64
import os
import shlex
import subprocess
import sys
import time
from urllib.parse import parse_qs

import mwaa_tokens
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

COMMAND_SECONDS = 60
# The token stands behind the address's #, which a browser keeps to itself: the page hands it over.
SIGN_IN_PAGE = """<!doctype html><title>Signing in</title><form method="post" action="login"><input type="hidden"
name="token"></form><script>document.forms[0].token.value = location.hash.slice(1); document.forms[0].submit()</script>
"""
# What would not end, or would end the environment.
REFUSED = frozenset({"api-server", "celery", "dag-processor", "db", "kerberos", "scheduler", "standalone", "triggerer"})

app = FastAPI(title="MWAA", docs_url=None, openapi_url=None)


@app.get("/aws-console-sso")
def sign_in_page() -> HTMLResponse:
    """Take the token from the address and send it on."""
    return HTMLResponse(SIGN_IN_PAGE)


@app.post("/login")
async def sign_in(request: Request) -> Response:
    """Exchange a web login token for Airflow's own cookie."""
    form = parse_qs((await request.body()).decode())
    _require(form.get("token", [""])[0], "login")
    response = RedirectResponse("/", status_code=303)
    user = SimpleAuthManagerUser(username="admin", role="ADMIN")
    response.set_cookie(COOKIE_NAME_JWT_TOKEN, get_auth_manager().generate_jwt(user))
    return response


@app.post("/cli")
async def command_line(request: Request) -> dict[str, str]:
    """Run one command of Airflow's and give its output, in base 64."""
    _require(request.headers.get("authorization", "").removeprefix("Bearer "), "cli")
    arguments = shlex.split((await request.body()).decode())
    if not arguments or arguments[0] in REFUSED:
        raise HTTPException(400, f"Not a command of MWAA's: {' '.join(arguments) or 'none given'}")
    answer: dict[str, str] = await run_in_threadpool(_run, arguments)
    return answer


def _run(arguments: list[str]) -> dict[str, str]:
    command = [sys.executable, "-m", "airflow", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise HTTPException(400, f"The command did not end within {COMMAND_SECONDS} s.") from error
    return {name: base64.b64encode(text).decode() for name, text in (("stdout", done.stdout), ("stderr", done.stderr))}


def _require(token: str, purpose: str) -> None:
    if not mwaa_tokens.holds(token, purpose, os.environ["TM_MWAA_TOKEN_SECRET"], now_seconds=time.time()):
        raise HTTPException(403, "The token is not valid, or no longer.")


class MwaaWebPlugin(AirflowPlugin):
    """What Airflow mounts under /aws_mwaa."""

    name = "mwaa_web"
    fastapi_apps = [{"app": app, "url_prefix": "/aws_mwaa", "name": "MWAA"}]  # noqa: RUF012
