"""Positions as tables write them: two columns, or one cell; degrees, or a code of a cell of a grid.

- two columns of degrees, by their names: latitude and longitude in several languages, the ends of
  a trip, whole numbers of 1e-5 to 1e-7 degrees, decimal commas and letters of the compass in text
- two columns that are called x and y, or width and length: where their numbers are degrees that
  lie close together and far from nought, as those of a town do and those of a hall do not
- many in one cell: WKT of a line, GeoJSON's coordinates, pairs that are joined otherwise than the
  two numbers of a pair are
- one cell: "lon,lat" or "lat lon", WKT and GeoJSON of a point, a geohash, a plus code

What a column of text holds is judged by a sample of it; all rows are read only by who asks more.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from exchange.inspection import lexicon
from exchange.inspection.detector import Examined
from exchange.inspection.measure import extremes_of
from exchange.inspection.position import Position
from exchange.profile import ColumnType

_METRES: Final = 111_320  # in a degree along a meridian
_DECIMALS_MAX: Final = 8
_DECIMALS_LEAST: Final = 5  # of numbers that nothing but their values makes a position
_SAMPLE: Final = 1_000
_LOOKED_AT: Final = 200  # cells of a text
_MOSTLY: Final = 0.9
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)
_SCALES: Final = (100_000, 1_000_000, 10_000_000)  # of whole numbers that are parts of a degree
_LATITUDE_MAX, _LONGITUDE_MAX = 90, 180

_SIGNED: Final = r"[+-]?[0-9]{1,3}[.,][0-9]+"
_ONE: Final = re.compile(
    rf"\s*[NSEWnsewOо北南东西]?\s*({_SIGNED})\s*[°度]?\s*[NSEWnsewO北南东西]?\s*"
)
# Two numbers of degrees, perhaps a height behind them, and no other digit.
_BOTH: Final = (
    r"^(?:SRID=[0-9]+;)?[^0-9+-]{0,40}([+-]?[0-9]{1,3}[.][0-9]+)[^0-9.+-]{1,20}"
    r"([+-]?[0-9]{1,3}[.][0-9]+)(?:[^0-9.+-]{1,20}[+-]?[0-9]+(?:[.][0-9]+)?)?[^0-9]{0,40}$"
)
_PAIR: Final = re.compile(_BOTH)
# Two pairs and what joins them; the numbers of a vector are all joined alike.
_NUMBER: Final = r"([+-]?[0-9]{1,3}[.][0-9]{4,})"
_JOINED: Final = re.compile(
    rf"{_NUMBER}([^0-9.+-]{{1,4}}){_NUMBER}(?!\2[+-]?[0-9])[^0-9.+-]{{1,6}}{_NUMBER}\2{_NUMBER}(?![0-9])"
)
_GEOMETRY: Final = re.compile(r"POINT\s*(Z\s*)?\(|\"coordinates\"", re.IGNORECASE)
_GEOHASH: Final = re.compile("[0-9b-hjkmnp-z]{7,12}")
_PLUS_CODE: Final = re.compile(r"[23456789CFGHJMPQRVWX]{8}[+][23456789CFGHJMPQRVWX]{2,4}")
_GEOHASH_METRES: Final = {7: 76, 8: 19, 9: 2}  # to the middle of its cell; of longer ones, less
_PLUS_METRES: Final = 14
_LETTERS_MIN: Final = 6  # that a column of geohashes uses of its alphabet


def _metres(decimals: int) -> int:
    return max(1, round(_METRES * 10.0**-decimals))


def positions(examined: Examined) -> tuple[Position, ...]:
    """Return where positions stand: first those that the columns' names say, then the others."""
    if not examined.placed:  # several ask, and no finding changes the answer
        examined.placed.append(tuple(_positions(examined)))
    return examined.placed[0]


