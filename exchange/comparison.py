"""Declared and measured side by side, line by line, and two sheets side by side.

A measured figure stands in the sheet whether or not the supplier declared one, so what can be
measured cannot be typed over: what is declared otherwise is a difference, and rule Q-07 blocks it.
A declaration is held to its own precision: a day to the day, one decimal place to one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exchange.profile import ColumnProfile, Profile
from exchange.records import to_record
from exchange.specsheet import Extent, FieldNote, Period, SpecSheet
from pricing.money import Money

ROWS_TOLERANCE = 100  # rows may be declared within a hundredth
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
    return (*_physical(sheet, profile), *_columns(sheet, profile))


def differences(sheet: SpecSheet, profile: Profile) -> tuple[Difference, ...]:
    """Return the lines of `compare` on which declared and measured disagree."""
    return tuple(
        Difference(line.field, line.declared or NONE, line.measured or NONE)
        for line in compare(sheet, profile)
        if line.differs
    )


def _physical(sheet: SpecSheet, profile: Profile) -> Iterator[Line]:
    declared = sheet.physical
    rows = declared.rows
    far = rows is not None and abs(rows - profile.rows) * ROWS_TOLERANCE > profile.rows
    yield Line("physical.rows", _text(rows), str(profile.rows), far)
    for name, measured in (("bytes", profile.bytes), ("columns", len(profile.columns))):
        said = getattr(declared, name)
        yield Line(f"physical.{name}", _text(said), str(measured), said not in {None, measured})
    for name, found in (
        ("format", profile.media_type),
        ("encoding", profile.encoding),
        ("compression", profile.compression),
    ):
        word = getattr(declared, name)
        differs = bool(word) and word.casefold() != (found or NONE).casefold()
        yield Line(f"physical.{name}", word or None, found or NONE, differs)
    yield from _period(declared.period, profile)
    yield from _extent(declared.extent, profile)


def _period(declared: Period | None, profile: Profile) -> Iterator[Line]:
    found = profile.time
    for name in ("start", "end", "step_seconds", "gaps"):
        said = _text(getattr(declared, name, None))
        measured = _text(getattr(found, name, None))
        if said is None and measured is None:
            continue
        precise = (measured or "")[: len(said or "")] if name in {"start", "end"} else measured
        yield Line(f"physical.period.{name}", said, measured, said not in {None, precise})


def _extent(declared: Extent | None, profile: Profile) -> Iterator[Line]:
    for name in ("west", "south", "east", "north"):
        said: Decimal | None = getattr(declared, name, None)
        measured: str | None = getattr(profile.space, name, None)
        if said is None and measured is None:
            continue
        differs = said is not None and (measured is None or not _near(said, Decimal(measured)))
        yield Line(f"physical.extent.{name}", _text(said), measured, differs)


def _near(declared: Decimal, measured: Decimal) -> bool:
    """Whether both are equal to the last place of what is declared."""
    exponent = declared.as_tuple().exponent
    unit = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(0)
    return abs(declared - measured) < unit


def _columns(sheet: SpecSheet, profile: Profile) -> Iterator[Line]:
    measured = {column.name: column for column in profile.columns}
    described = {note.name for note in sheet.content.fields}
    for note in sheet.content.fields:
        column = measured.get(note.name)
        field = f"content.fields.{note.name}"
        if column is None:
            yield Line(field, "present", "absent", differs=True)
        else:
            yield from _column(field, note, column)
    for name in measured:
        if name not in described:
            yield Line(f"content.fields.{name}", "absent", "present", differs=True)


def _column(field: str, note: FieldNote, column: ColumnProfile) -> Iterator[Line]:
    said = note.type
    yield Line(f"{field}.type", _text(said), str(column.type), said not in {None, column.type})
    # A file without units leaves the word to the supplier; one with units has the last word.
    for name in ("unit", "standard_name", "fill_value"):
        word, found = getattr(note, name), getattr(column, name)
        if word or found:
            differs = bool(word and found) and word != found
            yield Line(f"{field}.{name}", word or None, found, differs)


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

    Fields of the data are told apart by their names, items of other lists by their places.
    """
    old, new = dict(_flat(to_record(before))), dict(_flat(to_record(after)))
    order = [name for name in old if name not in new or new[name] != old[name]]
    order += [name for name in new if name not in old]
    return tuple(Change(name, old.get(name), new.get(name)) for name in order)


def _flat(value: Any, where: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        if set(value) == {"minor", "currency"}:
            yield where, str(Money.read(value))
            return
        for name, item in value.items():
            yield from _flat(item, f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            named = item.get("name") if isinstance(item, Mapping) else None
            yield from _flat(item, f"{where}.{named or place}")
    elif value is not None:
        yield where, str(value).lower() if isinstance(value, bool) else str(value)
