"""Identifiers that are masked, hashed, cut short or contradicted by their header (rule I-10).

- masked: stars or crosses in the place of some characters (GB/T 37964-2019 calls it so), by
  pattern, or under a header that says of what
- hashed: hexadecimal digits of a digest's length under a header of an identifier.  Ten thousand
  million numbers are hashed in minutes: an unsalted hash of one is a pseudonym, no more
- contradicted: a header that names an identifier over values that could be some other one

Nothing here is certain: a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests, says_name
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SHARE: Final = 0.5
_SAMPLE: Final = 2_000
_MASK: Final = r"[*＊xX×#●•·○□]"

_MASKED: Final = {
    SensitiveKind.MOBILE: re.compile(
        rf"(?:\+?86[- ]?)?1[3-9]\d{_MASK}{{4,6}}\d{{2,4}}|1[3-9]\d{{5}}{_MASK}{{4}}"
    ),
    SensitiveKind.RESIDENT_ID: re.compile(
        rf"[1-9]\d{{2,9}}{_MASK}{{4,12}}\d{{0,3}}[\dXx]|[1-9]\d{{9,13}}{_MASK}{{4,8}}"
    ),
    SensitiveKind.BANK_CARD: re.compile(rf"\d{{4,6}}[ ]?(?:{_MASK}{{4,12}}[ ]?){{1,3}}\d{{3,4}}"),
    SensitiveKind.EMAIL: re.compile(
        r"[\w.+-]{1,20}[*＊]{1,20}[\w.+-]{0,20}@[\w.-]+\.[A-Za-z]{2,24}"
        # as people write it for other people: name (at) host dot com
        r"|[\w.+-]{1,40} ?(?:[(\[（]at[)\]）]| at |#|＃|艾特) ?[\w-]{1,40}"
        r"(?: ?(?:\.|[(\[（]dot[)\]）]| dot |点) ?[A-Za-z]{2,24}){1,3}"
    ),
    SensitiveKind.PERSON_NAME: re.compile(
        r"[一-鿿]{1,2}(?:[*＊○×某]|[xX](?![A-Za-z])){1,2}[一-鿿]?|[*＊]{1,2}[一-鿿]{1,2}"
        r"|[A-Z]\.\s?(?:[A-Z]\.\s?)?[A-Z][a-z'-]+|[A-Z][a-z'-]+,?\s[A-Z]\.?|[A-Z][a-z]*\*+(?:\s[A-Z][a-z*]+)?"
    ),
    SensitiveKind.PLATE: re.compile(r"[一-鿿][A-Z][·•\s-]?[A-Z0-9]{0,4}[*＊]{2,4}[A-Z0-9]{0,4}"),
    SensitiveKind.PASSPORT: re.compile(r"[A-Z]{1,2}\d{0,5}[*＊]{3,6}\d{0,4}"),
}
# So particular that no header is needed; of cards, what begins as an issuer's do.
_BY_ITSELF: Final = {
    **{
        kind: _MASKED[kind]
        for kind in (
            SensitiveKind.MOBILE,
            SensitiveKind.EMAIL,
            SensitiveKind.PLATE,
            SensitiveKind.PERSON_NAME,
        )
    },
    # As long as a number is, and of a province: a card that begins with 62 is of no place in Gansu.
    SensitiveKind.RESIDENT_ID: re.compile(
        r"(?=.{18}$|.{15}$)(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1345]|62(?=0|1[0-2]|29|30)|71|8[1-3])"
        r"\d{4}[*＊]{6,9}\d{2,3}[\dXx]"
    ),
    SensitiveKind.BANK_CARD: re.compile(
        r"(?:62|4\d|5[1-5])\d{2,4}[ ]?(?:[*＊]{4,12}[ ]?){1,3}\d{3,4}"
    ),
}
# Of these, the header alone makes values that could be some other identifier worth a look.
_HEADED: Final = (
    SensitiveKind.RESIDENT_ID,
    SensitiveKind.MOBILE,
    SensitiveKind.BANK_CARD,
    SensitiveKind.PASSPORT,
    SensitiveKind.PERMIT,
    SensitiveKind.NATIONAL_ID,
    SensitiveKind.EMAIL,
    SensitiveKind.PLATE,
    SensitiveKind.PERSON_NAME,
)
_STARS: Final = re.compile(r"[*＊]{2,}")
_SIGN: Final = re.compile("[*＊某]")
_DIGEST: Final = re.compile(
    r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56,64}|[0-9a-fA-F]{96,128})"
)
_DIGITS_MIN: Final = {
    SensitiveKind.RESIDENT_ID: 4,
    SensitiveKind.MOBILE: 4,
    SensitiveKind.BANK_CARD: 4,
    SensitiveKind.PASSPORT: 3,
    SensitiveKind.PERMIT: 3,
    SensitiveKind.NATIONAL_ID: 8,
}
_TOKEN: Final = re.compile(r"(?=.*\d)[A-Za-z0-9_=+/-]{4,128}")
_LANDLINE: Final = re.compile(
    r"\(?0\d{2,3}\)?[- ]?\d{7,8}(-\d{1,5})?|(400|800)[- ]?\d{3}[- ]?\d{4}|\d{5,6}|1[0-2]\d{1,3}"
)
_FEW: Final = 3  # different values; fewer are a flag or a kind
_OFFICE_FORM: Final = re.compile(r"[\w.+-]+@[\w.-]+")


class DisguiseDetector:
    """Finds masked, hashed and contradicted identifiers."""

    name = "disguises"
    rank = 2

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns in which nothing was found yet."""
        taken = {each.column for each in examined.found}
        for i, column, tested in examined.held():
            if column.name in taken or column.type not in (
                ColumnType.TEXT,
                ColumnType.INTEGER,
                ColumnType.DECIMAL,
            ):
                continue
            named = [
                kind
                for kind in _HEADED
                if header_suggests(column.name, kind)
                # A passenger or a patient may well be a number; 姓名 may not.
                and (kind is not SensitiveKind.PERSON_NAME or says_name(column.name))
            ]
            if column.type is not ColumnType.TEXT and not named:
                continue
            cells = {text.strip() for text in examined.texts(i, _SAMPLE)}
            hinted = header_suggests(column.name, SensitiveKind.PERSON_NAME)
            found = _disguised(cells, named, hinted=hinted)
            if found is not None:
                kind, share, evidence = found
                yield SensitiveFinding(
                    column.name,
                    kind,
                    round(share * tested),
                    tested,
                    certain=False,
                    evidence=evidence,
                )