def _positions(examined: Examined) -> Iterator[Position]:
    columns = examined.table.columns
    found: list[int] = []
    for position in (*_named(examined), *_in_cells(examined)):
        found += position.columns
        yield position
    if found:
        return
    numbers = [i for i, each in enumerate(columns) if each.type in _NUMBERS]
    northward = [i for i in numbers if lexicon.is_northward(columns[i].name)]
    eastward = [i for i in numbers if lexicon.is_eastward(columns[i].name)]
    for pair in zip(northward, eastward, strict=False):
        likely = by_values(examined, *pair)
        if likely is not None:
            yield likely


def _named(examined: Examined) -> Iterator[Position]:
    """Yield the pairs of columns that are degrees by name and by range."""
    columns = examined.table.columns
    held = [i for i, _, _ in examined.held()]
    latitudes = [i for i in held if lexicon.is_latitude(columns[i].name)]
    longitudes = [i for i in held if lexicon.is_longitude(columns[i].name)]
    for pair in zip(latitudes, longitudes, strict=False):
        types = {columns[i].type for i in pair}
        if types == {ColumnType.TEXT}:
            position = _in_texts(examined, *pair)
        elif types.issubset(_NUMBERS):
            position = _in_numbers(examined, *pair)
        else:
            continue
        if position is not None:
            yield position


def _in_numbers(examined: Examined, latitude: int, longitude: int) -> Position | None:
    both = extremes_of(examined.connection, examined.table, (latitude, longitude))
    (south, north), (west, east) = both
    whole = all(examined.table.columns[i].type is ColumnType.INTEGER for i in (latitude, longitude))
    for scale in (1, *_SCALES) if whole else (1,):
        if south < -_LATITUDE_MAX * scale or north > _LATITUDE_MAX * scale:
            continue
        if west < -_LONGITUDE_MAX * scale or east > 2 * _LONGITUDE_MAX * scale:
            continue
        metres = _metres(_decimals(examined, scale, latitude, longitude))
        part = f" / {scale}" if scale > 1 else ""
        return Position((latitude, longitude), metres, f"c{latitude}{part}", f"c{longitude}{part}")
    return None


