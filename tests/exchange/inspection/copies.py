"""Tables that copy others under a disguise, and tables that are nobody's copy though alike.

Each is labelled here, before the search is asked: `DISGUISES` must be found, `STRANGERS` must not.
"""

# ruff: noqa: S311 - data is made up and disguised from seeds
from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Row = tuple[Any, ...]
START: Final = dt.datetime.fromisoformat("2026-01-01")
GOODS: Final = ("水产", "化肥", "钢材", "机电", "木材", "石油")
PORTS: Final = ("上海", "宁波", "天津", "大连", "广州")
_ENGLISH: Final = "seafood fertiliser steel machinery timber oil Shanghai Ningbo Tianjin Dalian"
ENGLISH: Final = dict(zip((*GOODS, *PORTS), [*_ENGLISH.split(), "Guangzhou"], strict=True))


@dataclass(frozen=True)
class Table:
    """A header and its rows."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def each(self, change: Callable[[Row], Sequence[Any]], *header: str) -> Table:
        """Return the rows so changed, under another header if one is given."""
        return Table(header or self.header, tuple(tuple(change(row)) for row in self.rows))

    def shuffled(self, share: float = 1.0) -> Table:
        """Return so many of the rows in another order."""
        rows = random.Random(8).sample(self.rows, int(share * len(self.rows)))
        return Table(self.header, tuple(rows))


def buoy(seed: int, count: int = 2_000, station: str = "QD07") -> Table:
    """Half-hourly observations of one station."""
    chance, air, rows = random.Random(seed), 10.0, []
    for i in range(count):
        air += chance.gauss(0, 0.3)
        rows.append(
            (
                START + dt.timedelta(minutes=30 * i),
                station,
                round(1.4 * math.cos(i / 4) + chance.gauss(0, 0.2), 3),
                round(air, 2),
                round(abs(chance.gauss(6, 3)), 1),
                round(chance.uniform(50, 95), 1),
                round(chance.gauss(1013, 8), 1),
            )
        )
    header = ("time", "station", "sea_level", "air_temperature", "wind_speed", "humidity")
    return Table((*header, "pressure"), tuple(rows))


def trade(seed: int, count: int = 2_000) -> Table:
    """Customs declarations of a year."""
    chance = random.Random(seed)
    rows = (
        (
            dt.date(2025, chance.randint(1, 12), chance.randint(1, 28)),
            chance.choice(GOODS),
            chance.choice(PORTS),
            chance.randint(1_000, 9_999_999),
            round(chance.random() * 90_000, 2),
            chance.randint(1, 400),
        )
        for _ in range(count)
    )
    return Table(("date", "category", "port", "weight_kg", "value_cny", "parcels"), tuple(rows))


def notes(seed: int) -> Table:
    """What somebody wrote of a harbour, day and night."""
    chance, rows = random.Random(seed), []
    for i in range(900):
        at = START + dt.timedelta(minutes=90 * i + chance.randrange(60))
        words = (f"berth {chance.randrange(10**6)} asks for {each}" for each in ("water", "oil"))
        rows.append((at, *words, chance.choice(PORTS), chance.randint(1, 9_999), chance.random()))
    return Table(("time", "asked", "answered", "port", "tons", "share"), tuple(rows))


BUOY: Final = buoy(1)
NOTES: Final = notes(2)
TRADE: Final = trade(6)


def moved(digits: Sequence[int], seed: int = 5) -> Callable[[Row], Row]:
    """Return a change of each number of a buoy by no more than its last digit."""
    chance = random.Random(seed)
    return lambda row: (
        *row[:2],
        *(
            round(cell + chance.choice([-1, 0, 1]) / 10**places, places)
            for cell, places in zip(row[2:], digits, strict=True)
        ),
    )


def nearly(row: Row) -> Row:
    """Return a declaration with its weight and value moved by next to nothing."""
    chance = random.Random(str(row))
    weight, value = row[3] + chance.randint(-9, 9), round(row[4] + chance.uniform(-1, 1), 2)
    return (*row[:3], weight, value, row[5])


def from_both(one: Table, other: Table, *own: str) -> Table:
    """Return columns of two stations side by side, and some of one's own."""
    chance = random.Random(11)
    rows = [
        (*ours[:1], *ours[2:4], *theirs[4:6], *(chance.random() for _ in own))
        for ours, theirs in zip(one.rows, other.rows, strict=True)
    ]
    return Table(("time", "level", "air", "wind", "humidity", *own), tuple(rows))


