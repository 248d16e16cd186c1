"""Steps that find, add, change and drop the partitions of tables of files."""

from typing import Any

from tm_localstack.athena.errors import StatementFailedError, ddl_failure
from tm_localstack.athena.results import Row
from tm_localstack.athena.steps.catalog import refuse_iceberg
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Name, literal


def repair_table(context: StepContext, step: plan.RepairTable) -> None:
    """Add partitions that S3 holds and the catalog lacks; the result names them."""
    refuse_iceberg(context, step.name, "MSCK REPAIR TABLE")
    before = set(context.glue.partition_names(step.name))
    schema, table = literal(step.name.database or ""), literal(step.name.table)
    context.execute(f"CALL hive.system.sync_partition_metadata({schema}, {table}, 'ADD')")
    added = [name for name in context.glue.partition_names(step.name) if name not in before]
    lines: list[Row] = [[f"Partitions not in metastore:\t{step.name.table}:{name}"] for name in added]
    lines += [[f"Repair: Added partition to metastore {step.name.table}:{name}"] for name in added]
    context.answer([""], lines)


def add_partitions(context: StepContext, step: plan.AddPartitions) -> None:
    table = context.glue.table(step.name)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    known = set(context.glue.partition_names(step.name))
    for values, location in step.partitions:
        name = "/".join(f"{key}={values.get(key, '')}" for key in keys)
        if name in known and step.if_not_exists:
            continue
        descriptor = dict(table["StorageDescriptor"])
        descriptor["Location"] = location or f"{descriptor['Location'].rstrip('/')}/{name}/"
        partition = {"Values": [values[key] for key in keys], "StorageDescriptor": descriptor}
        _check_keys(values, keys)
        context.glue.call(
            "create_partition", DatabaseName=step.name.database, TableName=step.name.table, PartitionInput=partition
        )


def drop_partitions(context: StepContext, step: plan.DropPartitions) -> None:
    keys = [key["Name"] for key in context.glue.table(step.name).get("PartitionKeys", [])]
    known = set(context.glue.partition_names(step.name))
    for values in step.partitions:
        _check_keys(values, keys)
        if "/".join(f"{key}={values[key]}" for key in keys) not in known and step.if_exists:
            continue
        partition = [values[key] for key in keys]
        context.glue.call(
            "delete_partition",
            DatabaseName=step.name.database,
            TableName=step.name.table,
            PartitionValues=partition,
        )


def set_partition_location(context: StepContext, step: plan.SetPartitionLocation) -> None:
    partition, values = _partition(context, step.name, step.values)
    partition["StorageDescriptor"]["Location"] = step.location
    _update(context, step.name, values, partition)


def rename_partition(context: StepContext, step: plan.RenamePartition) -> None:
    """Give a partition other values of its keys; its files stay where they are."""
    partition, values = _partition(context, step.name, step.values)
    keys = _keys(context, step.name)
    _check_keys(step.to, keys)
    _update(context, step.name, values, partition | {"Values": [step.to[key] for key in keys]})


def _partition(context: StepContext, name: Name, values: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    keys = _keys(context, name)
    _check_keys(values, keys)
    wanted = [values[key] for key in keys]
    found = context.glue.call(
        "get_partition", DatabaseName=name.database, TableName=name.table, PartitionValues=wanted
    )["Partition"]
    return {key: found[key] for key in ("Values", "StorageDescriptor", "Parameters") if key in found}, wanted


def _update(context: StepContext, name: Name, values: list[str], partition: dict[str, Any]) -> None:
    context.glue.call(
        "update_partition",
        DatabaseName=name.database,
        TableName=name.table,
        PartitionValueList=values,
        PartitionInput=partition,
    )


def _keys(context: StepContext, name: Name) -> list[str]:
    return [key["Name"] for key in context.glue.table_with_partitions(name)["PartitionKeys"]]


def _check_keys(values: dict[str, str], keys: list[str]) -> None:
    if set(values) != set(keys):
        reason = f"FAILED: SemanticException Partition spec {values} does not name the keys {keys}"
        raise StatementFailedError(ddl_failure(reason))
