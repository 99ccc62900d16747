"""What buyers decide: one computation for a whole round, resting on the state at its beginning.

A buyer that comes looks at some products, knows what each is worth to it, and wants the one that
leaves it most.  Every draw is of the buyer's own stream at a counter made of the round, the visit
and the look, so a single decision can be told again without the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from exchange.simulation.market import Way
from exchange.simulation.population import Population, Whole
from exchange.simulation.streams import Floats, Keys, keys_of, uniforms

VISITS: Final = 1_024  # of a buyer in a round, and looks of a visit, at most
_REPEATS: Final = 64  # products of one kind after which a further one is worth no less
_NONE: Final = np.iinfo(np.int64).min
_PURPOSES: Final = ("arrival", "kind", "product", "loyalty", "taste", "second", "fault")

Flags = npt.NDArray[np.bool_]


@dataclass
class Shelves:
    """What is on the board, by kind and by supplier."""

    listed: Flags
    by_kind: tuple[Whole, ...] = ()
    by_supplier: dict[int, Whole] = field(default_factory=dict)

    def arrange(self, kind: Whole, supplier: Whole, kinds: int) -> None:
        """Sort what is listed, after a change."""
        there = np.flatnonzero(self.listed)
        self.by_kind = tuple(there[kind[there] == number] for number in range(kinds))
        order = there[np.argsort(supplier[there], kind="stable")]
        owners, starts = np.unique(supplier[order], return_index=True)
        parts = np.split(order, starts[1:])
        self.by_supplier = dict(zip(owners.tolist(), parts, strict=True)) if len(order) else {}


@dataclass
class Minds:
    """What buyers know and have at the beginning of a round; one row each, or one a product."""

    money: Whole
    asked: Whole  # by product: the price that is known of it
    bought: Whole  # how many of each kind
    favourite: Whole  # the supplier it bought from last, -1 for none
    bound: Whole  # the supplier it may buy from alone, -1 for none
    owned: Whole  # sorted: buyer times products, plus product, while the licence runs
    demand: Floats  # by group of buyers: what arrivals are multiplied by
    raised: Floats  # by kind: what values are multiplied by


@dataclass(frozen=True)
class Looks:
    """What a number of visits saw: one row a visit, one column a look; -1 where it saw nothing."""

    buyer: Whole
    counter: Keys
    product: Whole
    value: Whole
    score: Whole  # value less the known price; the least number where it may not be wanted
    choice: Whole  # the column of what is wanted, -1 for nothing


class Crowd:
    """The buyers of a market, with what of them never changes."""

    def __init__(self, population: Population) -> None:
        market, seed = population.market, population.seed
        self.population = population
        groups = {group.name: number for number, group in enumerate(market.buyers)}
        agents = [population.agents[place] for place in population.buyers]
        handles = [agent.handle for agent in agents]
        self.group = np.array([groups[agent.group] for agent in agents], np.int64)
        self.joined = np.array([agent.joined for agent in agents], np.int64)
        self.keys = {purpose: keys_of(seed, handles, purpose) for purpose in _PURPOSES}
        drawn = uniforms(keys_of(seed, handles, "value"), 0)
        self.level = np.zeros(len(agents))
        for number, group in enumerate(market.buyers):
            mine = self.group == number
            self.level[mine] = group.value.at(drawn[mine])
        self.wants = np.array(
            [[group.wants.get(kind.name, 0.0) for kind in market.kinds] for group in market.buyers]
        )
        totals = self.wants.sum(axis=1, keepdims=True)
        self.reach = np.cumsum(self.wants, axis=1) / np.where(totals > 0, totals, 1.0)
        self.arrivals = np.array([group.arrivals for group in market.buyers])
        self.taste = np.array([group.taste for group in market.buyers])
        self.loyalty = np.array([group.loyalty for group in market.buyers])
        self.looks = np.array([group.looks for group in market.buyers], np.int64)
        ways = [kind.way for kind in market.kinds]
        self.open = np.array([way is not Way.DEAL for way in ways])
        self.posted = np.array([way is Way.POSTED for way in ways])
        # Powers by repeated products, which every machine rounds alike.
        self.left = np.ones((len(ways), _REPEATS))
        for number, kind in enumerate(market.kinds):
            for times in range(1, _REPEATS):
                self.left[number, times] = self.left[number, times - 1] * (
                    1.0 - kind.substitutability
                )

    def __len__(self) -> int:
        return len(self.group)

    def visits(self, day: int, turn: int, minds: Minds) -> tuple[Whole, Keys]:
        """Return who comes in a round (counted from the first day on), and each visit's counter."""
        rate = self.arrivals[self.group] * minds.demand[self.group]
        rate = rate / self.population.market.rounds
        whole = np.floor(rate)
        came = whole + (uniforms(self.keys["arrival"], turn) < rate - whole)
        count = np.minimum(came, VISITS - 1).astype(np.int64) * (self.joined <= day)
        buyer = np.repeat(np.arange(len(self)), count)
        nth = np.arange(len(buyer)) - np.repeat(np.cumsum(count) - count, count)
        return buyer, (turn * VISITS + nth).astype(np.uint64)

    def look(self, buyer: Whole, counter: Keys, shelves: Shelves, minds: Minds) -> Looks:
        """Return what these visits see and want."""
        width = int(self.looks[self.group[buyer]].max()) if len(buyer) else 1
        goods = self.population.goods
        shape = (len(buyer), width)
        product = np.full(shape, -1, np.int64)
        value, score = np.zeros(shape, np.int64), np.full(shape, _NONE, np.int64)
        for nth in range(width):
            place = counter * np.uint64(VISITS) + np.uint64(nth)
            seen = self._seen(buyer, place, nth, shelves, minds)
            seen[self.looks[self.group[buyer]] <= nth] = -1
            there = np.flatnonzero(seen >= 0)
            what, who = seen[there], buyer[there]
            kind = goods.kind[what]
            worth = self.worth(who, what, minds)
            left = worth - minds.asked[what]
            may = (worth > 0) & self.open[kind] & ~self._owns(who, what, minds)
            affordable = (left >= 0) & (minds.asked[what] <= minds.money[who])
            may &= np.where(self.posted[kind], affordable, minds.money[who] > 0)
            product[there, nth], value[there, nth] = what, worth
            score[there, nth] = np.where(may, left, _NONE)
        choice = np.argmax(score, axis=1) if width else np.zeros(len(buyer), np.int64)
        wanted = score[np.arange(len(buyer)), choice] > _NONE
        return Looks(buyer, counter, product, value, score, np.where(wanted, choice, -1))

    def worth(self, buyer: Whole, product: Whole, minds: Minds) -> Whole:
        """Return what products are worth to buyers: the taste of one for one is always the same."""
        goods = self.population.goods
        kind, group = goods.kind[product], self.group[buyer]
        drawn = uniforms(self.keys["taste"][buyer], product.astype(np.uint64))
        spread = 1.0 + self.taste[group] * (2.0 * drawn - 1.0)
        left = self.left[kind, np.minimum(minds.bought[buyer, kind], _REPEATS - 1)]
        worth = self.level[buyer] * goods.quality[product] * spread * minds.raised[kind] * left
        return np.rint(worth).astype(np.int64)

    def drawn(self, purpose: str, buyer: Whole, counter: Keys) -> Floats:
        """Return one draw a visit."""
        return uniforms(self.keys[purpose][buyer], counter)

    def _seen(self, buyer: Whole, place: Keys, nth: int, shelves: Shelves, minds: Minds) -> Whole:
        drawn = uniforms(self.keys["kind"][buyer], place)
        kind = (drawn[:, None] >= self.reach[self.group[buyer]]).sum(axis=1)
        kind = np.minimum(kind, self.wants.shape[1] - 1)
        which = uniforms(self.keys["product"][buyer], place)
        seen = np.full(len(buyer), -1, np.int64)
        for number, shelf in enumerate(shelves.by_kind):
            mine = np.flatnonzero(kind == number)
            if len(shelf) and len(mine):
                seen[mine] = shelf[(which[mine] * len(shelf)).astype(np.int64)]
        away = minds.bound[buyer]  # whoever is bound goes where it is bound to
        if nth == 0:
            loyal = uniforms(self.keys["loyalty"][buyer], place) < self.loyalty[self.group[buyer]]
            away = np.where((away < 0) & loyal, minds.favourite[buyer], away)
        for row in np.flatnonzero(away >= 0):
            shelf = shelves.by_supplier.get(int(away[row]), _EMPTY)
            found = shelf[int(which[row] * len(shelf))] if len(shelf) else -1
            seen[row] = found if found >= 0 or minds.bound[buyer[row]] >= 0 else seen[row]
        wanted = self.wants[self.group[buyer], self.population.goods.kind[seen]] > 0
        return np.where((seen >= 0) & wanted, seen, -1)

    def _owns(self, buyer: Whole, product: Whole, minds: Minds) -> Flags:
        code = buyer * len(self.population.goods) + product
        at = np.minimum(np.searchsorted(minds.owned, code), len(minds.owned) - 1)
        if not len(minds.owned):
            return np.zeros(len(code), np.bool_)
        owns: Flags = minds.owned[at] == code
        return owns


_EMPTY: Final = np.zeros(0, np.int64)
