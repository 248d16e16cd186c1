"""An object store in memory, as far as landing needs one."""

from pathlib import Path

import pytest

from tm_lakehouse.source_to_landing.object_store import KeyTakenError, StoredObject


class MemoryStore:
    """Objects by (bucket, key)."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], tuple[bytes, dict[str, str]]] = {}
        self.puts = 0

    def find(self, bucket: str, key: str) -> StoredObject | None:
        if (bucket, key) not in self.objects:
            return None
        content, metadata = self.objects[bucket, key]
        return StoredObject(len(content), metadata)

    def put_file(self, bucket: str, key: str, path: Path, metadata: dict[str, str], *, may_replace: bool) -> None:
        if (bucket, key) in self.objects and not may_replace:
            raise KeyTakenError(key)
        self.objects[bucket, key] = (path.read_bytes(), dict(metadata))
        self.puts += 1

    def put_text(self, bucket: str, key: str, text: str) -> None:
        self.objects[bucket, key] = (text.encode(), {})

    def keys(self, bucket: str) -> list[str]:
        return sorted(key for held, key in self.objects if held == bucket)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def course_file(tmp_path: Path):
    """Write a file; without content it is a sound CSV of two rounds."""

    def write(name: str = "erinhills.rounds.csv", content: str | bytes = "_id,course\na1,Erin Hills\na2,Erin Hills\n"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
