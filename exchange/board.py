"""The board (挂牌大厅): what stands on it of a listed product, and what a buyer may ask it for.

A line says nothing that is not public of a listed product: its sheet, its profile's size, format
and coverage, the name of its supplier.  Rows, samples and other extremes are not in it.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, ClassVar, Final

from annotated_types import Ge, Le, Len
from pydantic import ConfigDict

from exchange.errors import BadField
from exchange.grading import Grade
from exchange.legible import require_legible
from exchange.profile import Profile
from exchange.records import STRICT
from exchange.registration import Product
from exchange.specsheet import Frequency, PriceMode, ProductType, SpecSheet
from pricing.money import Money

Box = tuple[int, int, int, int]
BOX_MAX: Final = 60  # characters
_DEGREE: Final = r"\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,6})?)\s*"
_BOX: Final = re.compile(",".join([_DEGREE] * 4), re.ASCII)
ROUND: Final = 360_000_000  # millionths of a degree, of which longitudes may be told
_POLE: Final = 90_000_000
WORDS_MAX: Final = 100  # characters of what is looked for
WORDS_AT_ONCE: Final = 8  # each of which is looked for in every line
LINES_MAX: Final = 100  # of one page
PAGES_MAX: Final = 1_000_000
PLACES: Final = 10_000  # a score has four places, and is kept as a whole number


class Sort(enum.StrEnum):
    """In which order lines are told; those that are equal the newest first."""

    NEWEST = "newest"
    QUALITY = "quality"
    NAME = "name"
    NAME_EN = "name-en"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A product on the board.

    `format` is the reader that the inspection knew the file by.  `quality`, in ten-thousandths, is
    the score as of the day of the listing, which its verdict rests on: what ages goes on to age,
    and is measured as of today where the product is looked at.  `until` is the last day on which
    the product stands there.  `words` is what is searched, folded by `fold`.
    `covers_from` and `covers_to` are the first and the last day of the data, `box` its west, south,
    east and north in millionths of a degree: as measured, else as declared, else None.
    """

    number: str
    name: str
    name_en: str
    supplier: str
    sector: str
    type: ProductType
    grade: Grade
    frequency: Frequency
    format: str
    rows: int
    price_mode: PriceMode
    price: Money | None
    quality: int
    listed_at: str
    until: str
    words: str
    covers_from: str | None = None
    covers_to: str | None = None
    box: Box | None = None

    @property
    def score(self) -> Decimal:
        """The quality as a share of one, to four places."""
        return (Decimal(self.quality) / PLACES).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Search:
    """What a buyer looks for; what is None or empty asks nothing.

    Each of the `words`, apart by blanks, must stand in a line somewhere, also within a longer one,
    as Chinese has no blanks.  `quality` is the least score.  Of a period that is asked for, data
    covers some day, and some place of a `box`: west, south, east and north in decimal degrees,
    apart by commas, where the west of a box across the 180th meridian is above its east.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    words: Annotated[str, Len(0, WORDS_MAX)] = ""
    sector: Annotated[str, Len(0, 200)] = ""
    type: ProductType | None = None
    grade: Grade | None = None
    price: PriceMode | None = None
    frequency: Frequency | None = None
    format: Annotated[str, Len(0, 100)] = ""
    quality: Annotated[Decimal, Ge(0), Le(1)] | None = None
    covers_from: dt.date | None = None
    covers_to: dt.date | None = None
    box: Annotated[str, Len(0, BOX_MAX)] = ""
    sort: Sort = Sort.NEWEST
    page: Annotated[int, Ge(1), Le(PAGES_MAX)] = 1
    size: Annotated[int, Ge(1), Le(LINES_MAX)] = 60

    def __post_init__(self) -> None:
        """Raise `BadField` for more words than are looked for at once, or for no legible ones."""
        for name in ("words", "sector", "format"):
            require_legible(getattr(self, name), name)
        if len(self.terms) > WORDS_AT_ONCE:
            raise BadField("words", f"more than {WORDS_AT_ONCE} words")
        if self.covers_from and self.covers_to and self.covers_to < self.covers_from:
            raise BadField("covers_to", "before covers_from")
        if self.box and self.corners is None:
            raise BadField("box", "is not west,south,east,north in decimal degrees")

    @property
    def corners(self) -> Box | None:
        """The box in millionths of a degree, its east not below its west; None where none is."""
        found = _BOX.fullmatch(self.box)
        if found is None:
            return None
        west, south, east, north = (_millionths(Decimal(each)) for each in found.groups())
        if max(abs(west), abs(east)) > ROUND or not -_POLE <= south <= north <= _POLE:
            return None
        return west, south, east + ROUND * (east < west), north

    @property
    def terms(self) -> Sequence[str]:
        """The words, folded as those of lines are."""
        return tuple(dict.fromkeys(fold(self.words).split()))

    @property
    def least(self) -> int:
        """The least quality in ten-thousandths."""
        return int(((self.quality or 0) * Decimal(PLACES)).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search has found, and how many lines were found in all."""

    lines: Sequence[BoardLine]
    whole: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing was found."""
        return max(1, -(-self.whole // self.size))


def fold(text: str) -> str:
    """Return a text as it is compared: without differences of width, form and case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(name: str) -> bytes:
    """Return the bytes by which names are sorted, alike in every database.

    GB 18030 has the most common characters in the order of their pinyin, behind Latin letters.
    """
    return fold(name).encode("gb18030", "replace")


