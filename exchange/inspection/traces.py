"""Tracks: subjects whose positions a table tells over time (rules I-11 and G-10).

A track needs a column that tells subjects apart, a time, and a position (`whereabouts`) written
finer than some 100 m: three decimals of a degree are 111 m along a meridian, four are 11 m.
A subject counts from two points on.  What a header calls a buoy, a station or a turtle is
nobody; a device is somebody's as long as it does not stand still, and so is a network card where
nothing else is told apart.  Who has an account or a card that goes about is not known.  Where
nobody is named, the heart rate, the steps or the pace beside a position that goes on and on are of
one person.
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
from exchange.inspection.reader import Column
from exchange.inspection.whereabouts import positions
from exchange.profile import Bearer, ColumnType, SensitiveFinding, SensitiveKind, Track

_SAMPLE: Final = 1_000
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)
_MOVING: Final = 0.002  # degrees that a subject has to move to be a track: 200 m
_POINTS_MIN: Final = 2
_POINTS_ENOUGH: Final = 50_000  # of points and of subjects, to tell the median step
_SUBJECTS_ENOUGH: Final = 500
_READABLE: Final = 0.9  # of a column of texts, to be one of instants
# Seconds, or milli-, micro- and nanoseconds, since 1970, from 1990 to 2100; or digits of a date.
_SINCE_1970: Final = tuple((6.3e8 * each, 4.1e9 * each) for each in (1, 1e3, 1e6, 1e9))
_DATED: Final = (19_900_101_000_000, 21_000_101_000_000)
_WRITTEN: Final = ", ".join(
    f"'{each}'"
    for each in (
        *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"),
        *("%d-%m-%Y %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒"),
        *("%Y.%m.%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y%m%dT%H%M%S"),
    )
)
_HOT_SPOT: Final = re.compile(r"(^|_)bssid(_|$)")
# The address of a card, or an unsalted digest of one.
_CARD: Final = re.compile(
    r"[0-9a-fA-F]{2}(?:([:-]?)[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}|[0-9a-fA-F]{16,64}"
)
_WALK_ROWS: Final = 20_000  # of one who goes about alone, from which to tell
_WALK_STEP: Final = 60  # seconds from one to the next, at the most
_WALK_FAR: Final = 0.002  # degrees in such a step, at the most
_WALK_SPREAD: Final = 0.001  # degrees that the whole way covers, at the least

# What names a person to the letter; a plate names a car, and an address a house.
_NAMING: Final = frozenset(
    {
        SensitiveKind.RESIDENT_ID,
        SensitiveKind.MOBILE,
        SensitiveKind.BANK_CARD,
        SensitiveKind.EMAIL,
        SensitiveKind.PERSON_NAME,
        SensitiveKind.PASSPORT,
        SensitiveKind.PERMIT,
        SensitiveKind.NATIONAL_ID,
    }
)


def persons_named(found: Sequence[SensitiveFinding]) -> frozenset[str]:
    """Return the columns found for certain to name persons."""
    return frozenset(each.column for each in found if each.kind in _NAMING and each.certain)


def bearer_of(column: Column) -> Bearer | None:
    """Return who moves under this header, None for what is nobody."""
    name = column.name
    if lexicon.names_vessel(name):
        return Bearer.VESSEL
    if lexicon.names_vehicle(name):
        return Bearer.VEHICLE
    if lexicon.names_other_being(name):
        return None
    if lexicon.names_mover(name):
        return Bearer.PERSON
    return None


def tracks(examined: Examined) -> tuple[Track, ...]:
    """Return the tracks of a table; columns found to name persons or plates are their keys."""
    persons = persons_named(examined.found) | {
        each.column for each in examined.found if each.kind is SensitiveKind.PLATE and each.certain
    }
    if persons not in examined.tracked:
        examined.tracked[persons] = tuple(_tracks(examined, persons))
    return examined.tracked[persons]


def _tracks(examined: Examined, persons: frozenset[str]) -> Iterator[Track]:
    columns = examined.table.columns
    cards: list[int] = []
    bearers = _named_bearers(columns, persons)
    if not bearers:
        cards = _network_cards(examined)
        bearers = dict.fromkeys(cards, Bearer.PERSON)
    bearers = bearers or dict.fromkeys(_held(examined), Bearer.UNKNOWN)
    timed = times(examined) if bearers else []
    if not timed:
        return
    for position in positions(examined):
        if not position.fine:
            continue
        for i, bearer in bearers.items():
            if i in timed or i in position.columns:
                continue
            if examined.distinct(i) == examined.present[i]:
                continue  # nobody is there twice
            if i in cards and _of_a_thing(examined, i):
                continue
            moving = i in cards or lexicon.names_device(columns[i].name)
            moving = moving or bearer is Bearer.UNKNOWN
            track = _measured(examined, i, timed[0], position, bearer, moving=moving)
            if track is not None:
                yield track
                return


def _named_bearers(columns: Sequence[Column], persons: frozenset[str]) -> dict[int, Bearer]:
    """Return who moves under which column, as the headers and the findings of names say."""
    return {
        i: bearer
        for i, each in enumerate(columns)
        if (bearer := Bearer.PERSON if each.name in persons else bearer_of(each)) is not None
    }


def _network_cards(examined: Examined) -> list[int]:
    """Return the columns of addresses of network cards, but for those of machines."""
    return [
        i
        for i, column, _ in examined.held()
        if column.type is ColumnType.TEXT
        and (lexicon.names_network_card(column.name) or _is_hot_spot(column))
        and not lexicon.names_machine(column.name)
        and all(_CARD.fullmatch(str(cell).strip()) for cell in examined.cells(i, _SAMPLE))
    ]


def _held(examined: Examined) -> list[int]:
    """Return the columns of accounts and cards, where neither animals nor instruments have them."""
    held = [(i, column.name) for i, column, _ in examined.held()]
    if any(lexicon.names_other_being(x) or lexicon.names_machine(x) for _, x in held):
        return []
    return [i for i, name in held if lexicon.names_held(name)]


def _is_hot_spot(column: Column) -> bool:
    return _HOT_SPOT.search(lexicon.plain_header(column.name)) is not None


def _of_a_thing(examined: Examined, card: int) -> bool:
    """Whether each card is one animal's or instrument's, as a buoy's is that drifts with it."""
    cards = examined.distinct(card)
    for i, column, _ in examined.held():
        if lexicon.names_other_being(column.name) and examined.distinct(i) == cards:
            ((pairs,),) = examined.connection.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT c{card}, c{i} FROM cells)"
            ).fetchall()
            if pairs == cards:
                return True
    return False


