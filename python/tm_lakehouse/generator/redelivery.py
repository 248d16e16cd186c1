"""Rounds that a course delivers once more, later and corrected."""

from dataclasses import dataclass

import polars as pl

from tm_lakehouse.generator.draws import Ints
from tm_lakehouse.generator.records import LATITUDE, LONGITUDE, WRITTEN, Records
from tm_lakehouse.generator.truth import OUT_OF_BOUNDS

_SHARE = 0.02


@dataclass(frozen=True)
class Redelivery:
    """The later records, and what they replace of the first delivery in Silver."""

    records: Records
    rounds_replaced: int
    rows_replaced: int
    rounds_not_replaced: int


def redeliver(records: Records, sound: Ints) -> Redelivery:
    """A fiftieth of the rounds comes again without its last slot; one more comes with nothing that can be written.

    `sound` are the records to choose from, in random order: delivered once, all their slots written.
    """
    chosen = sound[: max(2, round(_SHARE * len(sound)))]
    lost, corrected = chosen[:1], chosen[1:]
    rounds = records.rounds.filter(pl.col("record").is_in(chosen)).with_columns(
        part=pl.lit(0, pl.Int64),
        fate=pl.when(pl.col("record").is_in(lost)).then(pl.lit(OUT_OF_BOUNDS)).otherwise(pl.lit(WRITTEN)),
    )
    before = records.slots.filter(pl.col("record").is_in(corrected))
    return Redelivery(
        records=Records(rounds, pl.concat([_without_last(before), _off_course(records.slots, lost)]).sort("record")),
        rounds_replaced=len(corrected),
        rows_replaced=before.height,
        rounds_not_replaced=len(lost),
    )


def _without_last(slots: pl.DataFrame) -> pl.DataFrame:
    return slots.filter(pl.col("location_index") < pl.col("location_index").max().over("record"))


def _off_course(slots: pl.DataFrame, rounds: Ints) -> pl.DataFrame:
    return slots.filter(pl.col("record").is_in(rounds)).with_columns(
        pl.lit("-190.0").alias(LONGITUDE), pl.lit("95.0").alias(LATITUDE), fate=pl.lit(OUT_OF_BOUNDS)
    )
