"""Forced exclusivity (二选一): a supplier's buyers that stop buying from all its rivals at once.

Guidelines art. 15 and the Anti-Monopoly Law art. 22 (4) forbid a dominant undertaking to make
others deal with it alone.  What shows in trades is a day from which an unusual share of the
buyers of a supplier, who bought from others before, buy from it alone, while buyers of other
suppliers with the same habits go on as ever.  Their share is the base rate: what loyalty, habit
and chance do without anybody's force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exchange.surveillance.alerts import Alert, Pattern, evidence
from exchange.surveillance.odds import sum_tail, surprise
from exchange.surveillance.tape import DAY, Flags, Tape, Whole, grouped, pairs


@dataclass(frozen=True, slots=True)
class ExclusivityLimits:
    """What counts as forced exclusivity.

    A buyer counts that bought from rivals `before` times or more before a day, and `after` times
    or more after it, from the supplier at least once.  `odds` is how likely chance may make an
    alert in a whole market, shared out among all suppliers and days tried; `excess` the least share
    of its buyers that stopped beyond the base rate; `buyers` the fewest that stopped.
    `days` lie between the days that are tried, and at either end.
    """

    before: int = 2
    after: int = 2
    odds: float = 0.01
    excess: float = 0.15
    buyers: int = 5
    days: int = 5


@dataclass(frozen=True, slots=True)
class _Tried:
    odds: float
    seller: int
    day: int
    stopped: tuple[int, ...]
    watched: int
    expected: float


def forced_exclusivity(tape: Tape, limits: ExclusivityLimits | None = None) -> Iterator[Alert]:
    """Yield an alert for each supplier, at the day that speaks loudest."""
    limits = limits or ExclusivityLimits()
    if not len(tape.trade_at):
        return
    day = tape.trade_at // DAY
    days = range(int(day.min()) + limits.days, int(day.max()) - limits.days + 1, limits.days)
    tried = [each for start in days for each in _at(tape, start, day < start, limits)]
    best: dict[int, _Tried] = {}
    for each in tried:
        if each.seller not in best or each.odds < best[each.seller].odds:
            best[each.seller] = each
    for seller, found in sorted(best.items()):
        odds = min(1.0, found.odds * len(tried))
        excess = (len(found.stopped) - found.expected) / found.watched
        if odds > limits.odds or excess < limits.excess or len(found.stopped) < limits.buyers:
            continue
        yield _alert(tape, seller, found, odds, excess)


def _at(tape: Tape, start: int, earlier: Flags, limits: ExclusivityLimits) -> Iterator[_Tried]:
    """Yield what buyers did from a day on, supplier by supplier."""
    people = len(tape.participants)
    key = pairs(tape.trade_buyer, tape.trade_supplier, people)
    found, spot = np.unique(key, return_inverse=True)
    buyer, seller = found // people, found % people
    before = np.bincount(spot, weights=earlier).astype(np.int64)
    after = np.bincount(spot, weights=~earlier).astype(np.int64)
    all_before = np.bincount(buyer, weights=before, minlength=people).astype(np.int64)[buyer]
    all_after = np.bincount(buyer, weights=after, minlength=people).astype(np.int64)[buyer]
    watched = (all_before - before >= limits.before) & (all_after >= limits.after) & (after >= 1)
    if not watched.any():
        return
    buyer, seller = buyer[watched], seller[watched]
    stopped = after[watched] == all_after[watched]
    habit = _habit(before[watched], all_before[watched], all_after[watched])
    size = int(habit.max()) + 1
    of_habit = np.bincount(habit, minlength=size)
    stops = np.bincount(habit, weights=stopped, minlength=size)
    for one, mine in grouped(seller):
        count = int(stopped[mine].sum())
        if count < limits.buyers:
            continue
        # The base rate is that of everybody else's buyers with the same habits; one more of each
        # answer keeps a habit that few have from being certain.
        others = of_habit - np.bincount(habit[mine], minlength=size)
        their = stops - np.bincount(habit[mine], weights=stopped[mine], minlength=size)
        rate = (their + 0.5) / (others + 1)
        shares = rate[habit[mine]].tolist()
        yield _Tried(
            odds=sum_tail(count, shares),
            seller=one,
            day=start,
            stopped=tuple(buyer[mine[stopped[mine]]].tolist()),
            watched=len(mine),
            expected=sum(shares),
        )


def _habit(before: Whole, all_before: Whole, all_after: Whole) -> Whole:
    """Return a number for how a buyer lived: its earlier share here, and how often it bought on."""
    share = np.minimum(3 * before // np.maximum(all_before, 1), 2)
    often = np.searchsorted(np.array([3, 4, 6, 10]), all_after, side="right")
    return share * 5 + often


def _alert(tape: Tape, seller: int, found: _Tried, odds: float, excess: float) -> Alert:
    after = tape.trade_at >= found.day * DAY
    trades = np.flatnonzero(
        after & np.isin(tape.trade_buyer, found.stopped) & (tape.trade_supplier == seller)
    )
    named, count = evidence([tape.trade_id[each] for each in trades.tolist()])
    return Alert(
        pattern=Pattern.EXCLUSIVITY,
        way="bound",
        suppliers=(tape.participants[seller],),
        buyers=tuple(tape.participants[each] for each in found.stopped),
        kinds=tuple(tape.kinds[each] for each in np.unique(tape.trade_kind[trades]).tolist()),
        first=found.day * DAY,
        last=int(tape.trade_at[trades].max()),
        score=min(1.0, surprise(odds) / 20),
        trades=named,
        count=count,
        facts={
            "stopped": len(found.stopped),
            "watched": found.watched,
            "expected": found.expected,
            "excess": excess,
            "odds": odds,
        },
    )