def _millionths(degrees: Decimal, rounding: str = ROUND_FLOOR) -> int:
    return int((degrees * 1_000_000).to_integral_value(rounding))


def _box_of(sheet: SpecSheet, profile: Profile) -> Box | None:
    """Return the box of the data, no smaller than it is."""
    found = profile.space or sheet.physical.extent
    if found is None:
        return None
    west, south = (_millionths(Decimal(each)) for each in (found.west, found.south))
    east, north = (_millionths(Decimal(each), ROUND_CEILING) for each in (found.east, found.north))
    return west, south, east + ROUND * (east < west), north


def _days_of(sheet: SpecSheet, profile: Profile) -> tuple[str, str] | tuple[None, None]:
    """Return the first and the last day of the data; what is told of a year is all of it."""
    found = profile.time or sheet.physical.period
    if found is None:
        return None, None
    return _whole(found.start, "-01-01"), _whole(found.end, "-12-31")


def _whole(moment: str, rest: str) -> str:
    """Return the day of a moment; `rest` completes one of which a year or a month is told."""
    day = moment[:10]
    return day + rest[len(day) - 4 :]


def last_day(product: Product) -> str:
    """Return the last day on which a listed product stands on the board, as `as_of` has it."""
    ends = [product.valid_until or "", product.registered_until or ""]
    return min(ends if ends[1] else ends[:1])[:10]


def line_of(
    product: Product, sheet: SpecSheet, profile: Profile, *, supplier: str, score: Decimal
) -> BoardLine:
    """Return the line of a listed product; `supplier` is the name that its supplier has."""
    basic = sheet.basic
    first, last = _days_of(sheet, profile)
    texts = (
        basic.name,
        basic.name_en,
        basic.description,
        basic.sector,
        basic.industry,
        *basic.keywords,
        supplier,
        product.number,
    )
    return BoardLine(
        number=product.number,
        name=product.name,
        name_en=basic.name_en,
        supplier=product.supplier,
        sector=basic.sector,
        type=basic.type,
        grade=sheet.grade,
        frequency=sheet.physical.update_frequency,
        format=profile.reader,
        rows=profile.rows,
        price_mode=sheet.price.mode,
        price=sheet.price.amount,
        quality=int(score * PLACES),
        listed_at=product.listed_at or "",
        until=last_day(product),
        words="\n".join(fold(text) for text in texts),  # no word of a search has an end of line
        covers_from=first,
        covers_to=last,
        box=_box_of(sheet, profile),
    )
