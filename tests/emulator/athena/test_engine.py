"""The engine's own failures."""

import socket
import subprocess

from tm_localstack.launcher.settings import runtime_python

ASK = """
from tm_localstack.athena.errors import EngineUnavailableError
from tm_localstack.athena.trino_engine import TrinoEngine
try:
    list(TrinoEngine("http://127.0.0.1:{port}").start("select 1", "default").pages())
except EngineUnavailableError as error:
    print(error.failure.category, error.failure.retryable, error.failure.reason)
"""


def test_an_engine_that_does_not_answer_fails_the_query_with_its_name():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        asked = [str(runtime_python("emulator")), "-c", ASK.format(port=probe.getsockname()[1])]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("1 True The query engine (Trino) does not answer: ")
