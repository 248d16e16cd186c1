"""dbt's tests as a build left them: what they are told, and the statement that they run."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DataTest:
    """One test; its statement gives the rows that are wrong. `failures` is how many it found in the build."""

    name: str
    kind: str
    table: str
    relation: str
    arguments: Mapping[str, Any]
    sql: str
    failures: int
    other: str | None

    def reads(self, relation: str) -> bool:
        """Whether its statement reads a relation."""
        return relation in self.sql


def read(target: Path) -> list[DataTest]:
    """Every test of a whole build, by name, from the artifacts in dbt's folder."""
    manifest, results = (json.loads((target / f"{name}.json").read_text()) for name in ("manifest", "run_results"))
    relations = {**manifest["nodes"], **manifest["sources"]}
    ran = {result["unique_id"]: result for result in results["results"]}
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    tests = [_test(node, relations, ran[node["unique_id"]]) for node in nodes]
    return sorted(tests, key=lambda test: test.name)


def _test(node: Mapping[str, Any], relations: Mapping[str, Any], ran: Mapping[str, Any]) -> DataTest:
    sources = [name for name in node["depends_on"]["nodes"] if name.startswith("source.")]
    tested = relations[node["attached_node"] or sources[0]]
    arguments = node["test_metadata"]["kwargs"]
    named = re.search(r"ref\('(\w+)'\)", str(arguments.get("to") or arguments.get("other")))
    others = [relations[name]["relation_name"] for name in node["depends_on"]["nodes"] if named]
    return DataTest(
        name=node["name"],
        kind=node["test_metadata"]["name"],
        table=tested["name"],
        relation=tested["relation_name"],
        arguments=arguments,
        sql=ran["compiled_code"].strip(),
        failures=ran["failures"],
        other=next((other for other in others if named and other.endswith(f'."{named[1]}"')), None),
    )
