"""Whether the caller may do what a statement for the engine does: the engine itself reads and writes for anybody.

Tables and files that a statement touches are those of its plan. Views are seen through to their tables. A query is
judged by the plan that the engine runs, before it gives a row; a statement that writes by a plan made for that, first.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tm_localstack.athena.errors import USER, USER_ERROR, Failure, StatementFailedError
from tm_localstack.athena.glue_tables import is_iceberg
from tm_localstack.athena.s3_locations import split_location
from tm_localstack.athena.translation.plan import TrinoSql
from tm_localstack.iam.calls.call import Access, tagged
from tm_localstack.iam.rights import AccessRefusedError, CallersRights

READ, CHANGE, CREATE, DROP = "read", "change", "create", "drop"
# Blanks and comments, which clients put before a statement.
_START = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_PART = r'(?:"((?:[^"]|"")*)"|(\w+))'
_NAME = rf"(?:{_PART}\s*\.\s*)?(?:{_PART}\s*\.\s*)?{_PART}"


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(_START + words, re.IGNORECASE | re.DOTALL)


_DDL = {
    CREATE: _begins(rf"CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}"),
    DROP: _begins(rf"DROP\s+(?:TABLE|VIEW)\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
    CHANGE: _begins(rf"ALTER\s+TABLE\s+{_NAME}"),
}
_LOCATION = re.compile(r"\b(?:external_)?location\s*=\s*'([^']*)'", re.IGNORECASE)
_QUERY = _begins(r"(?:SELECT|WITH|VALUES|TABLE|\()")
_PLANNED = _begins(r"(?:SELECT|WITH|VALUES|INSERT|UPDATE|DELETE|MERGE|TABLE|\()")
# The plan of a DELETE that takes whole files away names no table at all.
_CHANGED = _begins(rf"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+{_NAME}")
_AS_QUERY = _begins(r"CREATE\s+TABLE\b.*?\bAS\b")
_EXPLAIN = _begins(r"EXPLAIN\s+(?:ANALYZE\s+)?(?:VERBOSE\s+)?(?:\([^)]*\)\s*)?")
# Parts of a statement whose table was judged before, by an entry of the catalog that was read or changed.
_FOLLOWING = _begins(r"(?:COMMENT\s+ON|CALL|SHOW)\b")
_GLUE_ACTIONS = {
    READ: ("GetTable",),
    CHANGE: ("GetTable", "UpdateTable"),
    CREATE: ("CreateTable",),
    DROP: ("GetTable", "DeleteTable"),
}
_OBJECT_ACTIONS = {
    READ: ("GetObject",),
    CHANGE: ("GetObject", "PutObject"),
    CREATE: ("PutObject",),
    DROP: ("DeleteObject",),
}
_KEY_ACTIONS = {READ: "kms:Decrypt", CHANGE: "kms:GenerateDataKey", CREATE: "kms:GenerateDataKey"}


@dataclass(frozen=True)
class Touched:
    """A table, what a statement does with it, and where its files are or will be."""

    database: str
    table: str
    how: str
    location: str | None = None


class StatementRights:
    """Demands the caller's rights on what statements touch. `explain` gives the rows of a statement of the engine."""

    def __init__(self, rights: CallersRights, find_table: Callable[[str, str], dict[str, Any] | None]) -> None:
        self._rights = rights
        self._find_table = find_table

    def check(self, step: TrinoSql, database: str, explain: Callable[[TrinoSql], list[list[Any]]]) -> None:
        """
        Raises:
            StatementFailedError: the caller may not do that.
        """
        self._demand(_touched(step, database, explain))

    def check_read(self, tables: Iterable[tuple[str, str]]) -> None:
        """Whether the caller may read tables, each a schema and a name in it.

        Raises:
            StatementFailedError: that is not so.
        """
        self._demand(_read(tables))

    def _demand(self, all_touched: Iterable[Touched]) -> None:
        for touched in all_touched:
            try:
                self._rights.demand(self._accesses(touched))
            except AccessRefusedError as refused:
                raise StatementFailedError(_failure(refused)) from refused

    def _accesses(self, touched: Touched) -> list[Access]:
        entry = self._find_table(touched.database, touched.table)
        if entry is None and touched.how != CREATE:
            # The engine says that it is not there.
            return []
        here = f"arn:aws:glue:{self._rights.region}:{self._rights.account_id}"
        path = ("catalog", f"database/{touched.database}", f"table/{touched.database}/{touched.table}")
        actions = list(_GLUE_ACTIONS[touched.how])
        if entry and entry.get("PartitionKeys") and touched.how == READ:
            actions.append("GetPartitions")
        found = [Access(f"glue:{action}", f"{here}:{resource}") for action in actions for resource in path]
        location = touched.location or (entry or {}).get("StorageDescriptor", {}).get("Location")
        return found + (list(self._file_accesses(location, touched.how, entry)) if location else [])

    def _file_accesses(self, location: str, how: str, entry: dict[str, Any] | None) -> Iterator[Access]:
        bucket, prefix = split_location(location)
        prefix = prefix.rstrip("/")
        if how == READ and entry is not None and not is_iceberg(entry):
            yield Access("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": (f"{prefix}/",)})
        for action in _OBJECT_ACTIONS[how]:
            # Any name within: policies grant prefixes.
            yield Access(f"s3:{action}", f"arn:aws:s3:::{bucket}/{prefix}/data")
        key = self._rights.resources.bucket_key(bucket)
        if key and how in _KEY_ACTIONS:
            via = {"kms:viaservice": (f"s3.{self._rights.region}.amazonaws.com",)}
            yield Access(_KEY_ACTIONS[how], key, via | tagged(self._rights.resources.key_tags(key)))


