"""Statements that give a table's rows with something wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Column -> expression over the row's own columns.
Changes = Mapping[str, str]
ORDERED = ("varchar", "integer", "bigint", "double", "date", "timestamp", "boolean")


@dataclass(frozen=True)
class Table:
    """A relation and its columns' types; `sample` is where a row is taken from, where it may have none itself."""

    relation: str
    columns: Mapping[str, str]
    sample: str

    def with_one_row_changed(self, changes: Changes, where: str = "true") -> str:
        """All rows, one of those that fit changed."""
        listed = ", ".join(
            f"IF(planted_fits AND planted_place = 1, {self._typed(name, changes[name])}, {name}) AS {name}"
            if name in changes
            else name
            for name in self.columns
        )
        numbered = (
            f"SELECT *, coalesce({where}, false) AS planted_fits, "
            f"row_number() OVER (PARTITION BY coalesce({where}, false) ORDER BY {self._order}) AS planted_place "
            f"FROM {self.relation}"
        )
        return f"SELECT {listed} FROM ({numbered}) AS numbered"

    def with_a_row_repeated(self) -> str:
        """All rows, and one that is there again."""
        again = f"SELECT {self._names} FROM ({self._one('true')}) AS one CROSS JOIN UNNEST(sequence(1, 2)) AS t (n)"
        return f"SELECT {self._names} FROM {self.relation} UNION ALL {again}"

    def without(self, where: str) -> str:
        """All rows but those that fit."""
        return f"SELECT {self._names} FROM {self.relation} WHERE NOT coalesce({where}, false)"

    def row_changed_each_way(self, ways: Sequence[Changes], where: str = "true") -> str:
        """One row as it is, and once for each way with this change alone."""
        listed = ", ".join(self._in_its_way(name, ways) for name in self.columns)
        copies = f"UNNEST(sequence(0, {len(ways)})) AS copies (planted_way)"
        return f"SELECT {listed} FROM ({self._one(where)}) AS one CROSS JOIN {copies}"

    def _in_its_way(self, name: str, ways: Sequence[Changes]) -> str:
        cases = " ".join(
            f"WHEN {number} THEN {self._typed(name, changes[name])}"
            for number, changes in enumerate(ways, start=1)
            if name in changes
        )
        return f"CASE planted_way {cases} ELSE {name} END AS {name}" if cases else name

    def _one(self, where: str) -> str:
        return f"SELECT {self._names} FROM {self.sample} WHERE {where} ORDER BY {self._order} LIMIT 1"

    def _typed(self, name: str, expression: str) -> str:
        return f"CAST({expression} AS {self.columns[name]})"

    @property
    def _names(self) -> str:
        return ", ".join(self.columns)

    @property
    def _order(self) -> str:
        return ", ".join(name for name, kind in self.columns.items() if kind.startswith(ORDERED))
