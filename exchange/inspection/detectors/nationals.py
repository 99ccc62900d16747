"""Numbers that other states give to persons, judged by a sample of a column's different values.

Letters or points with a check digit, or a day of birth with one, prove a number wherever nearly
all of a column is made so; a check digit alone does so under its header, and asks without one, as
accounts and firms pass the same tests.  A form without a check digit proves it under its header.
Within texts, numbers with letters or points count, and those that a word before them names.  A few
of them among other things can be missed (`national` has the schemes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from exchange.inspection.chances import CERTAIN, chance, spread
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import plain_header
from exchange.inspection.national import SCHEMES, Proof, Scheme, bare, names_scheme
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SAMPLE: Final = 2_000
_SOME: Final = 20
_LOOKED_AT: Final = 500  # different values
_HALF: Final = 0.5
_MOST: Final = 0.6
_NEARLY_ALL: Final = 0.95
_HEADED_MIN: Final = 3
_DISTINCT_MIN: Final = 20
_YEARS_MIN: Final = 10  # persons are born in many years; batches are made in one or two
_NUMBERS_FROM: Final = 10**7
_TEXT_LENGTH: Final = 14  # characters of a cell on average; less is no running text

_POSSIBLE: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Z0-9][A-Z0-9 ./+-]{6,22}")
_LETTERED: Final = "|".join(each.form.pattern for each in SCHEMES if each.proof is Proof.LETTERED)
_WITHIN: Final = re.compile(rf"(?<![0-9A-Z.])(?:{_LETTERED})(?![0-9A-Z])")
# A word that only goes with such numbers, and what stands behind it.
_TOLD: Final = re.compile(
    r"(?:PESEL|BSN|STEUER-?ID(?:NR)?|NINO|NIR|SÉCURITÉ SOCIALE|PERSONNUMMER|CNP|AMKA|SSN)"
    r"\W{0,3}(?:NR|NO|NUMBER)?\W{0,3}([A-Z]{0,2} ?[0-9][0-9 ./-]{5,18}[0-9](?: ?[A-D](?![A-Z]))?)"
)


class NationalDetector:
    """Finds national numbers of persons."""

    name = "nationals"
    rank = 1  # before names, which are not looked for where such numbers stand

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of texts and of whole numbers in which nothing is certain yet."""
        taken = {each.column for each in examined.found if each.certain}
        for i, column, tested in examined.held():
            if column.name in taken or not _may_hold(examined, i, column):
                continue
            sample = examined.cells(i, _SAMPLE)
            found = None
            few = spread(sample)  # which tell whether it may hold numbers at all
            if few and sum(map(_is_possible, few)) >= _HALF * len(few):
                found = _filling(column, [_written(cell) for cell in sample], tested)
            if found is None and column.type is ColumnType.TEXT:
                found = _within(column, [str(cell).strip() for cell in sample], tested)
            if found is not None:
                yield found


def _may_hold(examined: Examined, i: int, column: Column) -> bool:
    if column.type is ColumnType.TEXT:
        return True
    if column.type not in (ColumnType.INTEGER, ColumnType.DECIMAL):
        return False
    greatest = examined.known[i].get("max")
    return greatest is None or float(greatest) >= _NUMBERS_FROM


