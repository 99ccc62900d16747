"""Labelled markets: records of trade with planted misconduct, and the truth about it.

Made to hold surveillance against, and written before it: nothing here knows how anybody looks.
Honest life is in every one of them, such as would fool a simple look: subscribers that pay one
supplier the same again and again, loyal buyers, buyers that take a second licence of what they
have, loyalty discounts, prices that rise while loyalty grows, haggling, licences of two prices,
resellers that buy and sell, a supplier that goes and one that comes and takes the market by storm.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from random import Random
from typing import Final

from exchange.simulation.market import Conduct
from exchange.simulation.measures.scoring import Case
from exchange.surveillance.tape import DAY, Tape, whole

Act = Callable[[int], None]  # what somebody does on a day

KINDS: Final = ("tides", "radar", "traffic", "health")
_COMMERCIAL: Final = 1.5  # what a commercial licence costs by one for research
_TERM: Final = 365  # days of a licence
_AGAIN: Final = 0.15  # how often a buyer takes what it has already: a second team, newer data


@dataclass(frozen=True, slots=True)
class Planting:
    """How much is planted and how boldly; each case draws its strength between the two bounds.

    Strengths are, for wash trades, the trades of a ring a day; for discrimination, the part by
    which loyal buyers are offered more; for exclusivity, the share of buyers that are bound.
    """

    rings: int = 0
    rounds: int = 0  # suppliers that buy from each other in a circle
    discriminators: int = 0
    excluders: int = 0
    ring_trades: tuple[float, float] = (0.3, 2.0)
    overcharge: tuple[float, float] = (0.05, 0.25)
    bound: tuple[float, float] = (0.4, 0.9)
    disguise: float = 0.3  # of a ring's purchases, the share made elsewhere for show


HONEST: Final = Planting()
EVERYTHING: Final = Planting(rings=3, rounds=1, discriminators=3, excluders=2)


@dataclass
class _Good:
    supplier: int
    kind: int
    price: float
    haggled: bool
    drift: float  # by which the list price moves a week


@dataclass
class _Life:
    """A market while it is lived."""

    chance: Random
    days: int
    names: list[str] = field(default_factory=list)
    goods: list[_Good] = field(default_factory=list)
    trades: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    offers: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    bought: dict[int, dict[int, int]] = field(default_factory=dict)  # buyer → supplier → count
    owned: set[tuple[int, int]] = field(default_factory=set)  # buyer, good
    leaves: dict[int, int] = field(default_factory=dict)  # supplier → day
    comes: dict[int, int] = field(default_factory=dict)
    markup: dict[int, float] = field(default_factory=dict)  # supplier → on loyal buyers
    bound: dict[int, tuple[int, int]] = field(default_factory=dict)  # buyer → supplier, from day

    def person(self, name: str) -> int:
        self.names.append(name)
        return len(self.names) - 1

    def list_price(self, good: int, day: int) -> int:
        each = self.goods[good]
        return max(100, round(each.price * (1 + each.drift) ** (day // 7)))

    def offer(self, buyer: int, good: int, day: int, *, terms: int = 0) -> int:
        """Make an offer and return its price."""
        each, listed = self.goods[good], self.list_price(good, day)
        price = listed * (_COMMERCIAL if terms else 1.0)
        if each.haggled:
            price *= self.chance.lognormvariate(0, 0.08)
        if self.bought.get(buyer, {}).get(each.supplier):
            price *= 1 + self.markup.get(each.supplier, 0.0)
        second = day * DAY + self.chance.randrange(DAY)
        self.offers.append((second, buyer, good, round(price), listed, terms))
        return round(price)

    def buy(self, buyer: int, good: int, price: int, term: int = _TERM) -> None:
        """Take the offer made last."""
        second = self.offers[-1][0]
        self.trades.append((second, buyer, good, price, second + term * DAY - 1))
        self.owned.add((buyer, good))
        past = self.bought.setdefault(buyer, {})
        supplier = self.goods[good].supplier
        past[supplier] = past.get(supplier, 0) + 1

    def there(self, supplier: int, day: int) -> bool:
        return self.comes.get(supplier, 0) <= day < self.leaves.get(supplier, self.days)


def labelled(
    seed: int,
    planting: Planting = EVERYTHING,
    *,
    suppliers: int = 40,
    buyers: int = 400,
    days: int = 60,
) -> tuple[Tape, tuple[Case, ...]]:
    """Return the record of a market and the cases planted in it; the seed decides everything."""
    life = _Life(Random(f"labelled/{seed}"), days)  # noqa: S311 - a simulation
    sellers = [life.person(f"S-{n:03}") for n in range(suppliers)]
    for seller in sellers:
        _stock(life, seller)
    popular = [life.chance.paretovariate(1.2) for _ in life.goods]
    chosen = sellers[:]
    life.chance.shuffle(chosen)
    rest = _honest_life(life, chosen, popular)
    cases, acts, excluders = _planted(life, rest, popular, planting)
    popular += [life.chance.paretovariate(1.2) for _ in life.goods[len(popular) :]]
    crowd = [_buyer(life, n, popular, sellers) for n in range(buyers)]
    starts = {seller: life.chance.randint(days // 3, days // 2) for seller in excluders}
    for day in range(days):
        bound = [_bind(life, seller, day, planting) for seller, on in starts.items() if on == day]
        cases += bound
        for act in (*crowd, *acts):
            act(day)
    return _tape(life), tuple(cases)


def _honest_life(life: _Life, chosen: list[int], popular: list[float]) -> Iterator[int]:
    """Let one supplier go, one come, three give discounts for loyalty; return the others."""
    gone, come, *thrifty = chosen[:5]
    life.leaves[gone] = life.days // 2
    life.comes[come] = life.days // 3
    for good, each in enumerate(life.goods):
        if each.supplier == come:
            popular[good] = max(popular)
    for seller in thrifty:
        life.markup[seller] = -0.08
    return iter(chosen[5:])


def _planted(
    life: _Life, rest: Iterator[int], popular: list[float], planting: Planting
) -> tuple[list[Case], list[Act], list[int]]:
    """Return the cases that are there from the start, what they do, and who will bind buyers."""
    cases: list[Case] = []
    acts: list[Act] = []
    for seller in islice(rest, planting.discriminators):
        life.markup[seller] = life.chance.uniform(*planting.overcharge)
        cases.append(Case(Conduct.DISCRIMINATION, (life.names[seller],), ()))
    excluders = list(islice(rest, planting.excluders))
    for good, each in enumerate(life.goods):
        if each.supplier in excluders:
            # One that nobody buys from could bind nobody.
            popular[good] = max(popular[good], sorted(popular)[-8])
    rings = [_ring(life, seller, planting) for seller in islice(rest, planting.rings)]
    rounds = [
        _round(life, list(islice(rest, life.chance.randint(2, 3)))) for _ in range(planting.rounds)
    ]
    for case, act in (*rings, *rounds):
        cases.append(case)
        acts.append(act)
    return cases, acts, excluders


def _stock(life: _Life, seller: int) -> None:
    chance = life.chance
    kinds = chance.sample(range(len(KINDS)), chance.choice((1, 1, 2)))
    haggled = chance.random() < 0.4
    for _ in range(chance.randint(1, 4)):
        price = chance.lognormvariate(11, 0.7)
        life.goods.append(
            _Good(seller, chance.choice(kinds), price, haggled, chance.uniform(-0.01, 0.03))
        )


@dataclass(frozen=True, slots=True)
class _Taste:
    """What a buyer wants, and how it goes about it."""

    me: int
    mine: list[int]
    rising: list[float]  # sums of the popularity of `mine`, to draw from
    loyal: float

    def drawn(self, chance: Random) -> int:
        return self.mine[bisect(self.rising, chance.random() * self.rising[-1])]

    def choose(self, life: _Life, day: int) -> int | None:
        """Return what it would buy today, if anything."""
        chance, me = life.chance, self.me
        there = [n for n in self.mine if life.there(life.goods[n].supplier, day)]
        bound = life.bound.get(me)
        if bound and bound[1] <= day:
            there = [n for n in there if life.goods[n].supplier == bound[0]]
        there = [n for n in there if (me, n) not in life.owned or chance.random() < _AGAIN]
        past = [n for n in there if life.goods[n].supplier in life.bought.get(me, {})]
        if past and chance.random() < self.loyal:
            return chance.choice(past)
        seen = [good for good in (self.drawn(chance) for _ in range(8)) if good in there]
        return seen[0] if seen else chance.choice(there) if there else None


def _buyer(life: _Life, number: int, popular: list[float], sellers: list[int]) -> Act:
    """Return how a buyer lives a day."""
    chance = life.chance
    # Some sellers buy too: what they sell is made of it.
    resells = number < len(sellers) // 5
    me = sellers[-1 - number] if resells else life.person(f"B-{number:04}")
    wanted = set(chance.sample(range(len(KINDS)), chance.choice((1, 2, 3))))
    others = [n for n, good in enumerate(life.goods) if good.supplier != me]
    mine = [n for n in others if life.goods[n].kind in wanted] or others
    rising = list(accumulate(popular[n] for n in mine))
    busy = min(1.0, chance.lognormvariate(-2.2, 0.8))
    taste = _Taste(me, mine, rising, loyal=chance.betavariate(1, 2))
    terms = int(chance.random() < 0.2)
    if chance.random() < 0.05:
        return _subscriber(life, taste, terms)

    def day_of(day: int) -> None:
        if chance.random() < busy:
            good = taste.choose(life, day)
            if good is not None:
                price = life.offer(me, good, day, terms=terms)
                if chance.random() < 0.7:
                    life.buy(me, good, price)

    return day_of


def _subscriber(life: _Life, taste: _Taste, terms: int) -> Act:
    """Return a buyer that pays for one thing, period by period."""
    every, favourite = life.chance.choice((3, 7)), taste.drawn(life.chance)

    def day_of(day: int) -> None:
        if day % every == 0 and life.there(life.goods[favourite].supplier, day):
            # Each period begins after the one before.
            price = life.offer(taste.me, favourite, day, terms=terms)
            life.buy(taste.me, favourite, price, term=every - 1)

    return day_of


def _ring(life: _Life, seller: int, planting: Planting) -> tuple[Case, Act]:
    """Return a supplier that buys its own products through buyers that it controls."""
    chance = life.chance
    members = [life.person(f"R-{seller:03}-{n}") for n in range(chance.randint(2, 5))]
    own = [n for n, good in enumerate(life.goods) if good.supplier == seller]
    others = [n for n, good in enumerate(life.goods) if good.supplier != seller]
    rate = chance.uniform(*planting.ring_trades)
    first, shows = chance.randrange(life.days // 3), planting.disguise * chance.random()

    def day_of(day: int) -> None:
        if day < first:
            return
        for _ in range(int(rate) + (chance.random() < rate % 1)):
            member = chance.choice(members)
            good = chance.choice(others if chance.random() < shows else own)
            if life.there(life.goods[good].supplier, day):
                life.buy(member, good, life.offer(member, good, day))

    names = tuple(life.names[each] for each in members)
    return Case(Conduct.WASH, (life.names[seller],), names), day_of


def _round(life: _Life, members: list[int]) -> tuple[Case, Act]:
    """Return suppliers that buy from each other in turn, for the same money each time."""
    chance = life.chance
    # Each sells one thing at the same price, so that the money comes back whole.
    price = chance.lognormvariate(11, 0.5)
    goods = [len(life.goods) + n for n in range(len(members))]
    life.goods += [_Good(member, 0, price, False, 0.0) for member in members]
    every = chance.randint(2, 4)

    def day_of(day: int) -> None:
        if day % every == 0:
            for place, good in enumerate(goods):
                buyer = members[(place + 1) % len(members)]
                life.buy(buyer, good, life.offer(buyer, good, day))

    names = tuple(life.names[each] for each in members)
    return Case(Conduct.WASH, names, ()), day_of


def _bind(life: _Life, seller: int, day: int, planting: Planting) -> Case:
    """Bind a share of a supplier's buyers to it from a day on."""
    known = [buyer for buyer, past in life.bought.items() if past.get(seller)]
    share = life.chance.uniform(*planting.bound)
    bound = life.chance.sample(known, round(share * len(known)))
    for buyer in bound:
        life.bound[buyer] = (seller, day)
    names = tuple(life.names[each] for each in bound)
    return Case(Conduct.EXCLUSIVITY, (life.names[seller],), names)


def _tape(life: _Life) -> Tape:
    trades, offers = sorted(life.trades), sorted(life.offers)
    trade, offer = _columns(trades, 5), _columns(offers, 6)
    return Tape(
        participants=life.names,
        products=[f"GP-{n:04}" for n in range(len(life.goods))],
        kinds=KINDS,
        product_supplier=whole([good.supplier for good in life.goods]),
        product_kind=whole([good.kind for good in life.goods]),
        trade_id=[f"T-{n:06}" for n in range(len(trades))],
        trade_at=whole(trade[0]),
        trade_buyer=whole(trade[1]),
        trade_product=whole(trade[2]),
        trade_amount=whole(trade[3]),
        trade_until=whole(trade[4]),
        offer_at=whole(offer[0]),
        offer_buyer=whole(offer[1]),
        offer_product=whole(offer[2]),
        offer_price=whole(offer[3]),
        offer_list=whole(offer[4]),
        offer_terms=whole(offer[5]),
    )


def _columns(rows: Iterable[tuple[int, ...]], width: int) -> list[list[int]]:
    columns: list[list[int]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
