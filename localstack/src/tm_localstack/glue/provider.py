"""Answers Glue's API: catalog, column statistics, table optimizers, jobs, runs and triggers."""

from localstack.services.plugins import ServiceLifecycleHook

from tm_localstack.glue.column_statistics import ColumnStatisticsOperations
from tm_localstack.glue.table_optimizers import TableOptimizerOperations
from tm_localstack.glue.triggers import TriggerOperations


class GlueProvider(ColumnStatisticsOperations, TableOptimizerOperations, TriggerOperations, ServiceLifecycleHook):
    """One instance serves all accounts and regions."""

    service = "glue"

    def on_before_stop(self) -> None:
        """Leave no Spark behind when LocalStack stops."""
        self.scheduler.stop()
        self.runner.shut_down()
