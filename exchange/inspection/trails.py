"""Trails without coordinates: persons who are heard in cells of a network, or pass gates and stops.

A cell, a base station or a gate stands where everybody can look it up, so that who is told at one
after the other is followed through a town (PIPL 28).  It takes a key of persons, a time, and a
column of such places; whoever is told once, or always at the same place, goes nowhere.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.inspection import lexicon
from exchange.inspection.detector import Examined
from exchange.inspection.traces import times

_PASSED: Final = re.compile(
    r"基站|扇区|卡口|闸机|进站|出站|上车站|下车站|小区(号|id|编号)"
    r"|(^|_)(e?cgi|cell_?(id|no|tower|site)|(cell_)?tower(_id)?|lac|eci|e?nb_?id|enodeb\w*|base_?station"
    r"|bts|checkpoint|turnstile|(in|out|entry|exit|board(ing)?|alight(ing)?|orig(in)?|dest(ination)?)"
    r"_?(station|stop)|stop(_?(id|name))?|tap_?(in|out))(_|$)"
)
_TWICE: Final = 2
_SUBJECTS_MIN: Final = 2


@dataclass(frozen=True, slots=True)
class Trail:
    """Where persons were, a place after the other: the column that says so, and how many go."""

    place: int
    subjects: int


def trails(examined: Examined) -> Iterator[Trail]:
    """Yield the columns of places that half of the persons told twice or more go between."""
    held = [(i, column) for i, column, _ in examined.held()]
    passed = [i for i, x in held if _PASSED.search(lexicon.plain_header(x.name))]
    if not passed:
        return
    subjects = [i for i, x in held if lexicon.names_person(x.name) and i not in passed]
    timed = times(examined) if subjects else []
    subjects = [i for i in subjects if i not in timed]
    if not timed or not subjects:
        return
    subject = subjects[0]
    for place in passed:
        ((told, going),) = examined.connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE first <> last) FROM"
            f" (SELECT count(*) AS n, min(c{place}) AS first, max(c{place}) AS last FROM cells"
            f" WHERE c{subject} IS NOT NULL AND c{place} IS NOT NULL GROUP BY c{subject})"
            f" WHERE n >= {_TWICE}"
        ).fetchall()
        if told >= _SUBJECTS_MIN and _TWICE * going >= told:
            yield Trail(place, told)
