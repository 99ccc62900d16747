"""Plates of cars of other states of Europe, and numbers of vehicles, judged by a sample.

A form under a header for plates is certain, as the number of one car is of whoever keeps it.  Under
a header for vehicles a form is asked about.  Under one that says nothing, so is a form with its own
joints whose letters keep to what the state gives out: an alphabet without some letters, or a list
of districts, is a check that codes of other things pass by chance.  The number of a vehicle (GB
16735, ISO 3779) leads to its keeper through a register, and is asked about: by its form under its
header, and by its check digit, which Europe does not have, under any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.inspection.chances import CERTAIN, chance, spread, worth_a_look
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import (
    header_suggests,
    names_vehicle,
    plain_header,
    says_nothing,
)
from exchange.inspection.plate_districts import CROATIA, GERMANY, IRELAND, ROMANIA, TURKEY
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SAMPLE: Final = 2_000
_LOOKED_AT: Final = 500  # different values
_MOST: Final = 0.5
_NEARLY_ALL: Final = 0.95
_HEADED_MIN: Final = 10
_DISTINCT_MIN: Final = 20


def _letters(alphabet: str) -> Callable[[str], bool]:
    """Return the check that all letters are of those which the state gives out."""
    given = re.compile(f"[{alphabet}]+")
    return lambda text: given.fullmatch(text) is not None


def _among(districts: str) -> Callable[[str], bool]:
    return frozenset(districts.split()).__contains__


@dataclass(frozen=True, slots=True)
class Plate:
    """One state's plates: their form with its joints, and the part of it that is checked.

    The form's groups are that part; `by_chance` is how often other letters or numbers pass.
    """

    state: str
    form: re.Pattern[str]
    passes: Callable[[str], bool]
    by_chance: float

    def tried(self, values: Sequence[str]) -> tuple[int, int]:
        """Return how many values have a part to check, and how many of them pass."""
        parts = [
            "".join(filter(None, found.groups()))
            for found in map(self.form.fullmatch, values)
            if found and any(found.groups())
        ]
        return len(parts), sum(map(self.passes, parts))


def _plate(state: str, form: str, passes: Callable[[str], bool], by_chance: float) -> Plate:
    return Plate(state, re.compile(form), passes, by_chance)


_NO_IOU: Final = _letters("A-HJ-NP-TV-Z")
_NO_IOQU: Final = _letters("A-HJ-NPR-TV-Z")
_CONSONANTS: Final = _letters("B-DF-HJ-NP-TV-Z")
_CYRILLIC: Final = _letters("АВЕКМНОРСТУХ")
_LATIN_AND_CYRILLIC: Final = _letters("ABCEHIKMOPTX")
# Districts of one letter are nearly all the letters, and prove nothing.
_PLATES: Final = (
    _plate("Germany", r"(?:[A-ZÄÖÜ]|([A-ZÄÖÜ]{2,3}))-[A-Z]{1,2} ?[1-9][0-9]{0,3}[EH]?",
           _among(GERMANY), 0.3),
    _plate("France", "([A-Z]{2})-[0-9]{3}-([A-Z]{2})", _NO_IOU, 0.62),
    _plate("Italy", "([A-Z]{2}) [0-9]{3} ?([A-Z]{2})", _NO_IOQU, 0.52),
    _plate("Spain", "[0-9]{4}[ -]([A-Z]{3})", _CONSONANTS, 0.46),
    _plate("Britain", "([A-Z]{2})[0-9]{2} ([A-Z]{3})", _letters("A-HJ-PR-Z"), 0.67),
    _plate("the Netherlands", "(?:[0-9]{1,2}|([A-Z]{1,3}))-(?:[0-9]{2,3}|([A-Z]{2,3}))-"
           "(?:[0-9]{1,2}|([A-Z]{1,2}))", _letters("BDFGHJKLNPRSTVXZ"), 0.3),
    _plate("Portugal", "(?:[0-9]{2}|([A-Z]{2}))-(?:[0-9]{2}|([A-Z]{2}))-(?:[0-9]{2}|([A-Z]{2}))",
           _letters("A-JL-VX-Z"), 0.9),
    _plate("Belgium", "[1-9]-([A-Z]{3})-[0-9]{3}", _letters("A-LN-Z"), 0.9),
    _plate("Ireland", "[0-9]{2,3}-([A-Z]{1,2})-[0-9]{1,6}", _among(IRELAND), 0.1),
    _plate("Croatia", "([A-Z]{2}) [0-9]{3,4}-[A-Z]{1,2}", _among(CROATIA), 0.05),
    _plate("Romania", "([A-Z]{1,2})[ -][0-9]{2,3}[ -][A-Z]{3}", _among(ROMANIA), 0.1),
    _plate("Turkey", "([0-9]{2}) [A-Z]{1,3} [0-9]{2,4}", _among(TURKEY), 0.81),
    _plate("Russia", "([АВЕКМНОРСТУХ])[0-9]{3}([А-ЯЁ]{2}) ?[0-9]{2,3}", _CYRILLIC, 0.14),
    _plate("Ukraine", "([A-Z]{2}) ?[0-9]{4} ?([A-Z]{2})", _LATIN_AND_CYRILLIC, 0.05),
)  # fmt: skip
# Under a header for plates or vehicles, also what is a code of many things elsewhere.
_HEADED: Final = re.compile(
    r"(?!(?:ISO|IEC|DIN|VDE|EN|GB|UN)[ -])(?:"  # numbers of standards
    r"[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9][0-9]{0,3}[EH]?"  # Germany
    r"|[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}"  # France, Italy
    r"|[0-9]{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}"  # Spain
    r"|[A-Z]{2}[0-9]{2} ?[A-Z]{3}"  # Britain
    r"|(?=[^0-9]*[0-9])(?=[^A-Z]*[A-Z])[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}"  # Low Countries
    r"|[A-Z]{1,3}[ -][A-Z0-9]{0,2}[0-9]{2}[A-Z0-9]{1,4}"  # Poland, Austria, Switzerland, Norway
    r"|[0-9][A-Z][0-9] [0-9]{4}"  # Czechia
    r"|[A-Z]{3}[ -]?[0-9]{2}[0-9A-Z]"  # Sweden, Finland, Hungary, Lithuania
    r"|[A-Z]{2} ?[0-9]{2} ?[0-9]{3}"  # Denmark
    r"|[A-Z]{2} ?[A-Z]{2}-?[0-9]{3}"  # Hungary since 2022
    r"|[A-ZΑ-Ω]{3}-?[0-9]{4})"  # Greece
)


_VIN: Final = re.compile("[A-HJ-NPR-Z0-9]{17}")
_VIN_HEADER: Final = re.compile(
    r"车架号|车辆识别|大架号|vin码|chejiahao|底盘号|(^|_)vin(_?(no|num|number|code|id))?$"
    r"|(^|_)chassis_?(no|num|number)$|fahrgestellnummer|fahrzeug_?ident"
)
# ISO 3779 and 49 CFR 565: letters stand for digits, and the ninth character checks the others.
_VIN_VALUES: Final = {
    **{each: int(each) for each in "0123456789"},
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)),
}
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_CHECK: Final = 8  # its place
_VIN_BY_CHANCE: Final = 1 / 11


class PlateAbroadDetector:
    """Finds plates of Germany, France and other states of Europe."""

    name = "plates-abroad"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of text in which nothing was found, by their header and their forms."""
        taken = {each.column for each in examined.found}
        for i, column, tested in examined.held():
            if column.type is not ColumnType.TEXT or column.name in taken:
                continue
            if vehicle := _vehicles(column.name, examined.cells(i, _SAMPLE)):
                yield _finding(column.name, vehicle[0], tested, vehicle[1])
                continue
            named = header_suggests(column.name, SensitiveKind.PLATE)
            vehicles = named or names_vehicle(column.name)
            if not vehicles and not says_nothing(column.name):
                continue
            sample = examined.cells(i, _SAMPLE)
            values = sorted({str(cell).strip().upper() for cell in sample})
            values = spread(values, _LOOKED_AT)
            share = _headed(values) if vehicles else 0.0
            if named and share > _MOST:
                why = "the form of a plate, under its header"
                yield _finding(column.name, share, tested, why, certain=True)
            elif share >= _NEARLY_ALL and len(values) >= _HEADED_MIN:
                why = "the form of a plate, under a header for vehicles"
                yield _finding(column.name, share, tested, why)
            elif state := next(_states(values), ""):
                why = f"the form of a plate, letters as {state} gives them out"
                yield _finding(column.name, 1.0, tested, why)


