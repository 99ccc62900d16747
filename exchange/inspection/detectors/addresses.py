"""Postal addresses that lead to a home.

A street and a number may be a company's seat or a station's.  What a door, a unit or a room of
a building follows is where somebody lives, unless the header says whose seat it is; so is any
house under a header for homes.  A street without a house under such a header is masked, and a
floor of a house may be an office: both are for somebody to look at, and so are a few homes in notes
or among other addresses.  Traditional characters are read as simplified ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from exchange.inspection import tongues
from exchange.inspection.chances import worth_a_look
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.reader import Column
from exchange.inspection.traditional import simplified
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_SHARE: Final = 0.5
_NEARLY_ALL: Final = 0.9
_RARE: Final = 0.1
_FEW_SHARE: Final = 0.01  # of notes, or of addresses, that lead to a home
_FEW_MIN: Final = 5
_SAMPLE: Final = 500
_LENGTH_MIN: Final = 6

_HOMES: Final = re.compile(
    r"住址|家庭|居住|户籍|收货|收件|送货|配送|个人|(^|_)(home|residential|residence|delivery|shipping)|"
    + tongues.HOMES
)
_SEATS: Final = re.compile(
    r"公司|企业|单位|注册|经营|办公|总部|门店|店铺|机构|学校|医院|站|港|泊|寄存|服务器"
    r"|(^|_)(company|office|business|registered|corporate|seat|station|shop|store|branch|site|port"
    r"|server|warehouse|factory|plant)(_|$)|" + tongues.SEATS
)
_HAN: Final = "[\u4e00-\u9fff]"
_NUMBER: Final = r"[0-9０-９一二三四五六七八九十百]+"
_ROADS: Final = rf"{_HAN}{{1,12}}(路|街|大道|道|巷|弄|胡同|里|村|屯|庄|镇|乡|组)"
_ROAD_ENDS: Final = re.compile("[路街道巷弄同里村屯庄镇乡组]")
_STREET: Final = re.compile(_ROADS)
_HOUSE: Final = re.compile(rf"{_ROADS}.{{0,12}}?{_NUMBER}\s*(号|弄|组|队|户)", re.ASCII)
_DOOR: Final = re.compile(
    rf"({_NUMBER}\s*(号楼|栋|幢|座|单元|弄)\D{{0,3}}.{{0,8}}?[0-9０-９]{{2,5}}\s*(室|号|房|户)?)"
    rf"|({_NUMBER}\s*号.{{0,20}}?([0-9０-９A-Z]{{1,4}}\s*(室|户)|{_NUMBER}\s*(单元|号楼|栋|幢)))",
    re.ASCII,
)
# A floor is a home in Hong Kong and Taiwan, and as often an office.
_FLOOR: Final = re.compile(rf"{_NUMBER}\s*号(之[0-9]{{1,2}})?[ ，,]?{_NUMBER}\s*楼", re.ASCII)
_WESTERN: Final = re.compile(
    r"(?i)([0-9]{1,6}[A-Za-z]?,?\s+([A-Z][A-Za-z.'-]*\s+){1,4}(street|st|road|rd|avenue|ave|lane|ln"
    r"|drive|dr|boulevard|blvd|court|ct|place|pl|terrace|way|close|crescent|square)\b)"
    r"|((room|rm|flat|apt|apartment|unit|suite)\.?\s*#?[0-9A-Z-]{1,6}\b.*\b(road|rd|street|st|avenue"
    r"|ave|lane|drive)\b)",
    re.ASCII,
)
# A street and a house's number, with the words of streets before or behind the name.
_EUROPEAN: Final = re.compile(
    r"(?i)[^\W\d_][\w.' -]*(stra(ss|ß)e|str\.|weg|allee|platz|gasse|damm|ring|ufer|chaussee|straat"
    r"|laan|gracht|plein|kade|gatan|vägen|gata|vej|gade|vei|katu|tie)\s*[0-9]{1,4}\s?[a-z]?\b"
    r"|(?:\b(ul|al|os|pl|via|viale|piazza|corso|calle|c/|avda|avenida|plaza|paseo|rua|travessa"
    r"|largo|ulica|ulice|nam|str|strada|bd|ул|улица|пр|проспект|пер|οδος|λεωφ)\b\.?|ул\.)"
    r"\s*[^\W\d_][^,0-9]{1,40},?\s*(n[.°º]?\s*|д\.?\s*|no\.?\s*)?[0-9]{1,4}"
    r"|\b[0-9]{1,4}\s?(bis|ter)?,?\s+(rue|avenue|av\.|boulevard|bd|place|impasse|allée|chemin|quai"
    r"|route)\s+[^\W\d_]"
    r"|^[^\W\d_][^,0-9]{2,40}\s[0-9]{1,4}\s?[a-z]?(/[0-9]+)?,\s*[0-9]{2}-?[0-9]{2,3}\s+[^\W\d_]"
    r"|[^\W\d_][\w.' -]*\s(utca|u\.|út|útja|tér|tere|körút|krt\.?|köz|sor|sétány|fasor|sugárút)"
    r"\s*[0-9]{1,4}"
)
# Down to the block or the house of a quarter, behind a prefecture, a city or a ward; 6771 is
# the character of the capital that is folded elsewhere.
_JAPANESE: Final = re.compile(
    r"(?:\u6771京都|北海道|京都府|大阪府|[^\W\d_]{2,3}県|[市区郡][^\W\d_]{0,6}町)[^\W\d_]{0,16}"
    r"[0-9０-９一二三四五六七八九十]{1,4}(?:丁目|番地?|号|[-－ー‐−][0-9０-９]{1,4})"
)
_ROOM: Final = re.compile(
    r"(?i)\b(room|rm|flat|apt|apartment|unit)\.?\s*#?[0-9A-Z-]{1,6}\b", re.ASCII
)
_ROAD: Final = re.compile("[路街道巷弄村]")
# A house on a street, or a quarter where people live, and behind it a door with its number.
_TO_DOOR: Final = re.compile(
    rf"(?:[路街道巷]\s*{_NUMBER}\s*[号弄]|小区|花园|公寓|家园|新村|里弄).{{0,28}}?"
    rf"(?:[0-9０-９]{{2,5}}\s*[室户]|{_NUMBER}\s*单元.{{0,4}}?[0-9０-９]{{2,5}})"
)
_DIGIT: Final = re.compile("[0-9]")


class AddressDetector:
    """Finds addresses of homes."""

    name = "addresses"
    rank = 2

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of text by pattern, header and how near to a door they lead."""
        for i, column, tested in examined.held():
            if column.type is ColumnType.TEXT:
                found = list(self._column(examined, i, column, tested))
                yield from found or self._few_homes(examined, i, column, tested)

    def _few_homes(
        self, examined: Examined, i: int, column: Column, tested: int
    ) -> Iterator[SensitiveFinding]:
        """Look for homes in notes, and for a few among other addresses."""
        plain = plain_header(column.name)
        if _SEATS.search(plain) and not _HOMES.search(plain):
            return
        cells = examined.texts(i)
        homes = [cell for cell in cells if _leads_home(cell)]
        if len(homes) >= _FEW_SHARE * len(cells) and len(set(homes)) >= _FEW_MIN:
            matched = round(tested * len(homes) / len(cells))
            yield SensitiveFinding(
                column.name,
                SensitiveKind.ADDRESS,
                matched,
                tested,
                certain=False,
                embedded=matched,
                evidence=f"{len(set(homes))} homes in running text or among other addresses",
            )

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
        cells = examined.texts(i)
        # Of very many rows, those looked at stand for the others.
        streets, houses, doors, floors, western, rooms = (
            round(each * tested / max(1, len(cells))) for each in _counted(cells)
        )
        led = doors + rooms
        if homes and houses + western >= _SHARE * tested:
            yield _finding(column, houses + western, tested, certain=True)
        elif led >= (_RARE if named else _SHARE) * tested:
            yield _finding(column, led, tested, certain=True)
        elif homes and streets + western >= _SHARE * tested:
            yield _finding(column, streets + western, tested, certain=False)
        elif self._abroad(column.name, cells):
            yield _finding(column, tested, tested, certain=False)
        elif floors + led >= _SHARE * tested:
            yield _finding(column, floors + led, tested, certain=False)

    def _abroad(self, header: str, cells: Sequence[str]) -> bool:
        """Whether half of some cells are houses as they are written in Europe or in Japan."""
        least = _SHARE if header_suggests(header, SensitiveKind.ADDRESS) else _NEARLY_ALL
        streets = sum(map(_is_abroad, cells))
        return bool(cells) and streets >= least * len(cells)

    def _worth_reading(self, examined: Examined, i: int) -> bool:
        """Whether an even sample has addresses enough to look at all of them."""
        cells = examined.texts(i, _SAMPLE)
        return worth_a_look(cells, _is_alike, _SHARE / 2)


