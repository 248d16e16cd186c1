"""What a parity check keeps in the observability bucket: the tables asked for, Spark's answer, the report."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.parity.checksums import Table
from tm_lakehouse.parity.comparison import Checksums, Comparison

REQUEST, ANSWER, REPORT = "request.json", "spark.json", "report.json"


class Records:
    """The objects of one check."""

    def __init__(self, store: S3ObjectStore, bucket: str, check_id: str) -> None:
        self._store = store
        self.location = f"s3://{bucket}/parity/check_id={check_id}/"

    def put_request(self, tables: Iterable[Table]) -> None:
        """The snapshots that both engines read."""
        self._put(REQUEST, [asdict(table) for table in tables])

    def request(self) -> list[Table]:
        """What is to be compared."""
        return [Table(**each) for each in json.loads(self._store.get(self.location + REQUEST))]

    def put_answer(self, checksums: dict[str, Checksums]) -> None:
        """Spark's checksums by table."""
        self._put(ANSWER, checksums)

    def answer(self) -> dict[str, Checksums]:
        """Spark's checksums by table."""
        checksums: dict[str, Checksums] = json.loads(self._store.get(self.location + ANSWER))
        return checksums

    def put_report(self, run_id: str, comparisons: Sequence[Comparison]) -> None:
        """How it ended."""
        is_equal = all(each.is_equal for each in comparisons)
        self._put(REPORT, {"run_id": run_id, "is_equal": is_equal, "tables": [asdict(each) for each in comparisons]})

    def _put(self, name: str, content: object) -> None:
        self._store.put(self.location + name, json.dumps(content).encode() + b"\n")
