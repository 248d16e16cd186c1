"""Zip archives that depend on their content alone."""

import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

# The earliest time that the format knows. With it, and uncompressed, no clock, file mode or zlib version shows.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE = 0o100644


def write_archive(path: Path, entries: Mapping[str, Path | bytes]) -> None:
    """Write a zip of `entries` (name in the archive -> file or content), in the order of their names.

    The archive is stored uncompressed and replaced whole: a reader never sees half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for name, content in sorted(entries.items()):
                member = zipfile.ZipInfo(name, _EPOCH)
                member.external_attr = _READABLE_FILE << 16
                member.create_system = 3
                archive.writestr(member, content if isinstance(content, bytes) else content.read_bytes())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def files_under(folder: Path) -> Iterator[Path]:
    """Every file of a source folder, without what Python leaves there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".DS_Store":
            yield path
