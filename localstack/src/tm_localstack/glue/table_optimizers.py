"""Table optimizers: their configuration is kept and answered; maintenance itself runs outside Glue on the laptop."""

from typing import Any
from weakref import WeakKeyDictionary

from localstack.aws.api import CommonServiceException, RequestContext, handler

from tm_localstack.glue import errors
from tm_localstack.glue.catalog import CatalogOperations, Request, Response

OPTIMIZER_TYPES = ("compaction", "retention", "orphan_file_deletion")


class TableOptimizerOperations(CatalogOperations):
    """Create, get, update, delete and list. An optimizer belongs to one table and goes with it."""

    def __init__(self) -> None:
        super().__init__()
        self._optimizers: WeakKeyDictionary[object, dict[str, dict[str, Any]]] = WeakKeyDictionary()

    @handler("CreateTableOptimizer", expand=False)
    def create_table_optimizer(self, context: RequestContext, request: Request) -> Response:
        with self.catalog_lock:
            optimizers = self._of_table(context, request)
            if request["Type"] in optimizers:
                raise errors.already_exists(f"Table optimizer {request['Type']} already exists.")
            optimizers[request["Type"]] = {
                "type": request["Type"],
                "configuration": request["TableOptimizerConfiguration"],
                "configurationSource": "table",
            }
        return {}

    @handler("UpdateTableOptimizer", expand=False)
    def update_table_optimizer(self, context: RequestContext, request: Request) -> Response:
        with self.catalog_lock:
            self._optimizer(context, request)["configuration"] = request["TableOptimizerConfiguration"]
        return {}

    @handler("GetTableOptimizer", expand=False)
    def get_table_optimizer(self, context: RequestContext, request: Request) -> Response:
        return _named(request, TableOptimizer=self._optimizer(context, request))

    @handler("DeleteTableOptimizer", expand=False)
    def delete_table_optimizer(self, context: RequestContext, request: Request) -> Response:
        with self.catalog_lock:
            self._optimizer(context, request)
            del self._of_table(context, request)[request["Type"]]
        return {}

    @handler("ListTableOptimizerRuns", expand=False)
    def list_table_optimizer_runs(self, context: RequestContext, request: Request) -> Response:
        """No runs: Glue's optimizers never run here."""
        self._optimizer(context, request)
        return _named(request, TableOptimizerRuns=[])

    @handler("BatchGetTableOptimizer", expand=False)
    def batch_get_table_optimizer(self, context: RequestContext, request: Request) -> Response:
        found, failures = [], []
        for entry in request["Entries"]:
            wanted = {f"{name[0].upper()}{name[1:]}": value for name, value in entry.items()}
            try:
                optimizer = self._optimizer(context, wanted)
            except CommonServiceException as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                failures.append({**entry, "error": detail})
            else:
                found.append({**{name: entry[name] for name in entry if name != "type"}, "tableOptimizer": optimizer})
        return {"TableOptimizers": found, "Failures": failures}

    def _of_table(self, context: RequestContext, request: Request) -> dict[str, dict[str, Any]]:
        if request["Type"] not in OPTIMIZER_TYPES:
            raise errors.invalid_input(f"Type must be one of {', '.join(OPTIMIZER_TYPES)}.")
        table = self.table(context, request["DatabaseName"], request["TableName"])
        parameters = table.as_dict().get("Parameters") or {}
        if parameters.get("table_type", "").upper() != "ICEBERG":
            raise errors.invalid_input("Table optimizers are supported for Iceberg tables only.")
        return self._optimizers.setdefault(table, {})

    def _optimizer(self, context: RequestContext, request: Request) -> dict[str, Any]:
        with self.catalog_lock:
            optimizer = self._of_table(context, request).get(request["Type"])
        if optimizer is None:
            raise errors.entity_not_found(f"Table optimizer {request['Type']} not found.")
        return optimizer


def _named(request: Request, **content: Any) -> Response:
    return {name: request[name] for name in ("CatalogId", "DatabaseName", "TableName")} | content
