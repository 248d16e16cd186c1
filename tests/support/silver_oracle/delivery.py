"""One delivery: which of its slots become rows, and what becomes of the others."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from silver_oracle import values
from silver_oracle.files import File, Record, records_of

TEXT, INTEGER, NUMBER, BOOLEAN, TIME = str, values.integer, values.number, values.boolean, values.time
ROUND = {
    "_id": ("round_id", TEXT), "course": ("course", TEXT), "startTime": ("round_start_time", TIME),
    "endTime": ("round_end_time", TIME), "startHole": ("start_hole", INTEGER),
    "startSection": ("start_section", INTEGER), "endSection": ("end_section", INTEGER),
    "isNineHole": ("is_nine_hole", BOOLEAN), "currentNine": ("current_nine", INTEGER),
    "goalTime": ("goal_time", INTEGER), "goalName": ("goal_name", TEXT),
    "goalTimeFraction": ("goal_time_fraction", NUMBER), "complete": ("is_complete", BOOLEAN),
    "isIncomplete": ("is_incomplete", BOOLEAN), "isSecondary": ("is_secondary", BOOLEAN),
    "isAutoAssigned": ("is_auto_assigned", BOOLEAN), "device": ("device", TEXT), "firstFix": ("first_fix", TEXT),
    "lastFix": ("last_fix", TEXT), "lastSectionStart": ("last_section_start", NUMBER),
    "currentSection": ("current_section", INTEGER), "currentHole": ("current_hole", INTEGER),
    "currentHoleSection": ("current_hole_section", INTEGER),
}  # fmt: skip
SLOT = {
    "hole": ("hole_number", INTEGER), "sectionNumber": ("section_number", INTEGER),
    "holeSection": ("hole_section", INTEGER), "startTime": ("seconds", NUMBER), "date": ("date", TIME),
    "fixCoordinates[0]": ("longitude", NUMBER), "fixCoordinates[1]": ("latitude", NUMBER),
    "isCache": ("is_cache", BOOLEAN), "isProjected": ("is_projected", BOOLEAN), "isProblem": ("is_problem", BOOLEAN),
    "pace": ("pace", NUMBER), "paceGap": ("pace_gap", NUMBER), "positionalGap": ("positional_gap", NUMBER),
    "batteryPercentage": ("battery_percentage", NUMBER),
}  # fmt: skip
TOLD_AS = {"seconds": "fix_timestamp", "date": "fix_timestamp"}
Row = dict[str, Any]


class Nine(NamedTuple):
    """What the topology knows of a nine."""

    number: int
    first: int
    last: int


class Quarantined(NamedTuple):
    """One line of the quarantine."""

    reason: str
    file: str
    position: int
    location_index: int | None
    slots: int


@dataclass
class Told:
    """A delivery's rows, in no order, before later deliveries take any of them; and its accounts."""

    rows: list[Row] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    round_ids: set[str] = field(default_factory=set)
    fired: Counter[str] = field(default_factory=Counter)


@dataclass
class _Slot:
    index: int
    values: Row
    record: "_Record"

    @property
    def moment(self) -> datetime | None:
        if self.values["date"] is not None:
            return self.values["date"]
        start, seconds = self.record.values["round_start_time"], self.values["seconds"]
        return None if start is None or seconds is None else values.after_seconds(start, seconds)


@dataclass
class _Record:
    file: File
    source: Record
    values: Row
    slots: list[_Slot] = field(default_factory=list)


def tell(course: str, files: list[File], nines: list[Nine], *, is_strict: bool = False) -> Told:
    """What one run makes of one delivery that no other one touches."""
    told = Told()
    newest = sorted(files, key=lambda each: (each.landed_at, each.name), reverse=True)
    sound: list[_Slot] = []
    for file in newest:
        for source in records_of(file):
            told.counts["records_read"] += 1
            told.counts["slots_read"] += source.slot_count
            sound += _judge(_typed(file, source, told), course, told, is_strict=is_strict)
    kept = _best(sound, told)
    told.rows = _rows(kept, nines, told)
    told.counts["rows_written"] = len(told.rows)
    told.counts["rounds_written"] = len({row["round_id"] for row in told.rows})
    writable = {id(slot.record): slot.record for slot in sound}
    told.counts["rounds_duplicate"] = len(writable) - told.counts["rounds_written"]
    told.counts["records_quarantined"] = told.counts["records_read"] - len(writable)
    return told


