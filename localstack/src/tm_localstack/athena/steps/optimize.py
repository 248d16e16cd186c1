"""OPTIMIZE: the files that Athena's properties choose, rewritten by Trino."""

from collections import Counter
from typing import Any

from tm_localstack.athena.compaction import DataFile, Limits, files_to_rewrite
from tm_localstack.athena.steps import create_text
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.steps.maintenance import iceberg_properties, metadata_table
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Cursor, Name, literal

# A statement names its files one by one, and may hold a million bytes.
PATHS_AT_ONCE = 2_000
# What Iceberg calls the path of the data file in the bounds of a delete file.
_PATH_FIELD = 2_147_483_546
_ANY_SIZE = "1000TB"


def optimize(context: StepContext, step: plan.Optimize) -> None:
    """Rewrite the files of each partition that are too small, too large or have too many deletes."""
    limits = Limits.of(iceberg_properties(context, step.name))
    files = _data_files(context, step.name)
    session = (("awsdatacatalog.target_max_file_size", f"{limits.target}B"),)
    for where in _parts(step.where, files_to_rewrite(files, limits), len(files)):
        sql = f"ALTER TABLE {step.name.sql} EXECUTE optimize(file_size_threshold => '{_ANY_SIZE}') {where}"
        context.execute(sql.rstrip(), session)


def _parts(asked: str, paths: list[str], files: int) -> list[str]:
    """The WHERE clause of each statement that rewrites some of the files."""
    # Only a statement without a WHERE also drops the delete files that it applied.
    if not asked and len(paths) == files:
        return [""] if files else []
    # Without files to rewrite the engine is asked all the same: it refuses a WHERE that is not on partitions.
    parts = [paths[first : first + PATHS_AT_ONCE] for first in range(0, len(paths), PATHS_AT_ONCE)] or [[""]]
    cursor = Cursor(asked)
    also = f"({cursor.source()}) AND " if cursor.accept("WHERE") else ""
    return [f'WHERE {also}"$path" IN ({", ".join(map(literal, part))})' for part in parts]


def _data_files(context: StepContext, name: Name) -> list[DataFile]:
    is_partitioned = create_text.partition_fields(context.rows_of(f"SHOW CREATE TABLE {name.sql}")[0][0])
    partition = "json_format(CAST(data_file.partition AS json))" if is_partitioned else "''"
    bounds = ", ".join(f"element_at(data_file.{side}_bounds, {_PATH_FIELD})" for side in ("lower", "upper"))
    rows = context.rows_of(
        f"SELECT data_file.content, data_file.file_path, data_file.file_size_in_bytes, "
        f"CAST(data_file.spec_id AS varchar) || {partition}, {bounds} "
        f"FROM {metadata_table(name, 'entries')} WHERE status <> 2"
    )
    return _with_deletes(rows)


def _with_deletes(rows: list[list[Any]]) -> list[DataFile]:
    # A delete file of one data file has that file's path as its lower and its upper bound.
    deletes = Counter(lower for content, _, _, _, lower, upper in rows if content and lower and lower == upper)
    return [DataFile(path, size, group, deletes[path]) for content, path, size, group, _, _ in rows if not content]
