"""Column statistics of tables and partitions: stored as given, gone with their table or partition."""

from typing import Any
from weakref import WeakKeyDictionary

from localstack.aws.api import RequestContext, handler

from tm_localstack.glue.catalog import CatalogOperations, Request, Response, backend_of

ColumnStatistics = dict[str, dict[str, Any]]


class ColumnStatisticsOperations(CatalogOperations):
    """Get, update and delete for tables and for partitions."""

    def __init__(self) -> None:
        super().__init__()
        self._statistics: WeakKeyDictionary[object, ColumnStatistics] = WeakKeyDictionary()

    @handler("GetColumnStatisticsForTable", expand=False)
    def get_column_statistics_for_table(self, context: RequestContext, request: Request) -> Response:
        return self._get(self._table_of(context, request), request)

    @handler("UpdateColumnStatisticsForTable", expand=False)
    def update_column_statistics_for_table(self, context: RequestContext, request: Request) -> Response:
        return self._update(self._table_of(context, request), request)

    @handler("DeleteColumnStatisticsForTable", expand=False)
    def delete_column_statistics_for_table(self, context: RequestContext, request: Request) -> Response:
        return self._delete(self._table_of(context, request), request)

    @handler("GetColumnStatisticsForPartition", expand=False)
    def get_column_statistics_for_partition(self, context: RequestContext, request: Request) -> Response:
        return self._get(self._partition_of(context, request), request)

    @handler("UpdateColumnStatisticsForPartition", expand=False)
    def update_column_statistics_for_partition(self, context: RequestContext, request: Request) -> Response:
        return self._update(self._partition_of(context, request), request)

    @handler("DeleteColumnStatisticsForPartition", expand=False)
    def delete_column_statistics_for_partition(self, context: RequestContext, request: Request) -> Response:
        return self._delete(self._partition_of(context, request), request)

    def _table_of(self, context: RequestContext, request: Request) -> object:
        return self.table(context, request["DatabaseName"], request["TableName"])

    def _partition_of(self, context: RequestContext, request: Request) -> object:
        backend = backend_of(context)
        return backend.get_partition(request["DatabaseName"], request["TableName"], request["PartitionValues"])

    def _get(self, owner: object, request: Request) -> Response:
        with self.catalog_lock:
            known = self._statistics.get(owner, {})
            found = [known[name] for name in request["ColumnNames"] if name in known]
            missing = [_missing_column(name) for name in request["ColumnNames"] if name not in known]
        return {"ColumnStatisticsList": found, "Errors": missing}

    def _update(self, owner: object, request: Request) -> Response:
        with self.catalog_lock:
            known = self._statistics.setdefault(owner, {})
            known.update({entry["ColumnName"]: entry for entry in request["ColumnStatisticsList"]})
        return {"Errors": []}

    def _delete(self, owner: object, request: Request) -> Response:
        with self.catalog_lock:
            self._statistics.get(owner, {}).pop(request["ColumnName"], None)
        return {}


def _missing_column(name: str) -> Response:
    detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"Statistics of column {name} not found."}
    return {"ColumnName": name, "Error": detail}