def times(examined: Examined) -> list[int]:
    """Return the columns of instants, those first that come first."""
    return [i for i, each, _ in examined.held() if _is_time(examined, i, each)]


def _is_time(examined: Examined, i: int, column: Column) -> bool:
    if column.type is ColumnType.TIMESTAMP:
        return True
    if lexicon.says_nothing(column.name):
        return column.type in _NUMBERS and _may_be_instants(examined, i)
    if not lexicon.may_be_time(column.name):
        return False
    if column.type in _NUMBERS:
        return lexicon.is_time(column.name) or _may_be_instants(examined, i)
    # A format may hold instants as texts.
    ((share,),) = examined.connection.execute(
        f"SELECT avg(CASE WHEN {_read('v')} IS NULL THEN 0 ELSE 1 END) FROM"
        f" (SELECT CAST(c{i} AS VARCHAR) AS v FROM cells WHERE c{i} IS NOT NULL LIMIT {_SAMPLE})"
    ).fetchall()
    return share is not None and share > _READABLE


def _may_be_instants(examined: Examined, i: int) -> bool:
    """Whether all numbers of a column are instants of our days."""
    ((low, high),) = extremes_of(examined.connection, examined.table, (i,))
    return any(first <= low and high <= last for first, last in (*_SINCE_1970, _DATED))


def _read(text: str) -> str:
    """Return the expression of an instant in a text, as programs and people write one."""
    return f"coalesce(try_cast({text} AS TIMESTAMP), try_strptime({text}, [{_WRITTEN}]))"


