"""Keeps the environments' lives, and ends them with the service."""

from collections.abc import Callable
from functools import cached_property

from tm_localstack.config import LocalConfig
from tm_localstack.mwaa.life import Life
from tm_localstack.mwaa.models import Environment

SHUTDOWN_SECONDS = 30


class EnvironmentRunner:
    """Begins and ends environments, each in a thread of its own."""

    def __init__(self, config: Callable[[], LocalConfig]) -> None:
        self._read_config = config
        self._lives: dict[Environment, Life] = {}

    @cached_property
    def _config(self) -> LocalConfig:
        return self._read_config()

    def begin(self, environment: Environment) -> None:
        """Create an environment and return at once."""
        life = Life(environment, self._config)
        self._lives[environment] = life
        life.begin()

    def end(self, environment: Environment) -> None:
        """Stop an environment's processes and wait until they are gone."""
        life = self._lives.pop(environment, None)
        if life is not None:
            life.stop()
            life.join(SHUTDOWN_SECONDS)

    def shut_down(self) -> None:
        """End all of them, side by side."""
        lives = list(self._lives.values())
        self._lives.clear()
        for life in lives:
            life.stop()
        for life in lives:
            life.join(SHUTDOWN_SECONDS)
