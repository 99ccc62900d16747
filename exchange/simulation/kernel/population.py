"""Everybody and everything in a market before its first day, laid out from the market and the seed.

Positions count suppliers, then buyers, then brokers, then the buyers that rings control; products
count supplier by supplier.  What an agent is like hangs on its handle alone, so that an agent more
or less leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exchange.simulation.depth import Offering
from exchange.simulation.market import Blow, Buyers, Conduct, Market, Misconduct, Suppliers
from exchange.simulation.market.rings import RING, deposit_of, last_day
from exchange.simulation.streams import Distribution, Floats, key_of, keys_of, uniforms

Whole = npt.NDArray[np.int64]
NEVER: Final = 1 << 30  # a day that does not come


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent; `group` counts within the populations of its role, `deposit` is minor units."""

    handle: str
    role: str
    group: str
    joined: int
    deposit: int = 0


@dataclass(frozen=True)
class Goods:
    """The products of a market, as columns; `kind` counts the market's kinds."""

    supplier: Whole
    kind: Whole
    price: Whole
    cost: Whole
    quality: Floats
    defect: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.supplier)


@dataclass(frozen=True, slots=True)
class Plot:
    """One supplier that misbehaves, as it was planted."""

    case: int
    conduct: Conduct
    supplier: int
    strength: float
    first_day: int
    last_day: int
    ring: tuple[int, ...] = ()

    def runs(self, day: int) -> bool:
        """Whether it goes on on a day."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Population:
    """A market laid out; `buyers` and `brokers` are where those begin among the agents."""

    market: Market
    seed: int
    agents: tuple[Agent, ...]
    buyers: range
    brokers: range
    goods: Goods
    plots: tuple[Plot, ...]

    @property
    def suppliers(self) -> range:
        """The positions of suppliers."""
        return range(self.buyers.start)

    def offering(self, number: int, day: int, parents: tuple[int, ...] = ()) -> Offering:
        """Return a product as its supplier brings it to the gate on a day."""
        goods = self.goods
        return Offering(
            number=number,
            supplier=int(goods.supplier[number]),
            kind=self.market.kinds[goods.kind[number]].name,
            price=int(goods.price[number]),
            quality=float(goods.quality[number]),
            cost=int(goods.cost[number]),
            day=day,
            defect=goods.defect[number],
            parents=parents,
        )

    def joining(self, day: int) -> list[int]:
        """Return who joins on a day."""
        return [place for place, agent in enumerate(self.agents) if agent.joined == day]

    def handles(self, places: Sequence[int] | range) -> list[str]:
        """Return the handles at these positions."""
        return [self.agents[place].handle for place in places]


def lay_out(market: Market, seed: int) -> Population:
    """Lay a market out."""
    suppliers = [agent for group in market.suppliers for agent in _suppliers(group, market, seed)]
    buyers = [agent for group in market.buyers for agent in _buyers(group, seed)]
    brokers = [
        Agent(f"{group.name}-{n}", "broker", group.name, 0)
        for group in market.brokers
        for n in range(group.count)
    ]
    goods = _goods(suppliers, market, seed)
    first = len(suppliers) + len(buyers) + len(brokers)
    plots, rings = _plots(suppliers, goods, first, market, seed)
    return Population(
        market=market,
        seed=seed,
        agents=(*suppliers, *buyers, *brokers, *rings),
        buyers=range(len(suppliers), len(suppliers) + len(buyers)),
        brokers=range(len(suppliers) + len(buyers), first),
        goods=goods,
        plots=plots,
    )


def _drawn(seed: int, handles: Sequence[str], purpose: str) -> Floats:
    return uniforms(keys_of(seed, handles, purpose), 0)


def _days(law: Distribution | None, seed: int, handles: Sequence[str]) -> list[int]:
    if law is None:
        return [0 for _ in handles]
    return [int(day) for day in law.at(_drawn(seed, handles, "joins"))]


def _suppliers(group: Suppliers, market: Market, seed: int) -> list[Agent]:
    handles = [f"{group.name}-{n}" for n in range(group.count)]
    entry = [
        shock.day
        for shock in market.shocks
        if shock.blow is Blow.ENTRY and shock.target == group.name
    ]
    joins = entry * len(handles) if entry else _days(group.joins, seed, handles)
    return [
        Agent(handle, "supplier", group.name, day)
        for handle, day in zip(handles, joins, strict=False)
    ]


def _buyers(group: Buyers, seed: int) -> list[Agent]:
    handles = [f"{group.name}-{n}" for n in range(group.count)]
    money = group.budget.minor(_drawn(seed, handles, "budget"))
    joins = _days(group.joins, seed, handles)
    return [
        Agent(handle, "buyer", group.name, day, int(held))
        for handle, day, held in zip(handles, joins, money, strict=True)
    ]


def _goods(suppliers: Sequence[Agent], market: Market, seed: int) -> Goods:
    offers = {group.name: group.offers for group in market.suppliers}
    names = [kind.name for kind in market.kinds]
    rows = [
        (place, names.index(name), f"{agent.handle}/{name}/{n}")
        for place, agent in enumerate(suppliers)
        for name, count in offers[agent.group].items()
        for n in range(count)
    ]
    supplier = np.array([place for place, *_ in rows], np.int64)
    kind = np.array([number for _, number, _ in rows], np.int64)
    titles = [title for *_, title in rows]
    price, cost = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    quality, defect = np.zeros(len(rows)), np.full(len(rows), "", dtype=object)
    for number, each in enumerate(market.kinds):
        mine = np.flatnonzero(kind == number)
        handles = [titles[row] for row in mine]
        price[mine] = np.maximum(each.price.minor(_drawn(seed, handles, "price")), 1)
        quality[mine] = each.quality.at(_drawn(seed, handles, "quality"))
        if each.cost:
            cost[mine] = each.cost.minor(_drawn(seed, handles, "cost"))
        drawn, reached = _drawn(seed, handles, "defect"), 0.0
        for name, share in each.defects.items():
            planted = (drawn >= reached) & (drawn < reached + share)
            defect[mine[planted]], reached = str(name), reached + share
    return Goods(supplier, kind, price, cost, quality, tuple(defect.tolist()))


def _plots(
    suppliers: Sequence[Agent], goods: Goods, first: int, market: Market, seed: int
) -> tuple[tuple[Plot, ...], list[Agent]]:
    """Choose who misbehaves: of a group those with the smallest draws, each misconduct its own."""
    plots: list[Plot] = []
    rings: list[Agent] = []
    taken: set[tuple[Conduct, int]] = set()
    for misconduct in market.misconduct:
        conduct, group = misconduct.conduct, misconduct.suppliers
        members = [place for place, agent in enumerate(suppliers) if agent.group == group]
        handles = [suppliers[place].handle for place in members]
        drawn = _drawn(seed, handles, f"misconduct {conduct}")
        ranked = [members[n] for n in np.argsort(drawn, kind="stable")]
        free = [place for place in ranked if (conduct, place) not in taken]
        last = last_day(misconduct, market)
        for supplier in sorted(free[: misconduct.count]):
            taken.add((conduct, supplier))
            ring: tuple[int, ...] = ()
            if conduct is Conduct.WASH:
                ring = tuple(first + len(rings) + n for n in range(RING))
                rings += _ring(supplier, goods, market, misconduct, len(rings))
            plot = Plot(
                len(plots), conduct, supplier, misconduct.strength, misconduct.first_day, last, ring
            )
            plots.append(plot)
    return tuple(plots), rings


def _ring(
    supplier: int, goods: Goods, market: Market, case: Misconduct, already: int
) -> list[Agent]:
    """Return the buyers of a ring: of a population that may use what is sold, beyond its count."""
    mine = goods.supplier == supplier
    purposes = {purpose for number in goods.kind[mine] for purpose in market.kinds[number].purposes}
    groups = [each for each in market.buyers if each.purpose in purposes] or list(market.buyers)
    group: Any = groups[0]
    dearest = int(goods.price[mine].max()) if mine.any() else 1
    money = deposit_of(case, market, dearest)
    return [
        Agent(f"{group.name}-{group.count + already + n}", "buyer", group.name, 0, money)
        for n in range(RING)
    ]


def key_number(seed: int, handle: str, purpose: str) -> int:
    """Return a number below 2^31 from an agent's own stream, for a plug-in with chance."""
    return key_of(seed, handle, purpose) >> 33
