"""Numbers of persons of Hong Kong, Macau and Taiwan: identity cards and telephones.

- Hong Kong: one or two letters, six digits, and a check digit (modulo 11), in brackets or not
- Taiwan: a letter for a county, a digit for sex (1, 2), for a resident from abroad 8 or 9 since
  2021 and a letter before, and a check digit (modulo 10)
- Macau: 1, 5 or 7, six digits more and one in brackets, whose rule nobody publishes
- telephones: +852, +853 and +886 with the digits of a mobile behind; Taiwan's own way of writing
  them, from 09 on

A column is judged by a sample of its different values, nearly all of which must have the form: a
few of these numbers among others are not found.  A check digit that holds in as many as chance
never passes is certain under any header, and so is a form under a header that says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from exchange.inspection.chances import CERTAIN, chance, worth_a_look
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

RESIDENT, MOBILE = SensitiveKind.RESIDENT_ID, SensitiveKind.MOBILE
_SAMPLE: Final = 2_000
_FEW_ROWS: Final = 500
_FILLED: Final = 0.95
_DISTINCT_MIN: Final = 10
_FORMS_MIN: Final = 20  # different values of a form that nothing proves

_HONG_KONG: Final = re.compile(r"([A-Z]{1,2})([0-9]{6})(?:\(([0-9A])\)|([0-9A]))")
_BLANK: Final = 36  # what stands before a single letter counts as so much
_TAIWAN: Final = re.compile(r"([A-Z])([1289A-D])([0-9]{7})([0-9])")
_COUNTIES: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their numbers, from 10 on
_MACAU: Final = re.compile(r"[157][0-9]{6}\([0-9]\)|[157]/[0-9]{6}/[0-9]")
_ABROAD: Final = re.compile(r"(?:\+|00)(?:852[4-79][0-9]{7}|8536[0-9]{7}|8860?9[0-9]{8})")
_AT_HOME: Final = re.compile(r"09[0-9]{8}")
_WRITTEN: Final = re.compile(r"09[0-9]{2}[- ][0-9]{3}[- ]?[0-9]{3}")
_JOINTS: Final = re.compile(r"[\s()-]")
_TEN, _ELEVEN = 10, 11


def is_hong_kong_id(text: str) -> bool:
    """Whether a text is an identity card's number of Hong Kong with its check digit."""
    found = _HONG_KONG.fullmatch(text)
    if found is None:
        return False
    letters = [ord(each) - 55 for each in found[1]]
    values = [*([_BLANK] if len(letters) == 1 else []), *letters, *map(int, found[2])]
    total = sum(value * (9 - place) for place, value in enumerate(values))
    return (total + int(found[3] or found[4], 11)) % _ELEVEN == 0


def is_taiwan_id(text: str) -> bool:
    """Whether a text is an identity number of Taiwan, or a resident's from abroad, whole."""
    found = _TAIWAN.fullmatch(text)
    if found is None:
        return False
    tens, ones = divmod(_COUNTIES.index(found[1]) + 10, 10)
    sex = found[2]
    second = int(sex) if sex.isdigit() else (_COUNTIES.index(sex) + 10) % 10
    digits = [second, *map(int, found[3])]
    total = tens + 9 * ones + sum(d * w for d, w in zip(digits, range(8, 0, -1), strict=True))
    return (total + int(found[4])) % _TEN == 0


# Form, whole check, and how often chance passes it among what has the form.
_CHECKED: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool], float], ...]] = (
    ("Hong Kong", _HONG_KONG, is_hong_kong_id, 1 / _ELEVEN),
    ("Taiwan", _TAIWAN, is_taiwan_id, 1 / _TEN),
)


class TerritoryDetector:
    """Finds columns of identity numbers and telephones of Hong Kong, Macau and Taiwan."""

    name = "territories"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of text in which nothing was found."""
        taken = {each.column for each in examined.found}
        for i, column, tested in examined.held():
            if column.type is not ColumnType.TEXT or column.name in taken:
                continue
            drawn = examined.texts(i, _FEW_ROWS)
            if not worth_a_look(sorted(set(drawn)), _is_alike, _FILLED / 2):
                continue
            sample = examined.cells(i, _SAMPLE)
            cells = {str(cell).strip().upper() for cell in sample}
            found = _identity(column.name, cells) or _telephone(column.name, cells)
            if found is not None:
                kind, certain, evidence = found
                yield SensitiveFinding(column.name, kind, tested, tested, certain, evidence)


def _is_alike(cell: str) -> bool:
    text = cell.strip().upper()
    forms = (_HONG_KONG, _TAIWAN, _MACAU)
    return any(form.fullmatch(text) for form in forms) or _is_telephone(text)


def _is_telephone(text: str) -> bool:
    plain = _JOINTS.sub("", text)
    return _ABROAD.fullmatch(plain) is not None or _AT_HOME.fullmatch(plain) is not None


def _identity(header: str, cells: set[str]) -> tuple[SensitiveKind, bool, str] | None:
    papers = (RESIDENT, SensitiveKind.PERMIT)
    named = any(header_suggests(header, kind) for kind in papers)
    for place, form, check, by_chance in _CHECKED:
        shaped = [cell for cell in cells if form.fullmatch(cell)]
        passed = sum(map(check, shaped))
        if len(shaped) < _FILLED * len(cells) or passed < _FILLED * len(shaped):
            continue
        unlikely = chance(len(shaped), passed, by_chance) / (100 if named else 1) < CERTAIN
        if named or (unlikely and passed >= _DISTINCT_MIN):
            evidence = f"{passed} of {len(cells)} different values pass the check of {place}'s"
            return RESIDENT, unlikely, f"{evidence} identity cards"
    shaped = [cell for cell in cells if _MACAU.fullmatch(cell)]
    if len(shaped) >= _FILLED * len(cells) and (named or len(shaped) >= _FORMS_MIN):
        return RESIDENT, named, "the form of Macau's identity cards"
    return None


def _telephone(header: str, cells: set[str]) -> tuple[SensitiveKind, bool, str] | None:
    named = header_suggests(header, MOBILE)
    plain = [_JOINTS.sub("", cell) for cell in cells]
    abroad = sum(_ABROAD.fullmatch(each) is not None for each in plain)
    home = sum(_AT_HOME.fullmatch(each) is not None for each in plain)
    if abroad + home < _FILLED * len(cells) or (not named and len(cells) < _DISTINCT_MIN):
        return None
    written = sum(_WRITTEN.fullmatch(cell) is not None for cell in cells)
    if named or abroad >= _FILLED * len(cells):
        return MOBILE, True, "mobile numbers of Hong Kong, Macau or Taiwan"
    if abroad + written >= _FILLED * len(cells):
        return MOBILE, False, "written as mobile numbers of Taiwan are"
    return None
