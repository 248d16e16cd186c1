"""What one statement of Athena asks for: its kind, and the steps that carry it out."""

from dataclasses import dataclass, field, replace
from typing import Any

from tm_localstack.athena.translation.cursor import Name
from tm_localstack.athena.translation.types import Type

DEFAULT_DATABASE = "default"


class RefusedError(Exception):
    """A statement that Athena itself refuses while it runs it. The message begins with Athena's error name."""


class NotCarriedOutError(Exception):
    """A statement that Athena has and this emulator does not carry out."""


@dataclass(frozen=True)
class Context:
    """What a statement is read in: the query's database, its id, and where the workgroup lets it write."""

    database: str
    query_id: str
    output_prefix: str
    enforces_output: bool = False


@dataclass(frozen=True)
class Column:
    name: str
    type: Type
    comment: str | None = None


@dataclass(frozen=True)
class Step:
    """Something to do in order to carry out a statement."""


@dataclass(frozen=True)
class TrinoSql(Step):
    """Run a statement in Trino. Its rows are the result where `gives_rows`, its count of rows the update count."""

    sql: str
    gives_rows: bool = True
    parameters: tuple[str, ...] = ()
    session: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.sql


@dataclass(frozen=True)
class CheckIcebergColumns(Step):
    """Fail where a query gives a column that Athena can't write to Iceberg."""

    query: str
    parameters: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.query


@dataclass(frozen=True)
class CheckEmptyLocation(Step):
    """Fail where the target of a write already holds objects."""

    location: str


@dataclass(frozen=True)
class NoteFiles(Step):
    """Say where the statement's files were written, for its manifest."""

    location: str


@dataclass(frozen=True)
class CreateDatabase(Step):
    name: str
    if_not_exists: bool
    location: str | None = None
    comment: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DropDatabase(Step):
    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class SetDatabaseProperties(Step):
    name: str
    properties: dict[str, str]


@dataclass(frozen=True)
class CreateGlueTable(Step):
    """Put a table that only points to files into the catalog."""

    name: Name
    table_input: dict[str, Any]
    if_not_exists: bool


@dataclass(frozen=True)
class OfTable(Step):
    """A step on one table of the catalog."""

    name: Name


@dataclass(frozen=True)
class DropTable(OfTable):
    if_exists: bool


@dataclass(frozen=True)
class AddColumns(OfTable):
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class ReplaceColumns(OfTable):
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class ChangeColumn(OfTable):
    """Rename or retype a column, and move it: behind column `after`, or with `after` empty to the first place."""

    column: str
    to: Column
    after: str | None = None


@dataclass(frozen=True)
class DropColumn(OfTable):
    column: str


@dataclass(frozen=True)
class RenameTable(OfTable):
    to: Name


@dataclass(frozen=True)
class SetLocation(OfTable):
    location: str


@dataclass(frozen=True)
class SetTableProperties(OfTable):
    properties: dict[str, str]


@dataclass(frozen=True)
class UnsetTableProperties(OfTable):
    keys: tuple[str, ...]


@dataclass(frozen=True)
class AddPartitions(OfTable):
    """Partitions by the values of their keys, each with its location or None for the usual one."""

    partitions: tuple[tuple[dict[str, str], str | None], ...]
    if_not_exists: bool


@dataclass(frozen=True)
class DropPartitions(OfTable):
    partitions: tuple[dict[str, str], ...]
    if_exists: bool


@dataclass(frozen=True)
class SetPartitionLocation(OfTable):
    values: dict[str, str]
    location: str


@dataclass(frozen=True)
class RenamePartition(OfTable):
    values: dict[str, str]
    to: dict[str, str]


@dataclass(frozen=True)
class Vacuum(OfTable):
    """Expire old snapshots and remove orphan files, as the table's vacuum properties say."""


@dataclass(frozen=True)
class Optimize(OfTable):
    where: str


@dataclass(frozen=True)
class RepairTable(OfTable):
    """Find the partitions of a table in S3 and add them to the catalog."""


@dataclass(frozen=True)
class Describe(OfTable):
    """Columns, and with `full` everything else, of a table."""

    full: bool = False


@dataclass(frozen=True)
class ShowColumns(OfTable):
    pass


@dataclass(frozen=True)
class ShowPartitions(OfTable):
    pass


@dataclass(frozen=True)
class ShowTableProperties(OfTable):
    key: str | None


@dataclass(frozen=True)
class ShowCreate(OfTable):
    """The statement that makes a table or (`of_view`) a view."""

    of_view: bool


@dataclass(frozen=True)
class ShowDatabases(Step):
    pattern: str | None


@dataclass(frozen=True)
class ShowTables(Step):
    """Tables (with `only_views` views) of a database whose names match a pattern."""

    database: str
    pattern: str | None
    only_views: bool = False


@dataclass(frozen=True)
class PrepareStatement(Step):
    name: str
    query: str


@dataclass(frozen=True)
class DeallocateStatement(Step):
    name: str


@dataclass(frozen=True)
class ExecuteStatement(Step):
    """Run a prepared statement of the workgroup with parameters, each the text of an expression."""

    name: str
    parameters: tuple[str, ...]


def with_parameters(step: Step, parameters: tuple[str, ...]) -> Step:
    """The step with the parameters of its question marks, where it is one that has some."""
    if parameters and isinstance(step, TrinoSql | CheckIcebergColumns) and "?" in step.text:
        return replace(step, parameters=parameters)
    return step
