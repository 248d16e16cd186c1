"""A query as text with named parameters. The one place where a value becomes part of a statement. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from tm_lakehouse.settings import Settings
from tm_lakehouse.tables.athena_sql import literal
from tm_lakehouse.tables.contract import Column, ColumnType

Value = str | int | date
_TYPES: dict[type, ColumnType] = {str: "string", int: "int", date: "date"}
_PARAMETER = re.compile(r":([a-z_]+)")


@dataclass(frozen=True)
class Databases:
    """Names of the catalog's databases."""

    silver: str
    gold: str
    observability: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.db_silver, settings.db_gold, settings.db_observability)


@dataclass(frozen=True)
class Statement:
    """One query. `template` names databases as `{gold}` and values as `:course_id`; Athena's history shows `name`."""

    name: str
    template: str
    parameters: Mapping[str, Value] = field(default_factory=dict)

    def sql(self, databases: Databases) -> str:
        """The text that Athena gets, and that a reader may copy."""
        names = {name: f'"{database}"' for name, database in vars(databases).items()}
        text = _PARAMETER.sub(lambda found: quoted(self.parameters[found[1]]), self.template.format(**names))
        return f"-- dashboard: {self.name}\n{text.strip()}"


def quoted(value: Value) -> str:
    """A value as a literal of its type; nothing in it can end the literal.

    Raises:
        TypeError: no literal is made of values of this type.
    """
    if type(value) not in _TYPES:
        raise TypeError(f"{type(value).__name__} is no parameter of a query.")
    return literal(value, Column("value", _TYPES[type(value)], ""))
