"""Wash trades: trades in which nothing changes hands.

Two ways are looked for.  A *ring* is a supplier with buyers that buy little elsewhere and take,
again and again, rights that they hold already.  A *circle* is a group whose money comes back to
where it was (Victor and Weintraud, Detecting and Quantifying Wash Trading on Decentralized
Cryptocurrency Exchanges, WWW 2021: closed cycles of trades with positions that end near zero).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from exchange.surveillance.alerts import Alert, Pattern, evidence
from exchange.surveillance.odds import binomial_tail, surprise
from exchange.surveillance.tape import Flags, Tape, Whole, pairs, whole

Edge = tuple[int, int]
FEW: Final = 0.05  # the share of needless purchases in a market of a few buyers
_ENOUGH: Final = 20  # buyers, of whom a twentieth is one


@dataclass(frozen=True, slots=True)
class WashLimits:
    """What counts as a ring or a circle; docs/surveillance.md says what each one costs.

    `captive` is the least share of a buyer's trades with one supplier, `odds` the most likely that
    chance may make its needless purchases, `members` the fewest such buyers, `volume` the least
    share of the supplier's trades that is theirs, `surprise` the least sum of their −log₁₀ odds.
    A circle has at most `circle` members, each of its edges `rounds` trades or more, and no net
    position beyond `margin` of what went round.
    """

    captive: float = 0.5
    odds: float = 0.005
    members: int = 2
    volume: float = 0.2
    surprise: float = 6.0
    circle: int = 8
    rounds: int = 2
    margin: float = 0.05


def wash_trades(tape: Tape, limits: WashLimits | None = None) -> Iterator[Alert]:
    """Yield an alert for each ring and each circle."""
    limits = limits or WashLimits()
    yield from _rings(tape, limits)
    yield from _circles(tape, limits)


def needless(tape: Tape) -> Flags:
    """Return which trades bought a right that the buyer held already, of the same product."""
    order = np.lexsort((tape.trade_at, tape.trade_product, tape.trade_buyer))
    buyer, product = tape.trade_buyer[order], tape.trade_product[order]
    found = np.zeros(len(order), dtype=np.bool_)
    if len(order):
        same = (buyer[1:] == buyer[:-1]) & (product[1:] == product[:-1])
        found[1:] = same & (tape.trade_until[order][:-1] >= tape.trade_at[order][1:])
    back = np.empty_like(found)
    back[order] = found
    return back


def _rings(tape: Tape, limits: WashLimits) -> Iterator[Alert]:
    if not len(tape.trade_at):
        return
    people = len(tape.participants)
    again = needless(tape)
    key = pairs(tape.trade_buyer, tape.trade_supplier, people)
    found, spot, trades = np.unique(key, return_inverse=True, return_counts=True)
    repeats = np.bincount(spot, weights=again).astype(np.int64)
    buyer, supplier = found // people, found % people
    of_buyer = np.bincount(tape.trade_buyer, minlength=people)
    of_supplier = np.bincount(tape.trade_supplier, minlength=people)
    usual = _usual(whole(np.bincount(tape.trade_buyer[again], minlength=people)), whole(of_buyer))
    captive = (trades >= limits.captive * of_buyer[buyer]) & (repeats > 0)
    members: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for pair in np.flatnonzero(captive).tolist():
        odds = binomial_tail(int(repeats[pair]), int(of_buyer[buyer[pair]]), usual)
        if odds <= limits.odds:
            members[int(supplier[pair])].append((pair, surprise(odds)))
    for seller, ring in sorted(members.items()):
        places = [pair for pair, _ in ring]
        share = int(trades[places].sum()) / int(of_supplier[seller])
        total = sum(each for _, each in ring)
        if len(ring) < limits.members or share < limits.volume or total < limits.surprise:
            continue
        of_ring = np.flatnonzero(np.isin(spot, places))
        amounts = np.unique(tape.trade_amount[of_ring], return_counts=True)[1]
        yield _alert(
            tape,
            "ring",
            of_ring,
            suppliers=[seller],
            buyers=[int(buyer[pair]) for pair in places],
            score=min(1.0, total / (4 * limits.surprise)),
            facts={
                "share_of_supplier": share,
                "captive": int(trades[places].sum()) / int(of_buyer[buyer[places]].sum()),
                "needless": int(repeats[places].sum()) / len(of_ring),
                "usual": usual,
                "equal_amounts": int(amounts.max()) / len(of_ring),
                "surprise": total,
            },
        )


def _usual(repeats: Whole, trades: Whole) -> float:
    """Return the share of needless purchases of a buyer with some trades, rings left out.

    The twentieth of buyers that repeat most is left out of the mean, so that rings, which are few,
    do not make their own habits look usual.  A market of few such buyers has no habits to learn
    from and is given `FEW`; one where nobody repeats is given one in a hundred, for the errors of
    life.
    """
    often = trades >= 4
    shares = np.sort(repeats[often] / trades[often])
    if len(shares) < _ENOUGH:
        return FEW
    return max(0.01, float(shares[: int(0.95 * len(shares))].mean()))


def _circles(tape: Tape, limits: WashLimits) -> Iterator[Alert]:
    payer = np.concatenate([tape.trade_buyer, tape.payment_payer])
    payee = np.concatenate([tape.trade_supplier, tape.payment_payee])
    amount = np.concatenate([tape.trade_amount, tape.payment_amount])
    # Only who both pays and is paid can stand in a circle.
    both = np.intersect1d(payer, payee)
    inside = np.isin(payer, both) & np.isin(payee, both) & (payer != payee)
    people = len(tape.participants)
    edges, spot, counts = np.unique(
        pairs(payer[inside], payee[inside], people), return_inverse=True, return_counts=True
    )
    sums = np.zeros(len(edges), dtype=np.int64)
    np.add.at(sums, spot, amount[inside])
    count = {
        (int(edge) // people, int(edge) % people): int(n)
        for edge, n in zip(edges, counts, strict=True)
        if n >= limits.rounds
    }
    moved = {
        (int(edge) // people, int(edge) % people): int(total)
        for edge, total in zip(edges, sums, strict=True)
    }
    for group in _balanced(count, moved, limits):
        among = np.isin(tape.trade_buyer, group) & np.isin(tape.trade_supplier, group)
        trades = np.flatnonzero(among)
        if len(trades) < limits.rounds:
            continue
        off = _imbalance(group, moved)
        sellers = [each for each in group if np.any(tape.trade_supplier[trades] == each)]
        yield _alert(
            tape,
            "circle",
            trades,
            suppliers=sellers,
            buyers=[each for each in group if each not in sellers],
            score=1 - off,
            facts={
                "members": len(group),
                "amount": int(tape.trade_amount[trades].sum()),
                "imbalance": off,
            },
        )


def _balanced(
    count: Mapping[Edge, int], moved: Mapping[Edge, int], limits: WashLimits
) -> Iterator[list[int]]:
    """Yield groups of mutual reach whose money comes back, the rarest edges peeled off in turn."""
    for group in _components(count):
        inner = {edge: n for edge, n in count.items() if edge[0] in group and edge[1] in group}
        if len(group) <= limits.circle and _imbalance(sorted(group), moved) <= limits.margin:
            yield sorted(group)
            continue
        rarest = min(inner.values())
        yield from _balanced({e: n for e, n in inner.items() if n > rarest}, moved, limits)


def _imbalance(group: list[int], moved: Mapping[Edge, int]) -> float:
    """Return the largest net position by the mean of what members paid within the group."""
    members = set(group)
    inner = {edge: minor for edge, minor in moved.items() if members.issuperset(edge)}
    paid, net = sum(inner.values()), dict.fromkeys(group, 0)
    for (payer, payee), minor in inner.items():
        net[payer] -= minor
        net[payee] += minor
    return max(abs(each) for each in net.values()) * len(group) / paid if paid else 1.0


def _components(edges: Iterable[Edge]) -> list[set[int]]:
    """Return the strongly connected components of two or more (Kosaraju and Sharir 1981)."""
    out: dict[int, list[int]] = defaultdict(list)
    back: dict[int, list[int]] = defaultdict(list)
    for start, end in sorted(edges):
        out[start].append(end)
        back[end].append(start)
    seen: set[int] = set()
    ended = [node for root in sorted(out) for node in _reached(root, out, seen)]
    taken: set[int] = set()
    groups = [set(_reached(root, back, taken)) for root in reversed(ended)]
    return [group for group in groups if len(group) > 1]


def _reached(root: int, out: Mapping[int, list[int]], seen: set[int]) -> list[int]:
    """Return what is reached from a root and was not seen, each after all that it leads to."""
    if root in seen:
        return []
    seen.add(root)
    ended: list[int] = []
    path = [(root, iter(out.get(root, ())))]
    while path:
        node, rest = path[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            ended.append(node)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(out.get(following, ()))))
    return ended


def _alert(
    tape: Tape,
    way: str,
    trades: Whole,
    *,
    suppliers: list[int],
    buyers: list[int],
    score: float,
    facts: Mapping[str, float],
) -> Alert:
    trades = whole(trades)
    first, last = tape.span(trades)
    named, count = evidence([tape.trade_id[each] for each in trades.tolist()])
    return Alert(
        pattern=Pattern.WASH,
        way=way,
        suppliers=tuple(tape.participants[each] for each in suppliers),
        buyers=tuple(tape.participants[each] for each in buyers),
        kinds=tuple(tape.kinds[each] for each in np.unique(tape.trade_kind[trades]).tolist()),
        first=first,
        last=last,
        score=score,
        trades=named,
        count=count,
        facts=facts,
    )
