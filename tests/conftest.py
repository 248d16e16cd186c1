"""The AWS under test: what `AWS_ENDPOINT_URL` names, real AWS with TM_TEST_AWS=1, else an emulator of our own."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

import boto3
import pytest
from browser_programs import ProgramMissingError, browser_and_driver
from folder_store import FolderStore
from own_clients import own_clients
from workers import GroupScheduling, rank

from tm_localstack.launcher.local_aws import LocalAws
from tm_localstack.launcher.settings import LauncherSettings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long groups before short ones."""
    items.sort(key=lambda item: rank(item.nodeid))


def pytest_collection_finish(session: pytest.Session) -> None:
    """A browser that is missing ends the session when it begins, not after an hour of other tests."""
    if session.config.option.collectonly or not any(item.get_closest_marker("browser") for item in session.items):
        return
    try:
        browser_and_driver()
    except ProgramMissingError as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> GroupScheduling:
    """How tests are dealt out to workers."""
    return GroupScheduling(config, log)


@pytest.fixture(scope="session")
def aws(local_aws) -> Iterator[None]:
    """Point the session's environment at an AWS, starting an emulator of its own where none is named."""
    with local_aws():
        yield


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory) -> Callable[[], AbstractContextManager[None]]:
    """Start an emulator of one's own for a block, where the environment named no AWS when the session began."""
    is_named = bool(os.environ.get("AWS_ENDPOINT_URL")) or os.environ.get("TM_TEST_AWS") == "1"
    return nullcontext if is_named else lambda: _emulator(tmp_path_factory.mktemp("local-aws"))


@pytest.fixture(scope="session")
def client(aws) -> Callable[[str], object]:
    """A boto3 client by service name."""
    clients: dict[str, object] = {}

    def get(service: str) -> object:
        if service not in clients:
            clients[service] = boto3.client(service)
        return clients[service]

    return get


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., object]:
    """Poll `every` so many seconds until `predicate` gives something true, and return it; fail after `seconds`."""

    def wait(predicate: Callable[[], object], seconds: float, what: str, every: float = 0.2) -> object:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if result := predicate():
                return result
            time.sleep(every)
        raise AssertionError(f"not within {seconds} s: {what}")

    return wait


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A port of 127.0.0.1 that nobody listens on."""
    return _free_port


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Empty buckets."""
    return FolderStore(str(tmp_path / "buckets"))


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Make a name that no other test uses."""
    return lambda prefix: f"{prefix}-{secrets.token_hex(4)}"


@contextmanager
def _emulator(state_directory: Path) -> Iterator[None]:
    settings = LauncherSettings(
        aws_port=_free_port(),
        trino_port=_free_port(),
        state_directory=state_directory,
        cache=LauncherSettings.from_environment().cache,
        iam_calls=LauncherSettings.from_environment().iam_calls,
    )
    emulator = LocalAws(settings)
    with ExitStack() as at_the_end, pytest.MonkeyPatch.context() as patch:
        emulator.start(lambda _: None)
        at_the_end.callback(emulator.stop)
        for name, value in settings.client_environment().items():
            patch.setenv(name, value)
        patch.setenv("TM_LOCAL_STATE_DIR", str(settings.state_directory))
        patch.setenv("TM_LOCAL_AWS_PORT", str(settings.aws_port))
        patch.setenv("TM_LOCAL_TRINO_PORT", str(settings.trino_port))
        patch.delenv("AWS_PROFILE", raising=False)
        at_the_end.enter_context(own_clients(patch))
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