def only_reads(sql: str) -> bool:
    """Whether a statement of the engine is a query, which changes nothing."""
    return bool(_QUERY.match(sql))


def _touched(step: TrinoSql, database: str, explain: Callable[[TrinoSql], list[list[Any]]]) -> Iterator[Touched]:
    sql = _EXPLAIN.sub("", step.sql, count=1) if _EXPLAIN.match(step.sql) else step.sql
    named = [(how, match) for how, pattern in _DDL.items() if (match := pattern.match(sql))]
    for how, match in named:
        where = _LOCATION.search(sql) if how == CREATE else None
        schema, table = _name(match.groups(), database)
        yield Touched(schema, table, how, where.group(1) if where else None)
    is_planned = bool(_PLANNED.match(sql) or _AS_QUERY.match(sql))
    if is_planned:
        (plan,) = explain(TrinoSql(f"EXPLAIN (TYPE IO, FORMAT JSON)\n{sql}", parameters=step.parameters))
        changed = _CHANGED.match(sql)
        target = [Touched(*_name(changed.groups(), database), CHANGE)] if changed else []
        yield from dict.fromkeys([*_of_plan(json.loads(plan[0])), *target])
    if not (named or is_planned or _FOLLOWING.match(sql)):
        reason = "NOT_SUPPORTED: this emulator can't tell what rights the statement needs; `up --no-iam` asks for none"
        raise StatementFailedError(Failure(reason, USER, USER_ERROR))


def _of_plan(plan: dict[str, Any]) -> Iterator[Touched]:
    names = (each["table"]["schemaTable"] for each in plan.get("inputTableColumnInfos", []))
    yield from _read((name["schema"], name["table"]) for name in names)
    if written := plan.get("outputTable"):
        name = written["schemaTable"]
        yield Touched(name["schema"], name["table"], CHANGE)


def _read(tables: Iterable[tuple[str, str]]) -> Iterator[Touched]:
    # `table$snapshots` is told from the table's own files.
    own = dict.fromkeys((schema, table.partition("$")[0]) for schema, table in tables)
    yield from (Touched(schema, table, READ) for schema, table in own if schema != "information_schema")


def _name(groups: Sequence[str | None], database: str) -> tuple[str, str]:
    pairs = [groups[start : start + 2] for start in range(0, len(groups), 2)]
    parts = [(quoted or plain or "").replace('""', '"').lower() for quoted, plain in pairs]
    present = [part for part in parts if part]
    return (present[-2] if len(present) > 1 else database), present[-1]


def _failure(refused: AccessRefusedError) -> Failure:
    if refused.resource.startswith("arn:aws:s3:::"):
        path = refused.resource.removeprefix("arn:aws:s3:::")
        reason = f"PERMISSION_DENIED: Permission denied on S3 path: s3://{path}. {refused}"
    else:
        reason = f"Insufficient permissions to execute the query. {refused}"
    return Failure(reason, USER, USER_ERROR)