def _decimals(examined: Examined, scale: int, *columns: int) -> int:
    """Return how many decimals of a degree most cells of the coarser column use."""
    found: list[int] = []
    for i in columns:
        cells = [
            f"{value / scale:.{_DECIMALS_MAX}f}".rstrip("0").partition(".")[2]
            for (value,) in examined.connection.execute(
                f"SELECT DISTINCT c{i} FROM cells WHERE c{i} IS NOT NULL LIMIT {_SAMPLE}"
            ).fetchall()
        ]
        # A trailing zero is not written: nine in ten cells show all decimals.
        cells.sort(key=len)
        found.append(len(cells[len(cells) // 2]) if cells else 0)
    return min(found)


def by_values(examined: Examined, one: int, other: int) -> Position | None:
    """Return two columns of numbers as a position where nothing but degrees looks so."""
    extremes = extremes_of(examined.connection, examined.table, (one, other))
    if any(low is None for low, _ in extremes) or not _around_a_town(extremes):
        return None
    decimals = _decimals(examined, 1, one, other)
    if decimals < _DECIMALS_LEAST:
        return None
    return Position((one, other), _metres(decimals), f"c{one}", f"c{other}", plain=False)


def _around_a_town(extremes: Sequence[tuple[float, float]]) -> bool:
    """Whether numbers may be degrees, and one of them lies further from nought than apart.

    What is measured in a hall or on a sheet begins at nought; a town does at the equator alone.
    Shares are less than one.
    """
    reach = sorted(max(abs(low), abs(high)) for low, high in extremes)
    if reach[0] > _LATITUDE_MAX or reach[1] > _LONGITUDE_MAX:
        return False
    return any(
        low * high > 0 and min(abs(low), abs(high)) > max(1, high - low) for low, high in extremes
    )


def _texts(examined: Examined, i: int) -> list[str]:
    """Return some cells of a column of text that are not missing."""
    return examined.texts(i)[:_LOOKED_AT]


def _in_texts(examined: Examined, latitude: int, longitude: int) -> Position | None:
    """Return two columns of text as a position: decimal commas, degree signs, letters."""
    decimals = []
    for i in (latitude, longitude):
        cells = _texts(examined, i)
        read = [each[1] for each in map(_ONE.fullmatch, cells) if each]
        if len(read) < _MOSTLY * len(cells) or not read:
            return None
        decimals.append(_usual([re.split("[.,]", each)[1] for each in read]))
    return Position(
        (latitude, longitude), _metres(min(decimals)), _degrees(latitude), _degrees(longitude)
    )


def _degrees(i: int) -> str:
    return f"try_cast(replace(regexp_extract(c{i}, '{_SIGNED}'), ',', '.') AS DOUBLE)"


def _usual(fractions: Sequence[str]) -> int:
    """Return how many decimals are in use, by the fractions of some numbers."""
    lengths = sorted(len(each.rstrip("0")) for each in fractions)
    return lengths[len(lengths) // 2]


def _in_cells(examined: Examined) -> Iterator[Position]:
    """Yield the columns of text each cell of which is a position."""
    for i, column, _ in examined.held():
        if column.type is not ColumnType.TEXT:
            continue
        cells = _texts(examined, i)
        if not cells:
            continue
        position = _pairs(i, cells, named=lexicon.names_place(column.name))
        position = position or _codes(i, cells, named=lexicon.names_place(column.name))
        if position is not None:
            yield position


def _pairs(i: int, cells: Sequence[str], *, named: bool) -> Position | None:
    """Return cells of two numbers as a position, whichever of them is the latitude."""
    read = [each for each in map(_PAIR.search, cells) if each]
    if not read or len(read) < _MOSTLY * len(cells):
        return None
    numbers = [(float(each[1]), float(each[2])) for each in read]
    extremes = [(min(each), max(each)) for each in zip(*numbers, strict=True)]
    reach = sorted(max(abs(low), abs(high)) for low, high in extremes)
    plain = named or sum(map(bool, map(_GEOMETRY.search, cells))) >= _MOSTLY * len(cells)
    # Up to one, they are shares of a screen.
    if reach[0] > _LATITUDE_MAX or not 1 < reach[1] <= 2 * _LONGITUDE_MAX:
        return None
    if not plain and not _around_a_town(extremes):
        return None
    decimals = min(_usual([each[n].partition(".")[2] for each in read]) for n in (1, 2))
    if not plain and decimals < _DECIMALS_LEAST:
        return None
    one, other = (f"try_cast(regexp_extract(c{i}, '{_BOTH}', {n}) AS DOUBLE)" for n in (1, 2))
    return Position((i,), _metres(decimals), one, other, plain=plain)


def _codes(i: int, cells: Sequence[str], *, named: bool) -> Position | None:
    """Return cells of a code for a cell of a grid as a position."""
    if all(map(_PLUS_CODE.fullmatch, cells)):
        return Position((i,), _PLUS_METRES, cell=f"substr(c{i}, 1, 6)")
    if not named or not all(map(_GEOHASH.fullmatch, cells)):
        return None
    letters = {each for cell in cells for each in cell if each.isalpha()}
    if len(letters) < _LETTERS_MIN:
        return None
    length = sorted(map(len, cells))[len(cells) // 2]
    return Position((i,), _GEOHASH_METRES.get(length, 1), cell=f"substr(c{i}, 1, 6)")


def ways(examined: Examined) -> Iterator[int]:
    """Yield the columns of text each cell of which is a way: two positions or more, fine ones."""
    for i, column, _ in examined.held():
        if column.type is ColumnType.TEXT:
            cells = _texts(examined, i)
            if cells and sum(map(_is_way, cells)) >= _MOSTLY * len(cells):
                yield i


def _is_way(cell: str) -> bool:
    found = _JOINED.search(cell)
    if found is None:
        return False
    numbers = [abs(float(found[n])) for n in (1, 3, 4, 5)]
    return all(
        min(pair) <= _LATITUDE_MAX and 1 < max(pair) <= _LONGITUDE_MAX
        for pair in (numbers[:2], numbers[2:])
    )
