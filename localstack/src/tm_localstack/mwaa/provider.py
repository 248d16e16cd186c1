"""Answers MWAA's API: environments, tags, and ways into an environment."""

from localstack.services.plugins import ServiceLifecycleHook

from tm_localstack.mwaa.operations.access import AccessOperations
from tm_localstack.mwaa.operations.environments import EnvironmentOperations
from tm_localstack.mwaa.operations.tags import TagOperations


class MwaaProvider(EnvironmentOperations, TagOperations, AccessOperations, ServiceLifecycleHook):
    """One instance serves all accounts and regions."""

    service = "mwaa"

    def on_before_stop(self) -> None:
        """Leave no Airflow behind when LocalStack stops."""
        self.runner.shut_down()
