"""What must hold of Silver and Gold as Athena shows them, recomputed from Silver and not taken from the models."""

from dataclasses import dataclass
from typing import Protocol

from tm_lakehouse.validation.checks import Check, equal


class QueryRunner(Protocol):
    """Runs a query that answers one row of whole numbers."""

    def numbers(self, sql: str) -> list[int]: ...


@dataclass(frozen=True)
class Databases:
    """The databases as this deployment names them."""

    silver: str
    gold: str


def check_tables(run: QueryRunner, databases: Databases) -> list[Check]:
    """Keys are unique, and Gold's totals are Silver's."""
    fact = f'"{databases.silver}"."fact_telemetry_event"'
    real = f"(SELECT * FROM {fact} WHERE NOT is_location_padding)"
    rounds = f'"{databases.gold}"."fact_rounds"'
    holes = f'"{databases.gold}"."fact_round_hole_performance"'
    hole_key = "course_id, round_id, nine_number, loop_number, hole_number"
    return [
        _same(run, "Silver's key is unique", f"count(*), count(DISTINCT ({_key('location_index')}))", fact),
        _same(run, "fact_rounds' key is unique", f"count(*), count(DISTINCT ({_key()}))", rounds),
        _both(run, "fact_rounds has every real round", f"count(DISTINCT ({_key()}))", real, "count(*)", rounds),
        _both(run, "fact_rounds counts every real row", "count(*)", real, "sum(fix_count)", rounds),
        _same(run, "the hole table's key is unique", f"count(*), count(DISTINCT ({_with_nulls(hole_key)}))", holes),
        _both(
            run,
            "the hole table has every hole that was played",
            f"count(DISTINCT ({_with_nulls(hole_key)}))",
            f"(SELECT * FROM {real} WHERE hole_number IS NOT NULL)",
            "count(*)",
            holes,
        ),
    ]


def _key(*more: str) -> str:
    return ", ".join(("course_id", "round_id", *more))


def _with_nulls(columns: str) -> str:
    """A row with a NULL in it is one key too, so NULL gets a value that no key holds."""
    return ", ".join(f"coalesce(cast({name.strip()} AS varchar), '-')" for name in columns.split(","))


def _same(run: QueryRunner, name: str, expressions: str, table: str) -> Check:
    rows, keys = run.numbers(f"SELECT {expressions} FROM {table}")
    return equal(name, rows=rows, keys=keys)


def _both(run: QueryRunner, name: str, in_silver: str, silver: str, in_gold: str, gold: str) -> Check:
    (first,) = run.numbers(f"SELECT {in_silver} FROM {silver}")
    (second,) = run.numbers(f"SELECT {in_gold} FROM {gold}")
    return equal(name, silver=first, gold=second)
