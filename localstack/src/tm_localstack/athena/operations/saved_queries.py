"""Named queries and prepared statements."""

from typing import Any

from localstack.aws.api import RequestContext, handler

from tm_localstack.athena.models import NamedQuery, PreparedStatement, PreparedStatements
from tm_localstack.athena.operations.requests import Operations, Request, invalid_request, not_found, page

_PAGE = 50


class SavedQueryOperations(Operations):
    """Queries that are kept for later."""

    @handler("CreateNamedQuery", expand=False)
    def create_named_query(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroup = self.workgroup(context, request.get("WorkGroup"))
        query = NamedQuery(
            name=request["Name"],
            database=request["Database"],
            query=request["QueryString"],
            workgroup=workgroup.name,
            description=request.get("Description") or "",
        )
        self.store(context).named_queries[query.id] = query
        return {"NamedQueryId": query.id}

    @handler("GetNamedQuery", expand=False)
    def get_named_query(self, context: RequestContext, request: Request) -> dict[str, Any]:
        return {"NamedQuery": self._named_query(context, request["NamedQueryId"]).as_named_query()}

    @handler("BatchGetNamedQuery", expand=False)
    def batch_get_named_query(self, context: RequestContext, request: Request) -> dict[str, Any]:
        known = self.store(context).named_queries
        ids = request["NamedQueryIds"]
        missing = [
            {
                "NamedQueryId": query_id,
                "ErrorCode": "INVALID_INPUT",
                "ErrorMessage": f"NamedQuery {query_id} is not found",
            }
            for query_id in ids
            if query_id not in known
        ]
        return {
            "NamedQueries": [known[query_id].as_named_query() for query_id in ids if query_id in known],
            "UnprocessedNamedQueryIds": missing,
        }

    @handler("ListNamedQueries", expand=False)
    def list_named_queries(self, context: RequestContext, request: Request) -> dict[str, Any]:
        workgroup = self.workgroup(context, request.get("WorkGroup")).name
        queries = self.store(context).named_queries.values()
        ids = [query.id for query in queries if query.workgroup == workgroup]
        found, token = page(ids, request, _PAGE)
        return {"NamedQueryIds": found, **token}

    @handler("UpdateNamedQuery", expand=False)
    def update_named_query(self, context: RequestContext, request: Request) -> dict[str, Any]:
        query = self._named_query(context, request["NamedQueryId"])
        query.name, query.query = request["Name"], request["QueryString"]
        query.description = request.get("Description", query.description)
        return {}

    @handler("DeleteNamedQuery", expand=False)
    def delete_named_query(self, context: RequestContext, request: Request) -> dict[str, Any]:
        query = self._named_query(context, request["NamedQueryId"])
        self.store(context).named_queries.pop(query.id, None)
        return {}

    @handler("CreatePreparedStatement", expand=False)
    def create_prepared_statement(self, context: RequestContext, request: Request) -> dict[str, Any]:
        prepared, name = self.prepared(context, request["WorkGroup"]), request["StatementName"]
        if prepared.get(name):
            raise invalid_request(f"PreparedStatement {name} already exists")
        prepared.put(name, request["QueryStatement"], request.get("Description") or "")
        return {}

    @handler("GetPreparedStatement", expand=False)
    def get_prepared_statement(self, context: RequestContext, request: Request) -> dict[str, Any]:
        found = self._prepared_statement(context, request)
        return {"PreparedStatement": found.as_prepared_statement()}

    @handler("BatchGetPreparedStatement", expand=False)
    def batch_get_prepared_statement(self, context: RequestContext, request: Request) -> dict[str, Any]:
        prepared = self.prepared(context, request["WorkGroup"])
        asked = {name: prepared.get(name) for name in request["PreparedStatementNames"]}
        missing = [
            {"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND", "ErrorMessage": "Statement is not found"}
            for name, statement in asked.items()
            if statement is None
        ]
        found = [statement.as_prepared_statement() for statement in asked.values() if statement]
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    @handler("ListPreparedStatements", expand=False)
    def list_prepared_statements(self, context: RequestContext, request: Request) -> dict[str, Any]:
        found, token = page(self.prepared(context, request["WorkGroup"]).all(), request, _PAGE)
        summaries = [{"StatementName": item.name, "LastModifiedTime": item.modified} for item in found]
        return {"PreparedStatements": summaries, **token}

    @handler("UpdatePreparedStatement", expand=False)
    def update_prepared_statement(self, context: RequestContext, request: Request) -> dict[str, Any]:
        found = self._prepared_statement(context, request)
        description = request.get("Description", found.description)
        self.prepared(context, request["WorkGroup"]).put(found.name, request["QueryStatement"], description)
        return {}

    @handler("DeletePreparedStatement", expand=False)
    def delete_prepared_statement(self, context: RequestContext, request: Request) -> dict[str, Any]:
        found = self._prepared_statement(context, request)
        self.prepared(context, request["WorkGroup"]).remove(found.name)
        return {}

    def prepared(self, context: RequestContext, workgroup: str) -> PreparedStatements:
        """The prepared statements of a workgroup."""
        return PreparedStatements(self.store(context), self.workgroup(context, workgroup).name)

    def _named_query(self, context: RequestContext, query_id: str) -> NamedQuery:
        query = self.store(context).named_queries.get(query_id)
        if query is None:
            raise invalid_request(f"NamedQuery {query_id} is not found")
        return query

    def _prepared_statement(self, context: RequestContext, request: Request) -> PreparedStatement:
        name = request["StatementName"]
        found = self.prepared(context, request["WorkGroup"]).get(name)
        if found is None:
            raise not_found(f"PreparedStatement {name} was not found in workgroup {request['WorkGroup']}", name)
        return found