def _typed(file: File, source: Record, told: Told) -> _Record | None:
    if source.raw is not None:
        told.quarantine.append(Quarantined("unreadable_record", file.name, source.position, None, 0))
        told.fired["unreadable_record"] += 1
        return None
    record = _Record(file, source, _read(source.texts, ROUND, told))
    for index, texts in sorted(source.slots.items()):
        if any(values.cleaned(texts.get(name)) for name in SLOT):
            record.slots.append(_Slot(index, _read(texts, SLOT, told), record))
        else:
            told.fired["empty slot"] += 1
    return record


def _read(texts: dict[str, str | None], kinds: dict[str, Any], told: Told) -> Row:
    row: Row = {}
    lost = set()
    for source, (column, read) in kinds.items():
        text = values.cleaned(texts.get(source))
        row[column] = None if text is None else read(text)
        if text is not None and row[column] is None:
            lost.add(TOLD_AS.get(column, column))
            told.fired[f"unreadable {read.__name__}"] += 1
    told.unreadable.update(lost)
    return row


def _judge(record: _Record | None, course: str, told: Told, *, is_strict: bool) -> list[_Slot]:
    """The slots that may be written."""
    if record is None:
        return []
    source, file = record.source, record.file.name
    reason = _reason(record, course, is_strict=is_strict)
    if record.values["round_id"]:
        told.round_ids.add(record.values["round_id"])
    if reason:
        slots = 0 if reason == "no_locations" else source.slot_count
        told.quarantine.append(Quarantined(reason, file, source.position, None, slots))
        told.fired[reason] += 1
        told.counts["quarantined_slots"] += slots
        told.counts["empty_slots"] += source.slot_count - slots
        return []
    told.counts["empty_slots"] += source.slot_count - len(record.slots)
    sound = []
    for slot in record.slots:
        if _is_off(slot.values["longitude"], 180) or _is_off(slot.values["latitude"], 90):
            line = Quarantined("coordinates_out_of_bounds", file, source.position, slot.index, 1)
            told.quarantine.append(line)
            told.fired[line.reason] += 1
            told.counts["quarantined_slots"] += 1
        else:
            sound.append(slot)
    if sound and len(sound) < len(record.slots):
        told.fired["round split between Silver and quarantine"] += 1
    return sound


def _reason(record: _Record, course: str, *, is_strict: bool) -> str | None:
    if record.values["round_id"] is None:
        return "round_id_missing"
    named = record.values["course"]
    if is_strict and named is not None and named.lower() != course:
        return "course_mismatch"
    return None if record.slots else "no_locations"


def _is_off(degrees: float | None, bound: float) -> bool:
    return degrees is not None and abs(degrees) > bound


def _best(sound: list[_Slot], told: Told) -> list[_Slot]:
    """One slot for each round and position. `sound` comes newest file first, and in each file's order."""
    best: dict[tuple[str, int], _Slot] = {}
    for slot in sound:
        key = (slot.record.values["round_id"], slot.index)
        if key in best:
            told.counts["duplicates"] += 1
            told.fired[f"duplicate decided by {_decider(best[key], slot)}"] += 1
            if _rank(slot) < _rank(best[key]):
                best[key] = slot
        else:
            best[key] = slot
    return list(best.values())


def _rank(slot: _Slot) -> tuple[Any, ...]:
    """Lowest wins; equal ranks leave the first, which is the newest file's."""
    battery = slot.values["battery_percentage"]
    return (
        slot.moment is None,
        (True, False, None).index(slot.values["is_cache"]),
        (False, True, None).index(slot.values["is_projected"]),
        battery is None,
        -(battery or 0.0),
    )


