"""What was noted of a run: the roles' policies, and what they asked for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tm_localstack.iam.documents import Condition, Statement
from tm_localstack.iam.evaluation import Principal, Request

LAKE = "tm-lakehouse-"


@dataclass
class Role:
    """One role of the lakehouse: its policy's statements, and its calls, each kind once."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    allowed: list[Request] = field(default_factory=list)
    refused: list[Request] = field(default_factory=list)


def read(folder: Path) -> list[Role]:
    """The roles of the lakehouse in a record, by name; of a policy that changed, the last state."""
    roles: dict[str, Role] = {}
    for line in _lines(folder / "policies.jsonl"):
        if (name := _role(line["principal"])) is not None:
            role = roles.setdefault(name, Role(name))
            role.statements = [_statement(each) for each in line["statements"]]
    seen = set()
    for line in _lines(folder / "calls.jsonl"):
        name, key = _role(line["principal"]), (line["principal"], line["action"], line["resource"], line["is_allowed"])
        if name is None or key in seen:
            continue
        seen.add(key)
        kept = roles[name].allowed if line["is_allowed"] else roles[name].refused
        kept.append(_request(line))
    return [roles[name] for name in sorted(roles)]


def _role(principal: str) -> str | None:
    name = principal.rpartition("/")[2]
    return name.removeprefix(LAKE) if ":role/" in principal and name.startswith(LAKE) else None


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _request(line: dict[str, Any]) -> Request:
    arn = line["principal"]
    principal = Principal("AssumedRole", arn, arn.split(":")[4], arn)
    context = {key: tuple(values) for key, values in line["context"].items()}
    return Request(principal, line["action"], line["resource"], context)


def _statement(given: dict[str, Any]) -> Statement:
    lists = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    conditions = tuple(Condition(each["operator"], each["key"], tuple(each["values"])) for each in given["conditions"])
    return Statement(**lists | {"conditions": conditions})
