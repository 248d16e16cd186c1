"""Answers Athena's API: workgroups, saved queries, query executions on Trino, and the data catalog."""

from typing import Any, NoReturn

from localstack.aws.api import RequestContext

from tm_localstack.athena.operations.data_catalogs import DataCatalogOperations
from tm_localstack.athena.operations.queries import QueryOperations
from tm_localstack.athena.operations.saved_queries import SavedQueryOperations
from tm_localstack.athena.operations.workgroups import WorkGroupOperations


class AthenaProvider(QueryOperations, WorkGroupOperations, SavedQueryOperations, DataCatalogOperations):
    """One instance serves all accounts and regions."""

    def forward(self, context: RequestContext, request: Any) -> NoReturn:
        """Refuse the operations that nothing here carries out, Spark's notebooks and sessions among them."""
        raise NotImplementedError(f"Athena's {context.operation.name} is not carried out by this emulator")