def _decider(one: _Slot, other: _Slot) -> str:
    names = ("time", "cache", "projection", "battery", "battery")
    ranks = zip(names, _rank(one), _rank(other), strict=True)
    return next((name for name, mine, theirs in ranks if mine != theirs), "order")


def _rows(kept: list[_Slot], nines: list[Nine], told: Told) -> list[Row]:
    by_round: dict[str, list[_Slot]] = {}
    for slot in sorted(kept, key=lambda each: each.index):
        by_round.setdefault(slot.record.values["round_id"], []).append(slot)
    rows = []
    for slots in by_round.values():
        placed = [(slot, _nine(slot, nines, told)) for slot in slots]
        for slot, nine in placed:
            same = [each for each, other in placed if other == nine]
            rows.append(_row(slot, nine, _loop(slot, nine, same, nines, told)))
    return rows


def _nine(slot: _Slot, nines: list[Nine], told: Told) -> int | None:
    section, hole = slot.values["section_number"], slot.values["hole_number"]
    by_topology = [each.number for each in nines if section is not None and each.first <= section <= each.last]
    if by_topology:
        return _by(told, "topology", by_topology[0])
    if hole is not None and hole >= 10:
        return _by(told, "hole from 10", 3 if hole >= 19 else 2)
    if section is not None and 1 <= section <= 81:
        return _by(told, "section", (section - 1) // 27 + 1)
    if hole is not None and 1 <= hole <= 9:
        return _by(told, "hole to 9", 1)
    return _by(told, "current nine", slot.record.values["current_nine"])


def _by(told: Told, rule: str, nine: int | None) -> int | None:
    told.fired[f"nine by {rule}" if nine is not None else "no nine"] += 1
    return nine


def _loop(slot: _Slot, nine: int | None, same: list[_Slot], nines: list[Nine], told: Told) -> int | None:
    """Which pass: sections unrolled over the drops, counted from the tee of the first of them."""
    if nine is None or slot.values["section_number"] is None:
        told.fired["no loop"] += 1
        return None
    length = next((each.last - each.first + 1 for each in nines if each.number == nine), 27)
    with_section = [each for each in same if each.values["section_number"] is not None]
    first = with_section[0].values
    hole_section = 1 if first["hole_section"] is None else first["hole_section"]
    start = first["section_number"] - hole_section + 1
    passed, last = 0, first["section_number"]
    for each in with_section:
        section = each.values["section_number"]
        if last - section > length / 2:
            passed += length
        last = section
        if each is slot:
            break
    loop = max(1, 1 + (slot.values["section_number"] + passed - start) // length)
    told.fired["second loop" if loop > 1 else "wrapped in the first loop" if passed else "first loop"] += 1
    return loop


def _row(slot: _Slot, nine: int | None, loop: int | None) -> Row:
    of_round = {column: slot.record.values[column] for column, _ in ROUND.values() if column != "course"}
    of_slot = {column: slot.values[column] for column, _ in SLOT.values() if column not in TOLD_AS}
    for metric in ("pace", "pace_gap", "positional_gap"):
        of_slot[metric] = None if of_slot[metric] is None else values.half_away(of_slot[metric], 3)
    moment, start, end = slot.moment, of_round["round_start_time"], of_round["round_end_time"]
    longitude, latitude = of_slot["longitude"], of_slot["latitude"]
    is_located = longitude is not None and latitude is not None
    return of_round | of_slot | {
        "fix_timestamp": moment,
        "is_timestamp_missing": moment is None,
        "event_date": moment and moment.date(),
        "event_year": moment and moment.year,
        "event_month": moment and moment.month,
        "event_day": moment and moment.day,
        "event_weekday": moment and moment.isoweekday() % 7 + 1,
        "round_duration_minutes": None if start is None or end is None else values.minutes_between(start, end),
        "location_index": slot.index,
        "nine_number": nine,
        "loop_number": loop,
        "is_location_padding": of_slot["hole_number"] is None and of_slot["section_number"] is None,
        "geometry_wkt": f"POINT ({values.plain(longitude)} {values.plain(latitude)})" if is_located else None,
        "source_file": slot.record.file.name,
    }  # fmt: skip