def melted(table: Table) -> Table:
    """Return a row for each number of a table, with its time and what it is."""
    rows = [
        (row[0], table.header[i], row[i]) for row in table.rows for i in range(2, len(table.header))
    ]
    return Table(("time", "variable", "value"), tuple(rows))


def glued(sign: str) -> Callable[[Row], Row]:
    """Return a change of rows into ones that have all numbers in one cell."""
    return lambda row: (row[0].date(), row[1], sign.join(map(str, row[2:])))


def turned(table: Table, count: int) -> Table:
    """Return some rows of a table as columns, the numbers of each column in a row."""
    columns = list(zip(*table.rows[:count], strict=True))[2:]
    rows = [(name, *each) for name, each in zip(table.header[2:], columns, strict=True)]
    return Table(("what", *(f"t{i}" for i in range(count))), tuple(rows))


def flags(seed: int) -> Table:
    """Counted rows of flags, few of which are set."""
    chance = random.Random(seed)
    rows = ((i, *(int(chance.random() < 0.1) for _ in range(40))) for i in range(900))
    return Table(("id", *(f"f{i}" for i in range(40))), tuple(rows))


def melted_flags(seed: int) -> Table:
    """Return flags with a row for each, under the number of what it is of."""
    table = flags(seed)
    rows = [
        (row[0], name, row[i]) for row in table.rows for i, name in enumerate(table.header) if i
    ]
    return Table(("id", "flag", "set"), tuple(rows))


def prices(seed: int) -> Table:
    """What each of some goods cost on each day, at one market."""
    chance = random.Random(seed)
    rows = (
        (START.date() + dt.timedelta(days=i), each, round(chance.uniform(5, 90), 2))
        for i in range(300)
        for each in GOODS
    )
    return Table(("date", "goods", "price"), tuple(rows))


def dated(seed: int) -> Table:
    """Levels at one place, their days written as texts."""
    chance = random.Random(seed)
    days = (START + dt.timedelta(days=i) for i in range(600))
    rows = ((f"{day:%d/%m/%Y}", "QD01", round(chance.gauss(2, 0.7), 2)) for day in days)
    return Table(("day", "station", "level"), tuple(rows))


