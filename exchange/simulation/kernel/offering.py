"""What suppliers and brokers do of themselves: offers that learn, and deals off the exchange."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exchange.simulation.depth import Ending, Outcome, Wish
from exchange.simulation.kernel.deciding import Crowd, Minds, Shelves
from exchange.simulation.kernel.hours import OPENS, TRADING
from exchange.simulation.kernel.population import Population, key_number
from exchange.simulation.market import Way
from exchange.simulation.market.plugged import built
from exchange.simulation.streams import keys_of, uniforms
from pricing.learning import Learning, Trial
from pricing.money import Money

_LEARNED = frozenset({Ending.EXECUTED, Ending.DECLINED})
_DEALS = 1_024  # of a broker on a day, at most


@dataclass
class Sellers:
    """The suppliers' offers, one learner for each supplier and kind, and the brokers."""

    population: Population
    _states: dict[tuple[int, int], Learning] = field(default_factory=dict)

    def proposal(self, product: int) -> int:
        """Return the price that a supplier offers for a negotiated product, in minor units."""
        state = self._state(product)
        if state is None:
            return int(self.population.goods.price[product])
        return state.propose().minor

    def learn(self, product: int, price: int, worth: int, outcome: Outcome) -> bool:
        """Tell the supplier what a buyer answered, and say whether it learned from it.

        What no buyer answered teaches nothing.
        """
        state = self._state(product)
        if state is None or outcome.ending not in _LEARNED:
            return False
        state.update(Trial.of_worth(Money(price), Money(max(worth, 0))))
        return True

    def _state(self, product: int) -> Learning | None:
        goods, market = self.population.goods, self.population.market
        supplier, number = int(goods.supplier[product]), int(goods.kind[product])
        kind = market.kinds[number]
        if kind.learner is None:
            return None
        key = supplier, number
        if key not in self._states:
            handle = self.population.agents[supplier].handle
            seed = key_number(self.population.seed, handle, f"learner {kind.name}")
            self._states[key] = built("learner", kind.learner, seed=seed).start()
        return self._states[key]

    def brokered(
        self, day: int, crowd: Crowd, shelves: Shelves, minds: Minds
    ) -> Iterator[tuple[Wish, int]]:
        """Yield the deals that brokers bring on a day, each with what it is worth to its buyer."""
        population, market = self.population, self.population.market
        numbers = {kind.name: number for number, kind in enumerate(market.kinds)}
        there = np.flatnonzero(crowd.joined <= day)
        groups = {group.name: group for group in market.brokers}
        for place in population.brokers:
            agent = population.agents[place]
            group: Any = groups[agent.group]
            keys = keys_of(population.seed, [agent.handle], "deals")
            whole = int(group.deals)
            more = float(uniforms(keys, day)[0]) < group.deals - whole
            for nth in range(min(whole + more, _DEALS)):
                draws = uniforms(
                    np.repeat(keys_of(population.seed, [agent.handle], f"deal {day}"), 4),
                    np.arange(4 * nth, 4 * nth + 4, dtype=np.uint64),
                )
                kind = group.kinds[int(draws[0] * len(group.kinds))]
                shelf = shelves.by_kind[numbers[kind]]
                if not len(shelf) or not len(there):
                    continue
                product = int(shelf[int(draws[1] * len(shelf))])
                buyer = int(there[int(draws[2] * len(there))])
                worth = int(crowd.worth(np.array([buyer]), np.array([product]), minds)[0])
                asked = int(minds.asked[product])
                offer = max(1, asked - round(asked * group.discount))
                limit = min(worth, int(minds.money[buyer]))
                second = OPENS + int(draws[3] * TRADING)
                yield (
                    Wish(
                        number=-1,
                        day=day,
                        second=second,
                        buyer=buyer + population.buyers.start,
                        product=product,
                        way=Way.DEAL,
                        limit=limit,
                        offer=offer,
                        broker=place,
                        due_days=group.due_days,
                    ),
                    worth,
                )
