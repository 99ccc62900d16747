"""Filling the trace of a run while it is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from exchange.simulation.depth import BOUGHT, Closing, Outcome, Placed, Wish
from exchange.simulation.kernel.deciding import Looks
from exchange.simulation.kernel.hours import DAY
from exchange.simulation.kernel.intent import Intent
from exchange.simulation.kernel.misconduct import Mischief
from exchange.simulation.kernel.population import Population
from exchange.simulation.trace import Table, columns, empty


class Tracing:
    """The tables of a run as far as it has come."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self._wishes: dict[str, list[Any]] = empty("wishes")
        self._past: list[Table] = []  # the wishes of days that have ended, which arrays hold best
        count = len(population.goods)
        self._products = [""] * count
        self._offered, self._listed = [-1] * count, [-1] * count
        self._left = [-1] * count
        self._refused = [""] * count
        self._looks: dict[tuple[int, int], list[int]] = {}
        terms = {group.name: group.term_days for group in population.market.buyers}
        # By an agent's position, buyers of rings too; who is no buyer is given no right.
        self._terms = [terms.get(agent.group, 0) for agent in population.agents]

    def registered(self, product: int) -> str:
        """Return the number under which a product is registered, empty before that."""
        return self._products[product]

    def placed(self, placed: Placed, day: int, *, listed: bool) -> None:
        """Note what the register or the gate made of a product."""
        self._products[placed.number] = placed.product
        if not listed:
            self._offered[placed.number] = day
        if placed.refused_by:
            self._refused[placed.number] = " ".join(placed.refused_by)
        elif listed:
            self._listed[placed.number] = day

    def left(self, suppliers: Sequence[int], day: int) -> None:
        """Note that suppliers left the market on the morning of a day, with all they have."""
        for product in np.flatnonzero(np.isin(self.population.goods.supplier, suppliers)).tolist():
            self._left[product] = day

    def looked(self, day: int, looks: Looks) -> None:
        """Count who came and looked; who came counts where it looked first."""
        kind, kinds = self.population.goods.kind, len(self.population.market.kinds)
        seen = looks.product >= 0
        first = np.where(seen.any(axis=1), np.argmax(seen, axis=1), -1) if seen.size else _NOBODY
        came = looks.product[first >= 0, first[first >= 0]]
        chosen = np.flatnonzero(looks.choice >= 0)
        wanted = looks.product[chosen, looks.choice[chosen]]
        counts = [
            np.bincount(kind[part], minlength=kinds) for part in (came, looks.product[seen], wanted)
        ]
        for number in range(kinds):
            held = self._looks.setdefault((day, number), [0, 0, 0])
            for place, count in enumerate(counts):
                held[place] += int(count[number])

    def wished(self, intent: Intent, outcome: Outcome) -> None:
        """Note a wish and what came of it."""
        wish, rows = intent.wish, self._wishes
        rows["day"].append(wish.day)
        rows["second"].append(wish.second)
        rows["buyer"].append(wish.buyer)
        rows["product"].append(wish.product)
        rows["way"].append(str(wish.way))
        rows["value"].append(intent.value)
        rows["list_price"].append(intent.list_price)
        rows["offered"].append(outcome.offered)
        rows["ending"].append(str(outcome.ending))
        rows["trade"].append(outcome.trade)
        rows["amount"].append(outcome.amount)
        rows["fee"].append(outcome.fee)
        rows["to_supplier"].append(outcome.to_supplier)
        rows["to_contributors"].append(outcome.to_contributors)
        rows["until"].append(self._until(wish) if outcome.ending in BOUGHT else -1)
        rows["rule"].append(outcome.rule)
        rows["first_entry"].append(outcome.first_entry)
        rows["last_entry"].append(outcome.last_entry)

    def _until(self, wish: Wish) -> int:
        """Return when a right that was bought ends: the buyer's own term after it was wished."""
        return (wish.day + self._terms[wish.buyer]) * DAY + wish.second

    def end_day(self) -> None:
        """Put the wishes of a day away."""
        if self._wishes["day"]:
            self._past.append(columns("wishes", self._wishes))
            self._wishes = empty("wishes")

    def _wished(self) -> Table:
        self.end_day()
        if not self._past:
            return columns("wishes", self._wishes)
        return {name: np.concatenate([day[name] for day in self._past]) for name in self._past[0]}

    def tables(
        self, ids: Sequence[str], closing: Closing, mischief: Mischief
    ) -> Mapping[str, Table]:
        """Return the tables of the whole run."""
        return {
            "participants": self._participants(ids, closing),
            "products": self._goods(),
            "wishes": self._wished(),
            "looks": self._looked(),
            "planted": _planted(mischief),
            "shares": columns("shares", _shares(closing)),
        }

    def _participants(self, ids: Sequence[str], closing: Closing) -> Table:
        agents = self.population.agents
        return columns(
            "participants",
            {
                "participant": list(ids),
                "handle": [agent.handle for agent in agents],
                "group": [agent.group for agent in agents],
                "role": [agent.role for agent in agents],
                "joined": [agent.joined for agent in agents],
                "deposited": [agent.deposit for agent in agents],
                "balance": [closing.balances.get(name, 0) for name in ids],
            },
        )

    def _goods(self) -> Table:
        goods, kinds = self.population.goods, self.population.market.kinds
        return columns(
            "products",
            {
                "product": [
                    "" if refused else product
                    for product, refused in zip(self._products, self._refused, strict=True)
                ],
                "kind": [kinds[number].name for number in goods.kind],
                "supplier": goods.supplier.tolist(),
                "price": goods.price.tolist(),
                "quality": goods.quality.tolist(),
                "cost": goods.cost.tolist(),
                "offered": self._offered,
                "listed": self._listed,
                "left": self._left,
                "refused_by": self._refused,
            },
        )

    def _looked(self) -> Table:
        rows, kinds = empty("looks"), self.population.market.kinds
        for (day, number), (arrivals, looks, wishes) in sorted(self._looks.items()):
            rows["day"].append(day)
            rows["kind"].append(kinds[number].name)
            rows["arrivals"].append(arrivals)
            rows["looks"].append(looks)
            rows["wishes"].append(wishes)
        return columns("looks", rows)


_NOBODY = np.zeros(0, np.int64)


def _planted(mischief: Mischief) -> Table:
    rows = empty("planted")
    for plot, who, what in mischief.planted:
        rows["case"].append(plot.case)
        rows["conduct"].append(str(plot.conduct))
        rows["participant"].append(who)
        rows["product"].append(what)
        rows["first_day"].append(plot.first_day)
        rows["last_day"].append(plot.last_day)
    return columns("planted", rows)


def _shares(closing: Closing) -> dict[str, list[Any]]:
    rows = empty("shares")
    for product, contributor, declared, got in closing.shares:
        rows["product"].append(product)
        rows["contributor"].append(contributor)
        rows["declared"].append(declared)
        rows["got"].append(got)
    return rows