def _written(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().upper()


def _is_possible(cell: object) -> bool:
    return _POSSIBLE.fullmatch(_written(cell)) is not None


def _filling(column: Column, cells: Sequence[str], tested: int) -> SensitiveFinding | None:
    """Judge a column whose cells are numbers and nothing else."""
    different = sorted(set(cells))
    different = spread(different, _LOOKED_AT)
    plain = plain_header(column.name)
    numeric = column.type is not ColumnType.TEXT
    maybe = None
    for scheme in SCHEMES:
        judged = _judged(scheme, different, named=names_scheme(plain, scheme), numeric=numeric)
        if judged is None:
            continue
        certain, passed = judged
        share = passed / len(different)
        finding = SensitiveFinding(
            column.name,
            SensitiveKind.NATIONAL_ID,
            round(tested * share),
            tested,
            certain,
            f"{passed} of {len(different)} different values pass as {scheme.name}",
        )
        if certain:
            return finding
        maybe = maybe or finding
    return maybe


def _judged(
    scheme: Scheme, values: Sequence[str], *, named: bool, numeric: bool
) -> tuple[bool, int] | None:
    """Return whether values are certain to be a scheme's numbers and how many, None if not any."""
    if scheme.headed and not named:
        return None
    numbers = _shaped(scheme, values, named=named, numeric=numeric)
    # Where few of some pass, the others are not asked: most have to.
    some = spread(numbers, _SOME)
    likely = sum(map(scheme.passes, some)) >= _MOST / 2 * len(some)
    right = [each for each in numbers if scheme.passes(each)] if likely else []
    shaped, passed = len(numbers), len(right)
    if not shaped:
        return None
    if scheme.proof is Proof.FORM:
        proven = passed >= _NEARLY_ALL * shaped
    else:
        proven = passed >= _MOST * shaped and (chance(shaped, passed, scheme.by_chance) < CERTAIN)
    if not proven:
        # Of letters and points under their header somebody may have made the check digits up.
        looks = named and scheme.proof is Proof.LETTERED and shaped >= _NEARLY_ALL * len(values)
        return (False, shaped) if looks else None
    filled = scheme.proof is Proof.LETTERED or passed >= _NEARLY_ALL * len(values)
    if named or (filled and _of_many_years(scheme, right)):
        return named or scheme.proof in (Proof.LETTERED, Proof.DATED), passed
    return None


def _shaped(scheme: Scheme, values: Sequence[str], *, named: bool, numeric: bool) -> list[str]:
    """Return the numbers of a scheme's form; none where they are too few to judge by."""
    least = _HALF if named or scheme.proof is Proof.LETTERED else _NEARLY_ALL
    written = [_filled(value, scheme) for value in values] if numeric else values
    some = spread(written, _SOME)
    if sum(scheme.form.fullmatch(each) is not None for each in some) < _HALF / 2 * len(some):
        return []
    numbers = [each for each in written if scheme.form.fullmatch(each)]
    enough = len(numbers) >= max(least * len(values), _HEADED_MIN if named else _DISTINCT_MIN)
    return numbers if enough else []


def _filled(value: str, scheme: Scheme) -> str:
    """Return a number with the zeros in front that a column of whole numbers lost."""
    return value.zfill(scheme.length) if scheme.length - len(value) in (1, 2) else value


def _of_many_years(scheme: Scheme, numbers: Sequence[str]) -> bool:
    """Whether those with a birthday are of as many years, and of as many days, as persons are."""
    written = [bare(each) for each in numbers]
    return all(len({each[at:][:2] for each in written}) >= _YEARS_MIN for at in scheme.born)


def _within(column: Column, cells: Sequence[str], tested: int) -> SensitiveFinding | None:
    """Look for numbers that stand within texts."""
    if not cells or sum(map(len, cells)) < _TEXT_LENGTH * len(cells):
        return None
    text = "\n".join(cells).upper()
    candidates = {found[0] for found in _WITHIN.finditer(text)}
    told = {found[1] for found in _TOLD.finditer(text)}
    for scheme in SCHEMES:
        pool = candidates if scheme.proof is Proof.LETTERED else told
        numbers = [each for each in pool if scheme.form.fullmatch(each)]
        passed = sum(map(scheme.passes, numbers))
        if not passed or passed < _MOST * len(numbers) or scheme.headed:
            continue
        if chance(len(numbers), passed, scheme.by_chance) < CERTAIN:
            matched = min(tested, max(1, round(tested * passed / len(cells))))
            return SensitiveFinding(
                column.name,
                SensitiveKind.NATIONAL_ID,
                matched,
                tested,
                certain=True,
                embedded=matched,
                evidence=f"{passed} of {len(numbers)} within texts pass as {scheme.name}",
            )
    return None
