"""Which data files of an Iceberg table OPTIMIZE rewrites, by Athena's table properties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DEFAULT_TARGET_BYTES = 536_870_912
DEFAULT_FILE_THRESHOLD = 5
DEFAULT_DELETE_THRESHOLD = 2


@dataclass(frozen=True)
class DataFile:
    """One data file; `partition` tells apart what is never rewritten together, `deletes` counts its delete files."""

    path: str
    size: int
    partition: str
    deletes: int = 0


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes; how many files make a rewrite worth while; how many delete files a data file may have."""

    target: int = DEFAULT_TARGET_BYTES
    smallest: int = DEFAULT_TARGET_BYTES * 3 // 4
    largest: int = DEFAULT_TARGET_BYTES * 9 // 5
    files: int = DEFAULT_FILE_THRESHOLD
    deletes: int = DEFAULT_DELETE_THRESHOLD

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> "Limits":
        """From a table's properties; what they don't name depends on the target size, as Athena documents it."""
        target = int(properties.get("write_target_data_file_size_bytes", DEFAULT_TARGET_BYTES))
        return cls(
            target=target,
            smallest=int(properties.get("optimize_rewrite_min_data_file_size_bytes", target * 3 // 4)),
            largest=int(properties.get("optimize_rewrite_max_data_file_size_bytes", target * 9 // 5)),
            files=int(properties.get("optimize_rewrite_data_file_threshold", DEFAULT_FILE_THRESHOLD)),
            deletes=int(properties.get("optimize_rewrite_delete_file_threshold", DEFAULT_DELETE_THRESHOLD)),
        )


def files_to_rewrite(files: Iterable[DataFile], limits: Limits) -> list[str]:
    """The paths of the files to rewrite.

    In each partition: all files of a wrong size or with too many deletes where they are at least `limits.files`,
    else only those with too many deletes.
    """
    partitions: dict[str, list[DataFile]] = defaultdict(list)
    for file in files:
        if not limits.smallest <= file.size <= limits.largest or file.deletes >= limits.deletes:
            partitions[file.partition].append(file)
    chosen: list[str] = []
    for wanting in partitions.values():
        enough = len(wanting) >= limits.files
        chosen += [file.path for file in wanting if enough or file.deletes >= limits.deletes]
    return chosen