def _disguised(
    cells: set[str], named: list[SensitiveKind], *, hinted: bool
) -> tuple[SensitiveKind, float, str] | None:
    """Return of what the different cells are a disguise, which share, and why.

    Initials beside a surname are one where the header says, or hints, that persons are named.
    """
    if not cells:
        return None
    for kind in (*(each for each in _MASKED if each in named), *_MASKED):
        pattern = _MASKED[kind] if kind in named else _BY_ITSELF.get(kind)
        if pattern is not None:
            share = _share(pattern.fullmatch, cells)
            initials = kind is SensitiveKind.PERSON_NAME and not hinted
            if share >= _SHARE and (not initials or any(map(_SIGN.search, cells))):
                return kind, share, "masked"
    for kind in named:
        share = _share(_STARS.search, cells)
        if share >= _SHARE:
            return kind, share, "masked"
        share = _share(_DIGEST.fullmatch, cells)
        if share >= _SHARE:
            return kind, share, "an unsalted digest, under the header of what it was made of"
        share = sum(_contradicts(kind, cell) for cell in cells) / len(cells)
        if share >= _SHARE and len(cells) >= _FEW:
            return kind, share, "the column's name, which its values do not bear out"
    return None


def _share(test: Callable[[str], object], cells: set[str]) -> float:
    """Return the share of cells that pass a test, or 0 as soon as it can only be below `_SHARE`."""
    failed, most = 0, len(cells) * (1 - _SHARE)
    for cell in cells:
        if not test(cell):
            failed += 1
            if failed > most:
                return 0.0
    return (len(cells) - failed) / len(cells)


def _contradicts(kind: SensitiveKind, cell: str) -> bool:
    """Whether a cell could be some other identifier than its header says."""
    if kind is SensitiveKind.MOBILE and _LANDLINE.fullmatch(cell):
        return False
    digits = sum(each.isdigit() for each in cell)
    if kind in _DIGITS_MIN and cell.isdigit():
        return digits >= _DIGITS_MIN[kind]
    if kind is SensitiveKind.PLATE:
        return False  # an office of plates, a laboratory's plates, a street sign
    return _TOKEN.fullmatch(cell) is not None and digits >= 2