# What was registered, what copies it, and which of the copy's columns were found again.
DISGUISES: Final[dict[str, tuple[Table, Table, int]]] = {
    "two of six columns translated": (
        TRADE,
        TRADE.each(lambda row: (row[0], ENGLISH[row[1]], ENGLISH[row[2]], *row[3:])).shuffled(),
        4,
    ),
    "two of six columns translated, a tenth of the rows": (
        TRADE,
        TRADE.each(lambda row: (row[0], ENGLISH[row[1]], ENGLISH[row[2]], *row[3:])).shuffled(0.1),
        4,
    ),
    "suffixes on two of six columns": (
        TRADE,
        TRADE.each(lambda row: (row[0], f"{row[1]}类", f"港口：{row[2]}", *row[3:])).shuffled(),
        4,
    ),
    "two columns translated, two rounded": (
        TRADE,
        TRADE.each(
            lambda row: (
                *(row[0], ENGLISH[row[1]], ENGLISH[row[2]]),
                *(round(row[3], -2), round(row[4]), row[5]),
            )
        ).shuffled(),
        4,
    ),
    "two of six columns rounded": (
        TRADE,
        TRADE.each(lambda row: (*row[:3], round(row[3], -3), round(row[4], -2), row[5])).shuffled(),
        6,
    ),
    "two of six columns moved by next to nothing": (TRADE, TRADE.each(nearly).shuffled(), 6),
    "two of six columns in other units": (
        TRADE,
        TRADE.each(
            lambda row: (*row[:3], round(row[3] * 2.20462), round(row[4] / 7.13, 2), row[5])
        ).shuffled(),
        6,
    ),
    "two columns without a time": (
        BUOY,
        BUOY.each(lambda row: (row[2], row[4]), "sea_level", "wind_speed"),
        2,
    ),
    "two columns without a time, one gained": (
        BUOY,
        BUOY.each(lambda row: (row[2], row[3], random.Random(str(row)).random()), "a", "b", "c"),
        2,
    ),
    "two columns that repeat, without a time, one gained": (
        BUOY,
        BUOY.each(lambda row: (row[5], row[6], random.Random(str(row)).random()), "a", "b", "c"),
        2,
    ),
    "numbers made anew beside words": (
        NOTES,
        NOTES.each(lambda row: (*row[:2], "anew", *row[3:5], random.Random(str(row)).random())),
        4,
    ),
    "every number rounded": (
        BUOY,
        BUOY.each(lambda row: (*row[:2], round(row[2], 1), *(round(each) for each in row[3:]))),
        7,
    ),
    "every number cut short": (
        BUOY,
        BUOY.each(
            lambda row: (*row[:2], math.floor(row[2] * 10) / 10, *map(math.floor, row[3:]))
        ).shuffled(),
        7,
    ),
    "melted into rows": (BUOY, melted(BUOY).shuffled(), 6),
    "a third of it melted into rows": (BUOY, melted(BUOY.shuffled(0.3)).shuffled(), 6),
    "glued together": (BUOY, BUOY.each(glued("/"), "day", "station", "all").shuffled(), 6),
    "glued to the last cell": (
        BUOY,
        BUOY.each(lambda row: [";".join(map(str, row[1:]))], "everything").shuffled(0.3),
        6,
    ),
    "turned": (BUOY, turned(BUOY, 700), 5),
    "every last digit moved": (BUOY, BUOY.each(moved((3, 2, 1, 1, 1))).shuffled(), 7),
}