def instant(i: int, column: Column) -> str:
    """Return the expression of a column's seconds since 1970."""
    if column.type is ColumnType.TIMESTAMP:
        return f"epoch(c{i})"
    if column.type is ColumnType.TEXT:
        return f"epoch({_read(f'c{i}')})"
    first, last = _DATED
    dated = f"epoch(try_strptime(CAST(CAST(c{i} AS BIGINT) AS VARCHAR), '%Y%m%d%H%M%S'))"
    return (
        f"(CASE WHEN c{i} BETWEEN {first} AND {last} THEN {dated} WHEN c{i} > 1e17 THEN c{i} / 1e9"
        f" WHEN c{i} > 1e14 THEN c{i} / 1e6 WHEN c{i} > 1e11 THEN c{i} / 1000 ELSE c{i} END)"
    )


def _measured(
    examined: Examined, subject: int, time: int, position: Position, bearer: Bearer, *, moving: bool
) -> Track | None:
    """Return the track of those who are there twice, half of whom have to move if `moving`."""
    connection, table = examined.connection, examined.table
    moment = instant(time, table.columns[time])
    # Of anybody but a device it does not matter how far it moves, which costs most to ask.
    moves = f"{position.spread} >= {_MOVING}" if moving else "true"
    ((subjects, points, gone),) = connection.execute(
        "SELECT count(*), sum(n), count(*) FILTER (WHERE moves)"
        f" FROM (SELECT count(*) AS n, {moves} AS moves FROM cells"
        f" WHERE c{subject} IS NOT NULL AND c{position.columns[0]} IS NOT NULL GROUP BY c{subject})"
        f" WHERE n >= {_POINTS_MIN}"
    ).fetchall()
    if not subjects or 2 * gone < subjects:
        return None
    # The step is that of many subjects, and as well of one in so many of very many.  Of few that
    # have very many points each it is found by counting whole seconds, which are few: the engine's
    # own quantile holds every step in memory.
    share = max(1, min(int(points) // _POINTS_ENOUGH, subjects // _SUBJECTS_ENOUGH))
    ((step,),) = connection.execute(
        "SELECT min(seconds) FROM (SELECT seconds, sum(n) OVER (ORDER BY seconds) AS up_to,"
        " sum(n) OVER () AS whole FROM (SELECT round_even(CAST(step AS DOUBLE), 0) AS seconds,"
        f" count(*) AS n FROM (SELECT {moment} - lag({moment})"
        f" OVER (PARTITION BY c{subject} ORDER BY {moment}) AS step FROM cells"
        f" WHERE c{subject} IS NOT NULL AND hash(c{subject}) % {share} = 0)"
        " WHERE step IS NOT NULL GROUP BY seconds)) WHERE 2 * up_to >= whole"
    ).fetchall()
    names = [each.name for each in table.columns]
    return Track(
        subject=names[subject],
        time=names[time],
        position=tuple(names[i] for i in position.columns),
        bearer=bearer,
        subjects=subjects,
        points=int(points),
        step_seconds=round(step or 0),
        metres=position.metres,
    )


def lone_walk(examined: Examined) -> Position | None:
    """Return the position of one person who goes about and is not named, None if nobody does.

    A body's measurements stand beside it, and from one row to the next it is hardly elsewhere:
    what stands at many places, or measures animals and ships, is none.
    """
    columns = examined.table.columns
    held = [column for _, column, _ in examined.held()]
    if not any(lexicon.tells_exertion(each.name) for each in held):
        return None
    if any(lexicon.names_other_being(each.name) for each in held):
        return None
    timed = times(examined)
    places = [each for each in positions(examined) if each.fine and each.plain and each.north]
    if not timed or not places:
        return None
    where, when = places[0], instant(timed[0], columns[timed[0]])
    ((steps, apart, spread),) = examined.connection.execute(
        "SELECT median(seconds), median(far), greatest(max(n) - min(n), max(e) - min(e)) FROM"
        " (SELECT t - lag(t) OVER way AS seconds, n, e,"
        " greatest(abs(n - lag(n) OVER way), abs(e - lag(e) OVER way)) AS far FROM"
        f" (SELECT {when} AS t, {where.north} AS n, {where.east} AS e FROM cells"
        f" LIMIT {_WALK_ROWS})"
        " WHERE t IS NOT NULL AND n IS NOT NULL WINDOW way AS (ORDER BY t))"
    ).fetchall()
    if steps is None or steps > _WALK_STEP or apart > _WALK_FAR or spread < _WALK_SPREAD:
        return None
    return where
