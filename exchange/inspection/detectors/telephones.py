"""Telephones of other countries: with the country's code (ITU-T E.164), or as dialled at home.

No check digit exists.  A plus, a country and groups of digits in nearly every cell are a
telephone's alone, and so are the groups of Japanese mobiles; a sign and digits may be a reading,
and are asked about.  Under a header for
telephones both are certain, and so are numbers as people of that language dial them at home; under
an English one, which may stand over anybody's, these are certain where it says mobiles, and asked
about otherwise.  A code without its plus counts where the number is as long as its country's are.
Within texts, what a plus leads is certain behind a word that calls.  Of firms, all are asked about.
Landlines are asked about in logs of calls.  Judged by a sample of the different values; mobile
numbers of the mainland are `numbers`' part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection.chances import spread
from exchange.inspection.detector import Examined
from exchange.inspection.detectors.numbers import CALLS, NEIGHBOURHOOD
from exchange.inspection.dialling import is_international
from exchange.inspection.firms import of_firms
from exchange.inspection.lexicon import dials_abroad, header_suggests, plain_header
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SAMPLE: Final = 2_000
_LOOKED_AT: Final = 500
_HALF: Final = 0.5
_MOST: Final = 0.6
_NEARLY_ALL: Final = 0.95
_HEADED_MIN: Final = 3
_DISTINCT_MIN: Final = 20

# The mainland's own, 86, is left to `numbers`; 28, 83 and 89 are no country.
_ABROAD: Final = re.compile(
    r"(?:tel:)?(?:\+|00)(?!86|28|83|89)[1-9][0-9 ()./\u00a0-]{6,22}[0-9]", re.IGNORECASE
)
_GROUPS: Final = re.compile(r"\+[0-9]{1,4}(?:[ -]?\([0-9]+\))?(?:[ -]?[0-9]+)*[ -][0-9]+")
_AT_HOME: Final = re.compile(
    r"\(?0[0-9][0-9 ()/.-]{5,16}[0-9]|(?:\([1-9]|[2-9])[0-9 ().-]{6,15}[0-9]"
)
_MOBILES: Final = re.compile(r"mobile|cell|msisdn|whatsapp|handphone|(^|_)(no|nomor)_(hp|wa)(_|$)")
_CALLS: Final = re.compile(
    r"主叫|被叫|(^|_)(caller|callee|calling|called|dialled|[ab]_?number|anrufer|angerufener|appelant"
    r"|appele|llamante|llamado|chiamante|chiamato)(_|$)"
)
_WITH_AREA: Final = re.compile(r"0[0-9]{2,3}-[0-9]{7,8}")
_LANDLINE: Final = re.compile(r"\(?0[0-9]{2,3}\)?[- ]?[0-9]{7,8}")
# Under any header: of Japan, and in groups of Korea, as which Beijing's landlines are written, too.
_JAPANESE: Final = re.compile(r"0([789])0(-?)[0-9]{4}\2[0-9]{4}")
_KOREAN: Final = re.compile(r"010-[0-9]{4}-[0-9]{4}")
_WITHIN: Final = re.compile(r"(?<![\w+])\+([1-9][0-9 ()./\u00a0-]{7,20}[0-9])(?![0-9])")
_AROUND: Final = 2  # characters around a number that fills its cell
_DIGITS_AT_HOME: Final = range(8, 14)
_DIGITS: Final = range(9, 16)


class TelephoneDetector:
    """Finds telephone numbers of other countries."""

    name = "telephones"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of texts in which nothing is certain yet; whole numbers never are."""
        taken = {each.column for each in examined.found if each.certain}
        for i, column, tested in examined.held():
            named = header_suggests(column.name, SensitiveKind.MOBILE)
            numbers = named and column.type is ColumnType.INTEGER
            if column.name not in taken and (numbers or column.type is ColumnType.TEXT):
                sample = examined.cells(i, _SAMPLE)
                cells = [str(cell).strip() for cell in sample]
                judged = _called(column, cells) or _judged(column, cells)
                told = None if judged else _told(cells)
                if found := judged or told:
                    share, evidence, certain = found
                    matched = max(1, round(share * tested))
                    yield SensitiveFinding(
                        column.name,
                        SensitiveKind.MOBILE,
                        matched,
                        tested,
                        certain and not numbers and not of_firms(examined.table.columns),
                        evidence,
                        embedded=matched if told else 0,
                    )


def _called(column: Column, cells: list[str]) -> tuple[float, str, bool] | None:
    """Return the share of landlines in a column of who called or was called; None for others."""
    if not _CALLS.search(plain_header(column.name)):
        return None
    share = sum(_LANDLINE.fullmatch(cell) is not None for cell in cells) / max(1, len(cells))
    return (share, "landlines in a log of calls", False) if share >= _MOST else None


