"""What buyers decide: one computation for a whole round, resting on the state at its beginning.

A buyer that comes looks at some products, knows what each is worth to it, and wants the one that
leaves it most.  Every draw is of the buyer's own stream at a counter made of the round, the visit
and the look, so a single decision can be told again without the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exchange.simulation.market import Way
from exchange.simulation.population import Population, Whole
from exchange.simulation.streams import Floats, Keys, keys_of, uniforms

VISITS: Final = 1_024  # of a buyer in a round, and looks of a visit, at most
_VISITS: Final = np.uint64(VISITS)
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
        self._sieved, self._sieve = _EMPTY, _sieve_of(_EMPTY)
        # Whether a further product of a kind is ever worth less.
        self._tires = any(kind.substitutability for kind in market.kinds)
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
        looks = self._of_group(self.looks, buyer)
        width = int(np.max(looks)) if len(buyer) else 1
        first = counter * _VISITS
        columns = []
        for nth in range(width):
            seen = self._seen(buyer, first + np.uint64(nth), nth, shelves, minds)
            if np.ndim(looks):
                seen[looks <= nth] = -1
            columns.append(self._valued(buyer, seen, minds))
        product, value, score = (
            np.stack(each, axis=1) if width > 1 else each[0][:, None]
            for each in zip(*columns, strict=True)
        )
        if width == 1:
            return Looks(buyer, counter, product, value, score, (score[:, 0] > _NONE) - 1)
        choice = np.argmax(score, axis=1)
        wanted = score[np.arange(len(buyer)), choice] > _NONE
        return Looks(buyer, counter, product, value, score, np.where(wanted, choice, -1))

    def _valued(self, buyer: Whole, seen: Whole, minds: Minds) -> tuple[Whole, Whole, Whole]:
        """Return what each sees with its value and its score, of which nothing seen has none."""
        if not len(seen) or seen.min() >= 0:
            worth, left, may = self._wanted(buyer, seen, minds)
            return seen, worth, np.where(may, left, _NONE)
        there = np.flatnonzero(seen >= 0)
        value, score = np.zeros(len(seen), np.int64), np.full(len(seen), _NONE, np.int64)
        worth, left, may = self._wanted(buyer[there], seen[there], minds)
        value[there], score[there] = worth, np.where(may, left, _NONE)
        return seen, value, score

    def _wanted(self, who: Whole, what: Whole, minds: Minds) -> tuple[Whole, Whole, Flags]:
        """Return what products are worth, less their prices too, and whether they may be wanted."""
        kind = self._of_goods(what)
        worth, asked = self.worth(who, what, minds), minds.asked.take(what)
        left = worth - asked
        money = minds.money.take(who)
        posted, opened = self.posted[kind], self.open[kind]
        if posted.all():
            may = (left >= 0) & (asked <= money)
        else:
            affordable = (left >= 0) & (asked <= money)
            may = np.where(posted, affordable, money > 0)
        may &= worth > 0
        if not opened.all():
            may &= opened
        self._drop_owned(may, who, what, minds)
        return worth, left, may

    def worth(self, buyer: Whole, product: Whole, minds: Minds) -> Whole:
        """Return what products are worth to buyers: the taste of one for one is always the same."""
        kind = self._of_goods(product)
        worth: Floats = self.level.take(buyer)
        worth *= self.population.goods.quality.take(product)
        if self.taste.any():  # a product with one changes nothing, here and below
            spread = uniforms(self.keys["taste"].take(buyer), product.view(np.uint64))
            spread *= 2.0
            spread -= 1.0
            spread *= self._of_group(self.taste, buyer)
            spread += 1.0
            worth *= spread
        if (minds.raised != 1.0).any():
            worth *= minds.raised[kind]
        if self._tires:
            worth *= self.left[kind, np.minimum(minds.bought[buyer, kind], _REPEATS - 1)]
        return np.rint(worth, out=worth).astype(np.int64)

    def _of_group(self, values: Any, buyer: Whole) -> Any:  # noqa: ANN401 - of any sort
        """Return what holds for the groups of buyers: one value where there is one group."""
        return values[0] if len(values) == 1 else values[self.group[buyer]]

    def _of_goods(self, product: Whole) -> Any:  # noqa: ANN401 - numbers, or one number
        """Return the kinds of products: one number where there is one kind."""
        return 0 if len(self.open) == 1 else self.population.goods.kind[product]

    def drawn(self, purpose: str, buyer: Whole, counter: Keys) -> Floats:
        """Return one draw a visit."""
        return uniforms(self.keys[purpose][buyer], counter)

    def _seen(self, buyer: Whole, place: Keys, nth: int, shelves: Shelves, minds: Minds) -> Whole:
        which = uniforms(self.keys["product"].take(buyer), place)
        if len(shelves.by_kind) == 1:
            (shelf,) = shelves.by_kind
            if not len(shelf):
                return np.full(len(buyer), -1, np.int64)
            seen = shelf.take((which * len(shelf)).astype(np.int64))
        else:
            kind = self._kinds(buyer, place)
            seen = np.full(len(buyer), -1, np.int64)
            for number, shelf in enumerate(shelves.by_kind):
                mine = np.flatnonzero(kind == number)
                if len(shelf) and len(mine):
                    seen[mine] = shelf[(which[mine] * len(shelf)).astype(np.int64)]
        self._go_elsewhere(seen, which, buyer, place, nth, shelves, minds)
        if len(shelves.by_kind) == 1 and (self.wants > 0).all():
            return seen
        wanted = self._of_group(self.wants, buyer)
        wanted = (
            wanted[self.population.goods.kind[seen]]
            if wanted.ndim == 1
            else (wanted[np.arange(len(seen)), self.population.goods.kind[seen]])
        )
        return np.where((seen >= 0) & (wanted > 0), seen, -1)

    def _kinds(self, buyer: Whole, place: Keys) -> Whole:
        """Return of which kind each looks for a product."""
        drawn = uniforms(self.keys["kind"].take(buyer), place)
        kind: Whole = (drawn[:, None] >= self.reach[self.group[buyer]]).sum(axis=1)
        np.minimum(kind, self.wants.shape[1] - 1, out=kind)
        return kind

    def _go_elsewhere(
        self,
        seen: Whole,
        which: Floats,
        buyer: Whole,
        place: Keys,
        nth: int,
        shelves: Shelves,
        minds: Minds,
    ) -> None:
        """Let whoever is bound look where it is bound to, and the loyal where they bought last."""
        loyalty = self._of_group(self.loyalty, buyer)
        if minds.bound.max(initial=-1) < 0 and not np.any(loyalty):
            return
        away = bound = minds.bound.take(buyer)
        if nth == 0 and np.any(loyalty):
            loyal = uniforms(self.keys["loyalty"].take(buyer), place) < loyalty
            away = np.where((bound < 0) & loyal, minds.favourite[buyer], bound)
        for row in np.flatnonzero(away >= 0):
            shelf = shelves.by_supplier.get(int(away[row]), _EMPTY)
            found = shelf[int(which[row] * len(shelf))] if len(shelf) else -1
            seen[row] = found if found >= 0 or bound[row] >= 0 else seen[row]

    def _drop_owned(self, may: Flags, buyer: Whole, product: Whole, minds: Minds) -> None:
        """Let nothing be wanted again that a buyer has a licence for."""
        if not len(minds.owned):
            return
        code = buyer * len(self.population.goods)
        code += product
        if self._sieved is not minds.owned:
            self._sieved, self._sieve = minds.owned, _sieve_of(minds.owned)
        owns = self._sieve.take(code & (len(self._sieve) - 1))
        owns &= may
        # Most are told by the sieve alone, which a search among all that is owned would not be.
        some = np.flatnonzero(owns)
        asked = code[some]
        at = np.minimum(np.searchsorted(minds.owned, asked), len(minds.owned) - 1)
        may[some] = minds.owned[at] != asked


def _sieve_of(codes: Whole) -> Flags:
    """Return flags by the last bits of codes, in which few are set that are of none of them."""
    sieve = np.zeros(1 << max(16, (16 * len(codes)).bit_length()), np.bool_)
    sieve[codes & (len(sieve) - 1)] = True
    return sieve


_EMPTY: Final = np.zeros(0, np.int64)