def _vehicles(header: str, sample: Sequence[object]) -> tuple[float, str] | None:
    """Return the share of numbers of vehicles in a column, and why; None if it holds none."""
    cells = [str(cell).strip().upper() for cell in sample]
    named = _VIN_HEADER.search(plain_header(header)) is not None
    if not worth_a_look(cells, _is_vin, _MOST if named else _NEARLY_ALL):
        return None
    values = {cell for cell in cells if _is_vin(cell)}
    passed = sum(map(_checks, values))
    share = sum(map(_is_vin, cells)) / max(1, len(cells))
    if len(values) < _HEADED_MIN:
        return None
    if passed >= _NEARLY_ALL * len(values) and (
        chance(len(values), passed, _VIN_BY_CHANCE) < CERTAIN
    ):
        return share, "numbers of vehicles, each with its check digit (GB 16735)"
    return (share, "the form of a vehicle's number, under its header") if named else None


def _is_vin(cell: str) -> bool:
    return _VIN.fullmatch(cell) is not None and not cell.isdigit() and not cell.isalpha()


def _checks(vin: str) -> bool:
    total = sum(_VIN_VALUES[x] * weight for x, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    return vin[_VIN_CHECK] == "0123456789X"[total % 11]


def _headed(values: Sequence[str]) -> float:
    forms = (_HEADED, *(each.form for each in _PLATES))
    found = sum(any(form.fullmatch(value) for form in forms) for value in values)
    return found / len(values) if values else 0.0


def _states(values: Sequence[str]) -> Iterator[str]:
    """Yield the states whose plates nearly all values are, beyond chance."""
    if len(values) < _DISTINCT_MIN:
        return
    for plate in _PLATES:
        formed = sum(plate.form.fullmatch(value) is not None for value in values)
        if formed < _NEARLY_ALL * len(values):
            continue
        tried, passed = plate.tried(values)
        if passed >= _NEARLY_ALL * tried and chance(tried, passed, plate.by_chance) < CERTAIN:
            yield plate.state


def _finding(
    name: str, share: float, tested: int, why: str, *, certain: bool = False
) -> SensitiveFinding:
    return SensitiveFinding(
        name,
        SensitiveKind.PLATE,
        round(share * tested),
        tested,
        certain,
        why,
    )
