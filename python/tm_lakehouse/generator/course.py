"""One generated course: its files' bytes and what must become of them."""

import gzip
import zlib
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import polars as pl

from tm_lakehouse.generator.course_map import course_map
from tm_lakehouse.generator.csv_files import csv_file, truncated_line
from tm_lakehouse.generator.defects import BrokenText, Damaged, plant
from tm_lakehouse.generator.json_files import broken_element, json_array, json_lines, truncated_json_line
from tm_lakehouse.generator.profiles import CourseProfile
from tm_lakehouse.generator.records import Records, to_records
from tm_lakehouse.generator.redelivery import Redelivery, redeliver
from tm_lakehouse.generator.rounds import draw_rounds
from tm_lakehouse.generator.slots import draw_slots
from tm_lakehouse.generator.truth import NOTHING_PLANTED, Truth, truth_of

FileFormat = Literal["csv", "json", "jsonl"]
DEFAULT_YEAR = 2024
_GZIP_LEVEL = 5
_FEWEST_TO_REDELIVER = 2


@dataclass(frozen=True)
class CourseFile:
    """A file as it would be delivered. `records` counts all of them, readable or not."""

    name: str
    content: bytes
    records: int


@dataclass(frozen=True)
class Delivery:
    """Files that are landed together under one ingest date, and the counts of the run over them."""

    files: tuple[CourseFile, ...]
    truth: Truth


@dataclass(frozen=True)
class GeneratedCourse:
    """A course's first delivery, and a later one that delivers some of its rounds again (with defects only)."""

    course_id: str
    first: Delivery
    later: Delivery | None = None
    replaced: Redelivery | None = None


@dataclass(frozen=True)
class _Form:
    """In which form a course's files are written."""

    profile: CourseProfile
    format: FileFormat
    is_gzip: bool

    def deliver(self, damaged: Damaged, parts: tuple[str, ...]) -> Delivery:
        numbered = enumerate(parts)
        files = [self._file(damaged.records, part, name, len(parts)) for part, name in numbered]
        truth = truth_of(damaged.records, damaged.planted, slots_fill_the_widest=self.format == "csv")
        return Delivery(tuple(file for file in files if file.records), truth)

    def absent(self, part: int, parts: int) -> frozenset[str]:
        style = self.profile.files
        return style.absent_columns | (style.absent_from_last_part if part == parts - 1 else frozenset())

    def broken_text(self) -> BrokenText:
        if self.format == "csv":
            return partial(truncated_line, course=self.profile.course_name)
        return broken_element if self.format == "json" else truncated_json_line

    def _file(self, records: Records, part: int, part_name: str, parts: int) -> CourseFile:
        rounds = records.rounds.filter(pl.col("part") == part).sort("place", "record")
        slots = records.slots.join(rounds.select("record"), on="record", how="semi").sort("record", "location_index")
        name = f"{self.profile.course_id}.{part_name}.{self.format}{'.gz' if self.is_gzip else ''}"
        if not rounds.height:
            return CourseFile(name, b"", 0)
        content = self._content(rounds, slots, self.absent(part, parts))
        if self.is_gzip:
            content = gzip.compress(content, _GZIP_LEVEL, mtime=0)
        return CourseFile(name, content, rounds.height)

    def _content(self, rounds: pl.DataFrame, slots: pl.DataFrame, absent: frozenset[str]) -> bytes:
        if self.format == "csv":
            return csv_file(rounds, slots, self.profile.files, absent)
        return (json_array if self.format == "json" else json_lines)(rounds, slots, absent)


def generate_course(
    profile: CourseProfile,
    *,
    rounds: int | None = None,
    seed: int = 0,
    file_format: FileFormat = "csv",
    is_gzip: bool = False,
    with_defects: bool = True,
    year: int = DEFAULT_YEAR,
) -> GeneratedCourse:
    """Generate one course: `rounds` sound rounds (default: as many as the profile has) and, if wanted, defects on top.

    The same arguments give the same bytes. All formats of a seed hold the same rounds. `year` is that of the season's
    first month.
    """
    form = _Form(profile, file_format, is_gzip)
    rng = np.random.default_rng([seed, zlib.crc32(profile.course_id.encode())])
    course = course_map(profile)
    drawn = draw_rounds(profile, course, rounds or profile.rounds, year, rng)
    sound = to_records(profile, drawn, draw_slots(profile, course, drawn, rng), year, rng)
    parts = tuple(name for name, _ in profile.files.parts)
    if not with_defects:
        return GeneratedCourse(profile.course_id, form.deliver(Damaged(sound, NOTHING_PLANTED), parts))
    absent = form.absent(0, len(parts))
    damaged = plant(sound, absent, form.broken_text(), rng)
    if len(damaged.untouched) < _FEWEST_TO_REDELIVER:
        return GeneratedCourse(profile.course_id, form.deliver(damaged, parts))
    again = redeliver(damaged.records, damaged.untouched)
    later = form.deliver(Damaged(again.records, NOTHING_PLANTED), ("rounds_redelivered",))
    return GeneratedCourse(profile.course_id, form.deliver(damaged, parts), later, again)
