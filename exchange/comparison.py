"""Declared and measured side by side, line by line, and two sheets side by side.

A measured figure stands in the sheet whether or not the supplier declared one, so what can be
measured cannot be typed over: what is declared otherwise is a difference, and rule Q-07 blocks it.
A declaration is held to its own precision: a day to the day, one decimal place to one place.  The
key that fields are declared to be is held against the rows that they tell apart.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from exchange.profile import ColumnProfile, Profile, SpaceCoverage, TimeCoverage
from exchange.records import to_record
from exchange.specsheet import Extent, FieldNote, Period, Physical, SpecSheet
from pricing.errors import PricingError
from pricing.money import Money

ROWS_TOLERANCE = 100  # rows may be declared within a hundredth
FIRST_COLLECTED: Final = "physical.first_collected"
KEY: Final = "content.key"
FIRST_MIDNIGHT: Final = dt.timedelta(hours=14)  # how long before Greenwich a day begins somewhere
_DAY: Final = 86_400  # seconds
NONE = "none"  # declared where a file is not compressed, or has no encoding


@dataclass(frozen=True, slots=True)
class Difference:
    """A field where the supplier's word and the measurement disagree."""

    field: str
    declared: str
    measured: str


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the sheet that is measured; None where nothing was declared, or measured."""

    field: str
    declared: str | None
    measured: str | None
    differs: bool = False


def compare(sheet: SpecSheet, profile: Profile) -> tuple[Line, ...]:
    """Return a line for everything the inspection measures, in the order of the sheet."""
    return tuple(
        Line(field, _text(declared), _text(measured), differs)
        for field, declared, measured, differs in _lines(sheet, profile, agreeing=True)
    )


def differences(sheet: SpecSheet, profile: Profile) -> tuple[Difference, ...]:
    """Return the lines of `compare` on which declared and measured disagree."""
    return tuple(
        [
            Difference(field, _text(declared) or NONE, _text(measured) or NONE)
            for field, declared, measured, differs in _lines(sheet, profile, agreeing=False)
            if differs
        ]
    )


# Field, declared, measured, whether they differ: a rule asks for the last alone, of every product,
# so that words are made of the others only where somebody reads them, and what was not declared,
# or agrees, is passed over where it is asked so (`agreeing`).
_Line = tuple[str, object, object, bool]


def _lines(sheet: SpecSheet, profile: Profile, *, agreeing: bool) -> Iterable[_Line]:
    declared = sheet.physical
    return [
        *_physical(declared, profile),
        *(_period(declared.period, profile.time) if agreeing or declared.period else ()),
        *_first_collected(declared, profile.time),
        *(_extent(declared.extent, profile.space) if agreeing or declared.extent else ()),
        *_columns(sheet, profile, agreeing=agreeing),
        *_key(sheet, profile),
    ]


def _physical(declared: Physical, profile: Profile) -> tuple[_Line, ...]:
    rows, size, columns = declared.rows, declared.bytes, declared.columns
    far = rows is not None and abs(rows - profile.rows) * ROWS_TOLERANCE > profile.rows
    counted = len(profile.columns)
    return (
        ("physical.rows", rows, profile.rows, far),
        ("physical.bytes", size, profile.bytes, size not in (None, profile.bytes)),
        ("physical.columns", columns, counted, columns not in (None, counted)),
        _named("physical.format", declared.format, profile.media_type),
        _named("physical.encoding", declared.encoding, profile.encoding),
        _named("physical.compression", declared.compression, profile.compression),
    )


def _named(field: str, word: str, found: str | None) -> _Line:
    measured = found or NONE
    return field, word or None, measured, bool(word) and word.casefold() != measured.casefold()


def _period(declared: Period | None, measured: TimeCoverage | None) -> list[_Line]:
    lines: list[_Line] = []
    for name in ("start", "end", "step_seconds", "gaps"):
        said: Any = declared and getattr(declared, name)
        found: Any = measured and getattr(measured, name)
        if said is None:
            if found is not None:
                lines.append((f"physical.period.{name}", None, found, False))
        elif name in {"start", "end"}:
            precise = (found or "")[: len(said)]
            lines.append((f"physical.period.{name}", said, found, said != precise))
        else:
            lines.append((f"physical.period.{name}", said, found, said != found))
    return lines


def _first_collected(declared: Physical, measured: TimeCoverage | None) -> list[_Line]:
    """Hold the first collection against the first instant: it may be earlier, and no later.

    The day is whatever it is somewhere on earth, since a supplier's day begins where it is.  Rows a
    day and more apart may tell another time than that of collecting, as birthdays do, and are not
    held against it.
    """
    said = declared.first_collected
    if said is None or measured is None or measured.step_seconds >= _DAY:
        return [] if said is None else [(FIRST_COLLECTED, said, None, False)]
    first = dt.datetime.fromisoformat(measured.start)
    try:
        latest = (first + FIRST_MIDNIGHT).date()
    except OverflowError:  # the last hours that a calendar has
        latest = dt.date.max
    return [(FIRST_COLLECTED, said, measured.start[:10], said > latest)]


def _key(sheet: SpecSheet, profile: Profile) -> list[_Line]:
    """Hold the fields that are declared the key against how many rows they can tell apart.

    The counts of columns bound it from both sides.  Where the bounds leave open whether every row
    is told apart, nothing was measured; an expectation `unique` counts it.
    """
    names = [note.name for note in sheet.content.fields if note.key]
    columns = [column for name in names if (column := profile.column(name)) is not None]
    if not names or len(columns) < len(names):
        return []  # that a column is absent, its own line says
    # A missing cell is told from every value, and from no other missing one.
    counts = [each.distinct + (each.missing > 0) for each in columns]
    most = min(math.prod(counts), profile.rows - profile.duplicate_rows)
    said = ", ".join(names)
    if most < profile.rows:
        least = "" if most == max(counts) else "≤ "
        return [(KEY, said, f"{least}{most} / {profile.rows}", True)]
    whole = max(counts) == profile.rows
    return [(KEY, said, f"{profile.rows} / {profile.rows}" if whole else None, False)]


def _extent(declared: Extent | None, measured: SpaceCoverage | None) -> list[_Line]:
    lines: list[_Line] = []
    for name in ("west", "south", "east", "north"):
        said: Any = declared and getattr(declared, name)
        found: Any = measured and getattr(measured, name)
        if said is not None:
            differs = found is None or not _near(said, Decimal(found))
            lines.append((f"physical.extent.{name}", said, found, differs))
        elif found is not None:
            lines.append((f"physical.extent.{name}", None, found, False))
    return lines


def _near(declared: Decimal, measured: Decimal) -> bool:
    """Whether both are equal to the last place of what is declared."""
    exponent = declared.as_tuple().exponent
    unit = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(0)
    return abs(declared - measured) < unit


def _columns(sheet: SpecSheet, profile: Profile, *, agreeing: bool) -> list[_Line]:
    measured = {column.name: column for column in profile.columns}
    described = {note.name for note in sheet.content.fields}
    lines: list[_Line] = []
    again: frozenset[str] = frozenset()
    if len(described) < len(sheet.content.fields):
        times = Counter(note.name for note in sheet.content.fields)
        again = frozenset(name for name, count in times.items() if count > 1)
        for name in (each for each in times if each in again):
            there = "once" if name in measured else "absent"
            lines.append((f"content.fields.{name}", f"named {times[name]} times", there, True))
    for note in sheet.content.fields:
        column = measured.get(note.name)
        if column is None and note.name in again:
            continue  # one line has said so
        if column and note.name in profile.no_fill_value and _is_number(note.fill_value):
            # By its supplier's word to the register, unless the file itself says otherwise.
            column = replace(column, fill_value=column.fill_value or NONE)
        if column is None:
            lines.append((f"content.fields.{note.name}", "present", "absent", True))
        elif agreeing or not _agree(note, column):
            lines += _column(f"content.fields.{note.name}", note, column)
    if measured.keys() != described:
        absent = [name for name in measured if name not in described]
        lines += [(f"content.fields.{name}", "absent", "present", True) for name in absent]
    return lines


def _agree(note: FieldNote, column: ColumnProfile) -> bool:
    """Whether no line of `_column` differs."""
    return not (
        note.type not in (None, column.type)
        or _apart(note.unit, column.unit)
        or _apart(note.standard_name, column.standard_name)
        or _apart(note.fill_value, column.fill_value)
    )


def _column(field: str, note: FieldNote, column: ColumnProfile) -> list[_Line]:
    lines: list[_Line] = [
        (f"{field}.type", note.type, column.type, note.type not in (None, column.type))
    ]
    for name, word, found in (
        ("unit", note.unit, column.unit),
        ("standard_name", note.standard_name, column.standard_name),
        ("fill_value", note.fill_value, column.fill_value),
    ):
        if word or found:
            lines.append((f"{field}.{name}", word or None, found, _apart(word, found)))
    return lines


def _apart(word: str | None, found: str | None) -> bool:
    """Whether a word of the sheet is not the file's.

    A file without units leaves the word to the supplier; one with units has the last word.
    """
    return bool(word and found) and word != found


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# Two sheets side by side.


@dataclass(frozen=True, slots=True)
class Change:
    """A field that two sheets say differently; None where one of them says nothing."""

    field: str
    before: str | None
    after: str | None


def changes(before: SpecSheet, after: SpecSheet) -> tuple[Change, ...]:
    """Return what another sheet changes, field by field, in the order of the sheet.

    Fields of the data are told apart by their names, items of other lists by their places.  A name
    that stands more than once is counted from its second place on, as in ``depth (2)``.
    """
    return record_changes(to_record(before), to_record(after))


def record_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what `changes` does of the records of two sheets, which may be incomplete."""
    return tuple(Change(name, *values) for name, values in side_by_side(before, after))


def side_by_side(*records: Mapping[str, Any]) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    """Return the fields that some records of sheets say differently, with what each of them says.

    A record may be incomplete: what it does not say is None.
    """
    told = [dict(_flat(record)) for record in records]
    names = dict.fromkeys(name for each in told for name in each)
    rows = ((name, tuple(each.get(name) for each in told)) for name in names)
    return tuple((name, values) for name, values in rows if len(set(values)) > 1)


def _flat(value: Any, where: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        if set(value) == {"minor", "currency"}:
            with suppress(PricingError):  # a draft may hold an amount that is none
                yield where, str(Money.read(value))
                return
        for name, item in value.items():
            yield from _flat(item, f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        seen: Counter[str] = Counter()
        for place, item in enumerate(value):
            named = str((item.get("name") if isinstance(item, Mapping) else None) or place)
            seen[named] += 1
            nth = f" ({seen[named]})" if seen[named] > 1 else ""
            yield from _flat(item, f"{where}.{named}{nth}")
    elif value is not None:
        yield where, str(value).lower() if isinstance(value, bool) else str(value)