def _judged(column: Column, cells: list[str]) -> tuple[float, str, bool] | None:
    """Return the share of telephones, why, and whether it is certain; None if there are none."""
    named = header_suggests(column.name, SensitiveKind.MOBILE)
    abroad_named = dials_abroad(column.name)
    at_home = abroad_named or (named and column.name.isascii())
    few = spread(cells)
    looking = sum(_looks(x, at_home=at_home) or _coded(x, named=named) for x in few)
    if not cells or looking < _HALF * len(few):
        return None
    values = sorted(set(cells))
    values = spread(values, _LOOKED_AT)
    if len(values) < (_HEADED_MIN if named else _DISTINCT_MIN):
        return None
    abroad = [each for each in values if _is_abroad(each)]
    share = len(abroad) / len(values)
    coded = sum(is_international(_digits(each)) for each in values) / len(values)
    if named and (share >= _HALF or coded >= _NEARLY_ALL):
        why = "a country's code and a number (E.164), under a header for telephones"
        return max(share, coded), why, True
    signed = [each for each in abroad if each.startswith("+")]
    if len(signed) >= _NEARLY_ALL * len(values):
        grouped = sum(_GROUPS.fullmatch(each) is not None for each in signed)
        certain = grouped >= _NEARLY_ALL * len(signed)
        return share, "a plus, a country's code and a number (E.164)", certain
    eastern = _eastern(values)
    if at_home and (eastern is None or not eastern[2]):
        return _at_home(column, values, sure=abroad_named) or eastern
    return eastern


def _at_home(column: Column, values: list[str], *, sure: bool) -> tuple[float, str, bool] | None:
    """Return the share of numbers as they are dialled at home, under a header for telephones."""
    share = sum(_looks(each, at_home=True) for each in values) / len(values)
    # The mainland's landlines stand under English headers too, and are a firm's as a rule.
    areas = sum(_WITH_AREA.fullmatch(each) is not None for each in values)
    if share < _MOST or (areas > _HALF * len(values) and not sure):
        return None
    why = "numbers as they are dialled there, under a header for telephones"
    return share, why, sure or _MOBILES.search(plain_header(column.name)) is not None


def _eastern(values: list[str]) -> tuple[float, str, bool] | None:
    """Return the share of mobile numbers of Japan or Korea under a header that says nothing."""
    found = [each for value in values if (each := _JAPANESE.fullmatch(value))]
    share = len(found) / len(values)
    if share >= _NEARLY_ALL:
        if len({each[1] for each in found}) == 1:
            return None  # numbers of a maker all begin alike
        return share, "mobile numbers of Japan", all(each[2] for each in found)
    share = sum(_KOREAN.fullmatch(each) is not None for each in values) / len(values)
    return (share, "mobile numbers of Korea", False) if share >= _NEARLY_ALL else None


def _coded(cell: str, *, named: bool) -> bool:
    """Whether a cell is in groups of Japan or Korea, or a code and a number under a header."""
    if named and is_international(_digits(cell)):
        return True
    return (_JAPANESE.fullmatch(cell) or _KOREAN.fullmatch(cell)) is not None


def _told(cells: list[str]) -> tuple[float, str, bool] | None:
    """Return the share of texts in which telephones with a plus stand; None if hardly any do."""
    holding, numbers, passed, called = 0, set(), set(), False
    for cell in (each for each in cells if "+" in each):
        found = [each for each in _WITHIN.finditer(cell) if len(each[0]) + _AROUND < len(cell)]
        right = [each for each in found if is_international(_digits(each[1]))]
        numbers |= {each[1] for each in found}
        passed |= {each[1] for each in right}
        holding += bool(right)
        called = called or any(
            CALLS.search(cell[max(0, each.start() - NEIGHBOURHOOD) : each.start()])
            for each in right
        )
    # Readings and sums have a sign as well, and hardly ever a country's code and its length.
    if len(passed) < (1 if called else _HEADED_MIN) or len(passed) < _MOST * len(numbers):
        return None
    return holding / len(cells), "a plus, a country's code and a number (E.164), in texts", called


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number.replace("(0)", "")))


def _looks(cell: str, *, at_home: bool) -> bool:
    return _is_abroad(cell) or (
        at_home
        and _AT_HOME.fullmatch(cell) is not None
        and sum(map(str.isdigit, cell)) in _DIGITS_AT_HOME
    )


def _is_abroad(cell: str) -> bool:
    if _ABROAD.fullmatch(cell) is None:
        return False
    return len(_digits(cell)) in _DIGITS