def _counted(cells: Sequence[str]) -> tuple[int, int, int, int, int, int]:
    """Count streets, houses, their doors and floors, streets in English, and rooms in them."""
    streets = houses = doors = floors = western = rooms = 0
    for cell in map(simplified, cells):
        if len(cell.encode("utf-8", "replace")) <= _LENGTH_MIN:
            continue
        if _ROAD_ENDS.search(cell) and _STREET.search(cell):
            streets += 1
            if _HOUSE.search(cell):
                houses += 1
                door = _DOOR.search(cell) is not None
                doors += door
                floors += not door and _FLOOR.search(cell) is not None
        if _WESTERN.search(cell):
            western += 1
            rooms += _ROOM.search(cell) is not None
    return streets, houses, doors, floors, western, rooms


def _leads_home(cell: str) -> bool:
    """Whether a street and a door of a house on it stand in a cell."""
    if cell.isascii():
        return _ROOM.search(cell) is not None and _WESTERN.search(cell) is not None
    # Which most notes have none of; the second is the traditional form of the first.
    door = "室" in cell or "单元" in cell or "户" in cell or "\u6236" in cell or "\u55ae元" in cell
    return door and _TO_DOOR.search(simplified(cell)) is not None


def _is_abroad(cell: str) -> bool:
    return _EUROPEAN.search(cell) is not None or _JAPANESE.search(cell) is not None


def _is_alike(cell: str) -> int:
    """Count the ways in which a cell is built as an address is."""
    chinese = _ROAD.search(cell) is not None and _DIGIT.search(cell) is not None
    return chinese + (_WESTERN.search(cell) is not None or _is_abroad(cell))


def _finding(column: Column, matched: int, tested: int, *, certain: bool) -> SensitiveFinding:
    evidence = "the pattern of a home's address" if certain else "streets or floors of houses"
    return SensitiveFinding(
        column.name, SensitiveKind.ADDRESS, min(matched, tested), tested, certain, evidence
    )
