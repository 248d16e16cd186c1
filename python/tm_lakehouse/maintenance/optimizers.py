"""Glue's own table optimizers: compaction, snapshot retention and removal of orphan files, set through the API."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

Kind = Literal["compaction", "retention", "orphan_file_deletion"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Retention:
    """How many days old snapshots and orphan files are kept."""

    snapshots_days: int
    orphans_days: int


def iceberg_tables(glue: "GlueClient", database: str) -> list[str]:
    """The names of a database's Iceberg tables."""
    pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
    return sorted(
        table["Name"]
        for page in pages
        for table in page["TableList"]
        if table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
    )


def configuration(kind: Kind, role_arn: str, location: str, retention: Retention) -> dict[str, Any]:
    """What an optimizer of a table at `location` is to do."""
    common: dict[str, Any] = {"roleArn": role_arn, "enabled": True}
    if kind == "retention":
        kept = {"snapshotRetentionPeriodInDays": retention.snapshots_days, "numberOfSnapshotsToRetain": 1}
        return common | {"retentionConfiguration": {"icebergConfiguration": kept | {"cleanExpiredFiles": True}}}
    if kind == "orphan_file_deletion":
        removed = {"orphanFileRetentionPeriodInDays": retention.orphans_days, "location": location}
        return common | {"orphanFileDeletionConfiguration": {"icebergConfiguration": removed}}
    return common


def enable(glue: "GlueClient", database: str, table: str, kind: Kind, wanted: dict[str, Any]) -> str:
    """Make an optimizer what it is to be; "made", "changed" or "unchanged"."""
    account = glue.get_table(DatabaseName=database, Name=table)["Table"]["CatalogId"]
    named: dict[str, Any] = {"CatalogId": account, "DatabaseName": database, "TableName": table, "Type": kind}
    try:
        present = glue.get_table_optimizer(**named)["TableOptimizer"]["configuration"]
    except glue.exceptions.EntityNotFoundException:
        glue.create_table_optimizer(**named, TableOptimizerConfiguration=wanted)  # type: ignore[arg-type]
        return "made"
    if _covers(present, wanted):
        return "unchanged"
    glue.update_table_optimizer(**named, TableOptimizerConfiguration=wanted)  # type: ignore[arg-type]
    return "changed"


def find(glue: "GlueClient", database: str, table: str, kind: Kind) -> dict[str, Any] | None:
    """An optimizer as Glue tells it, with its last run; None where there is none."""
    account = glue.get_table(DatabaseName=database, Name=table)["Table"]["CatalogId"]
    try:
        answer = glue.get_table_optimizer(CatalogId=account, DatabaseName=database, TableName=table, Type=kind)
    except glue.exceptions.EntityNotFoundException:
        return None
    return dict(answer["TableOptimizer"])


def _covers(present: Any, wanted: Any) -> bool:
    """Whether all that is wanted is so; Glue adds defaults of its own."""
    if isinstance(wanted, dict):
        return isinstance(present, dict) and all(_covers(present.get(name), value) for name, value in wanted.items())
    return bool(present == wanted)