def joined(own: int, *shared: int, rows: int = 800) -> Table:
    """What everybody of a town has of its days, beside the figures of a shop of one's own."""
    town, chance = random.Random(77), random.Random(own)
    header = ("date", "weekday", "tmax", "rain", "sales", "customers")
    days = []
    for i in range(rows):
        day = START.date() + dt.timedelta(days=i)
        weather = (round(town.gauss(15, 9), 1), round(town.expovariate(0.2), 1))
        figures = (round(chance.uniform(1_000, 9_000), 2), chance.randint(50, 900))
        days.append((day, day.strftime("%a"), *weather, *figures))
    kept = shared or range(len(header))
    return Table(tuple(header[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in days))


def gauge_beside(seed: int, noise: Sequence[float], digits: Sequence[int]) -> Table:
    """What other instruments beside BUOY told, as good as `noise` and rounded to `digits`."""
    chance = random.Random(seed)
    return BUOY.each(
        lambda row: (
            *row[:2],
            *(
                round(cell + chance.gauss(0, each), places)
                for cell, each, places in zip(row[2:], noise, digits, strict=True)
            ),
        )
    )


def calendar(seed: int) -> Table:
    """Levels with much that their time says again."""
    chance = random.Random(seed)
    rows = []
    for i in range(2_000):
        at = START + dt.timedelta(hours=i)
        moon = round(i / 24 // 1 / 29.53 % 1, 2)
        season = ("winter", "spring", "summer", "autumn")[at.month % 12 // 3]
        rows.append(
            (at, at.strftime("%a"), at.hour, at.month, season, moon, round(chance.gauss(2, 0.7), 2))
        )
    return Table(("time", "weekday", "hour", "month", "season", "moon", "level"), tuple(rows))


def network(seed: int, *, names: Sequence[str] = ("lat", "lon", "depth")) -> Table:
    """Many stations at the same hours, each with what everybody knows of it."""
    known, chance = random.Random(3), random.Random(seed)
    stations = [
        (f"S{i:02}", f"Station {i}", *(round(known.uniform(30, 40), 4) for _ in range(3)))
        for i in range(40)
    ]
    rows = (
        (START + dt.timedelta(hours=i), *station, round(chance.gauss(2, 0.7), 2))
        for i in range(50)
        for station in stations
    )
    return Table(("time", "station", "name", *names, "level"), tuple(rows))


def lattice(seed: int, names: Sequence[str]) -> Table:
    """A field over the cells of a lattice, some of them land."""
    chance, land = random.Random(seed), random.Random(4)
    rows = (
        (round(117 + i / 20, 2), round(34 + j / 20, 2), round(chance.gauss(15, 4), 2))
        for i in range(60)
        for j in range(50)
        if land.random() < 0.6
    )
    return Table(tuple(names), tuple(rows))


def tariff(seed: int) -> Table:
    """A public list of goods, beside what a trader sold of them."""
    known, chance = random.Random(5), random.Random(seed)
    rows = (
        (
            10_000_000 + known.randrange(80_000_000),
            f"goods of the kind {i}",
            known.choice(("kg", "pcs", "m2")),
            known.choice((0, 3, 5, 6.5, 8, 10, 13)),
            round(chance.uniform(1, 900), 2),
            chance.randint(1, 90_000),
        )
        for i in range(1_500)
    )
    return Table(("hs_code", "description", "unit", "tariff", "price", "volume"), tuple(rows))


def counties(seed: int) -> Table:
    """Two figures of a census that everybody has, beside two of one's own."""
    known, chance = random.Random(6), random.Random(seed)
    rows = (
        (
            f"37{i:04}",
            f"County {i}",
            known.randint(90_000, 1_900_000),
            round(known.uniform(200, 4_000), 1),
            round(chance.uniform(1, 900), 2),
            chance.randint(1, 90_000),
        )
        for i in range(900)
    )
    return Table(("code", "county", "population", "area", "sales", "orders"), tuple(rows))


def fleet(seed: int) -> Table:
    """A public register of ships, beside the cargo that somebody saw of each."""
    known, chance = random.Random(7), random.Random(seed)
    rows = (
        (
            9_000_000 + 37 * i,
            f"Ship {known.randrange(10**6)}",
            known.choice(("PA", "LR", "CN", "SG")),
            known.randint(1990, 2024),
            known.randint(2_000, 190_000),
            chance.randint(500, 150_000),
            round(chance.uniform(4, 17), 1),
        )
        for i in range(1_200)
    )
    return Table(("imo", "ship", "flag", "built", "tonnage", "cargo_t", "draught"), tuple(rows))


def companies(seed: int) -> Table:
    """A public register of companies by the day, beside what somebody sold to each."""
    known, chance = random.Random(9), random.Random(seed)
    rows = (
        (
            START.date() - dt.timedelta(days=known.randrange(9_000)),
            f"Company {known.randrange(10**6)}",
            f"9137{known.randrange(10**14):014}",
            known.randint(10, 90_000),
            chance.randint(1, 90_000),
            round(chance.uniform(1, 900), 2),
        )
        for _ in range(1_200)
    )
    return Table(("founded", "name", "credit code", "capital", "orders", "sales"), tuple(rows))


def survey(seed: int) -> Table:
    """Counted answers of one to five."""
    chance = random.Random(seed)
    rows = ((i, *(chance.randint(1, 5) for _ in range(8))) for i in range(1_000))
    return Table(("id", *(f"q{i}" for i in range(8))), tuple(rows))


def shares(seed: int) -> Table:
    """Prices of two indices that everybody has, and holdings of one's own."""
    market, chance, first, second, rows = random.Random(8), random.Random(seed), 3_000.0, 900.0, []
    for i in range(700):
        first, second = first * market.gauss(1, 0.01), second * market.gauss(1, 0.01)
        own = (chance.randint(1, 9_000), round(chance.gauss(0, 4), 3), chance.randint(1, 9_000))
        day = START.date() + dt.timedelta(days=i)
        rows.append((day, round(first, 2), round(second, 2), *own))
    return Table(("date", "index", "second", "long", "alpha", "short"), tuple(rows))


def sharing(table: Table, own: Table, *columns: int) -> Table:
    """Return a table with some columns of another one, its rows as they stand."""
    rows = zip(own.rows, table.rows, strict=True)
    return Table(
        own.header,
        tuple(
            tuple(there[i] if i in columns else cell for i, cell in enumerate(here))
            for here, there in rows
        ),
    )


GOOD: Final = (0.01, 0.05, 0.3, 1.0, 0.1)
VERY_GOOD: Final = (0.004, 0.03, 0.2, 0.6, 0.06)
# What was registered, and what is no copy of it.
STRANGERS: Final[dict[str, tuple[Table, Table]]] = {
    "another station at the same times": (BUOY, buoy(77, station="QD08")),
    "other declarations of the same trade": (TRADE, trade(7)),
    "good instruments beside": (BUOY, gauge_beside(2, GOOD, (3, 2, 1, 1, 1))),
    "good instruments beside, coarsely told": (BUOY, gauge_beside(3, GOOD, (1, 0, 0, 0, 0))),
    "very good instruments beside": (BUOY, gauge_beside(4, VERY_GOOD, (3, 2, 1, 1, 1))),
    "very good ones beside, coarsely told": (BUOY, gauge_beside(5, VERY_GOOD, (1, 0, 0, 0, 0))),
    "instruments beside, and one in common": (
        BUOY,
        sharing(BUOY, gauge_beside(6, GOOD, (3, 2, 1, 1, 1)), 0, 1, 6),
    ),
    "another station with the pressure of this one": (BUOY, sharing(BUOY, buoy(78), 0, 1, 6)),
    "a calendar beside": (calendar(1), calendar(2)),
    "stations, their places and the same hours": (network(1), network(2)),
    "stations, their places told namelessly": (
        network(1, names=("a", "b", "c")),
        network(2, names=("d", "e", "f")),
    ),
    "cells of a lattice": (lattice(1, ("lon", "lat", "sst")), lattice(2, ("lon", "lat", "chl"))),
    "cells of a lattice, told namelessly": (lattice(1, "abc"), lattice(2, "def")),
    "a public list of codes": (tariff(1), tariff(2)),
    "weather of the town": (joined(1), joined(2)),
    "weather of the town, without weekdays": (joined(1, 0, 2, 4, 5), joined(2, 0, 2, 4, 5)),
    "figures of a census": (counties(1), counties(2)),
    "a register of ships": (fleet(1), fleet(2)),
    "a register of companies": (companies(1), companies(2)),
    "other notes of the harbour": (NOTES, notes(3)),
    "flags, few of which are set": (flags(1), flags(2)),
    "flags melted into rows": (melted_flags(1), melted_flags(2)),
    "prices of the same goods and days": (prices(1), prices(2)),
    "days as texts with strokes": (dated(1), dated(2)),
    "another station, melted": (BUOY, melted(buoy(77))),
    "both melted": (melted(BUOY), melted(buoy(77, station="QD08"))),
    "another station, glued": (BUOY, buoy(77).each(glued("/"), "day", "station", "all")),
    "another station, turned": (BUOY, turned(buoy(77), 700)),
    "good instruments beside, melted": (BUOY, melted(gauge_beside(2, GOOD, (3, 2, 1, 1, 1)))),
    "answers of one to five": (survey(1), survey(2)),
    "indices of a market": (shares(1), shares(2)),
    "one column of another's": (TRADE, sharing(TRADE, trade(9), 0, 1, 2, 3)),
}
