"""Postal addresses that lead to a home.

A street and a number may be a company's seat or a station's.  What a door, a unit or a room of
a building follows is where somebody lives, unless the header says whose seat it is; so is any
house under a header for homes.  A street without a house under such a header is masked.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own patterns
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SHARE: Final = 0.5
_RARE: Final = 0.1
_SAMPLE: Final = 500
_LENGTH_MIN: Final = 6
_ROWS: Final = 20_480

_HOMES: Final = re.compile(
    r"住址|家庭|居住|户籍|收货|收件|送货|配送|个人|(^|_)(home|residential|residence|delivery|shipping)"
)
_SEATS: Final = re.compile(
    r"公司|企业|单位|注册|经营|办公|总部|门店|店铺|机构|学校|医院|站|港|泊|寄存|服务器"
    r"|(^|_)(company|office|business|registered|corporate|seat|station|shop|store|branch|site|port"
    r"|server|warehouse|factory|plant)(_|$)"
)
_HAN: Final = r"[\x{4E00}-\x{9FFF}]"
_NUMBER: Final = r"[0-9０-９一二三四五六七八九十百]+"
_STREET: Final = rf"{_HAN}{{1,12}}(路|街|大道|道|巷|弄|胡同|里|村|屯|庄|镇|乡|组)"
_HOUSE: Final = rf"{_STREET}.{{0,12}}?{_NUMBER}\s*(号|弄|组|队|户)"
_DOOR: Final = (
    rf"({_NUMBER}\s*(号楼|栋|幢|座|单元|弄)\D{{0,3}}.{{0,8}}?[0-9０-９]{{2,5}}\s*(室|号|房|户)?)"
    rf"|({_NUMBER}\s*号.{{0,20}}?([0-9０-９]{{1,4}}\s*(室|户)|{_NUMBER}\s*(单元|号楼|栋|幢)))"
)
_ENGLISH: Final = (
    r"(?i)([0-9]{1,6}[A-Za-z]?,?\s+([A-Z][A-Za-z.'-]*\s+){1,4}(street|st|road|rd|avenue|ave|lane|ln"
    r"|drive|dr|boulevard|blvd|court|ct|place|pl|terrace|way|close|crescent|square)\b)"
    r"|((room|rm|flat|apt|apartment|unit|suite)\.?\s*#?[0-9A-Z-]{1,6}\b.*\b(road|rd|street|st|avenue"
    r"|ave|lane|drive)\b)"
)
_ENGLISH_DOOR: Final = r"(?i)\b(room|rm|flat|apt|apartment|unit)\.?\s*#?[0-9A-Z-]{1,6}\b"


class AddressDetector:
    """Finds addresses of homes."""

    name = "addresses"
    rank = 2

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of text by pattern, header and how near to a door they lead."""
        for i, column, tested in examined.held():
            if column.type is ColumnType.TEXT:
                yield from self._column(examined, i, column, tested)

    def _column(
        self, examined: Examined, i: int, column: Column, tested: int
    ) -> Iterator[SensitiveFinding]:
        plain = plain_header(column.name)
        named = header_suggests(column.name, SensitiveKind.ADDRESS)
        homes = named and _HOMES.search(plain) is not None
        if _SEATS.search(plain) and not homes:
            return
        if not named and not self._worth_reading(examined, i):
            return
        (counted,) = examined.connection.execute(
            f"SELECT (SELECT count(c{i}) FROM cells WHERE {examined.evenly(_ROWS)}),"
            f" count(*) FILTER (WHERE regexp_matches(c{i}, $street)),"
            f" count(*) FILTER (WHERE regexp_matches(c{i}, $house)),"
            f" count(*) FILTER (WHERE regexp_matches(c{i}, $house)"
            f" AND regexp_matches(c{i}, $door)),"
            f" count(*) FILTER (WHERE regexp_matches(c{i}, $english)),"
            f" count(*) FILTER (WHERE regexp_matches(c{i}, $english)"
            f" AND regexp_matches(c{i}, $room))"
            f" FROM cells WHERE strlen(c{i}) > {_LENGTH_MIN} AND {examined.evenly(_ROWS)}",
            {
                "street": _STREET,
                "house": _HOUSE,
                "door": _DOOR,
                "english": _ENGLISH,
                "room": _ENGLISH_DOOR,
            },
        ).fetchall()
        looked_at, *counts = counted
        # Of very many rows, those looked at stand for the others.
        streets, houses, doors, western, rooms = (
            round(each * tested / max(1, looked_at)) for each in counts
        )
        led = doors + rooms
        if homes and houses + western >= _SHARE * tested:
            yield _finding(column, houses + western, tested, certain=True)
        elif led >= (_RARE if named else _SHARE) * tested:
            yield _finding(column, led, tested, certain=True)
        elif homes and streets + western >= _SHARE * tested:
            yield _finding(column, streets + western, tested, certain=False)

    def _worth_reading(self, examined: Examined, i: int) -> bool:
        """Whether an even sample has addresses enough to look at all of them."""
        cells = [str(cell) for (cell,) in examined.sample([i], _SAMPLE) if cell is not None]
        alike = sum(
            re.search(r"[路街道巷弄村]", cell) is not None and re.search(r"[0-9]", cell) is not None
            for cell in cells
        ) + sum(re.search(_ENGLISH, cell) is not None for cell in cells)
        return alike >= _SHARE / 2 * len(cells)


def _finding(column: Column, matched: int, tested: int, *, certain: bool) -> SensitiveFinding:
    evidence = "the pattern of a home's address" if certain else "streets under a header for homes"
    return SensitiveFinding(
        column.name, SensitiveKind.ADDRESS, min(matched, tested), tested, certain, evidence
    )
