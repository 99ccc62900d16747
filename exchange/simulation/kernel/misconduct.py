"""Misconduct as it is planted: rings that trade with themselves, prices for the loyal, binding.

Everything planted is noted as it happens, since surveillance is held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from exchange.simulation.depth import Wish
from exchange.simulation.kernel.deciding import Minds, Shelves
from exchange.simulation.kernel.hours import OPENS, TRADING
from exchange.simulation.kernel.population import Plot, Population
from exchange.simulation.market import Conduct, Way
from exchange.simulation.streams import key_of, uniform

_TRADES = 1_024  # of a ring on a day, at most


@dataclass
class Mischief:
    """Whoever misbehaves; `gone` are suppliers that have left the market."""

    population: Population
    gone: set[int] = field(default_factory=set)
    _loyal: set[tuple[int, int]] = field(default_factory=set)  # buyer and supplier
    _bound: dict[int, Plot] = field(default_factory=dict)
    _noted: dict[tuple[int, int, int], None] = field(default_factory=dict)

    def _plots(self, conduct: Conduct, supplier: int) -> Iterator[Plot]:
        for plot in self.population.plots:
            if plot.conduct is conduct and plot.supplier == supplier:
                yield plot

    def note(self, plot: Plot, participant: int, product: int) -> None:
        """Remember who and what a misconduct touched."""
        self._noted[plot.case, participant, product] = None

    @property
    def planted(self) -> list[tuple[Plot, int, int]]:
        """Everything that was planted: the case, who, and which product (-1 for none)."""
        plots = {plot.case: plot for plot in self.population.plots}
        own = [(plot, plot.supplier, -1) for plot in plots.values()]
        found = [(plots[case], who, what) for case, who, what in sorted(self._noted)]
        told = {(plot.case, who) for plot, who, _ in found}
        return [each for each in own if (each[0].case, each[1]) not in told] + found

    # Rings.

    def washed(self, day: int, shelves: Shelves) -> Iterator[tuple[Wish, int]]:
        """Yield the trades that rings make with themselves on a day; they are worth nothing."""
        goods, market = self.population.goods, self.population.market
        for plot in self.population.plots:
            if plot.conduct is not Conduct.WASH or not plot.runs(day):
                continue
            shelf = [
                int(product)
                for product in shelves.by_supplier.get(plot.supplier, ())
                if market.kinds[goods.kind[product]].way in {Way.POSTED, Way.NEGOTIATED}
            ]
            if not shelf or plot.supplier in self.gone:
                continue
            key = key_of(self.population.seed, self._handle(plot.supplier), f"ring {day}")
            whole = int(plot.strength)
            count = whole + (uniform(key, 0) < plot.strength - whole)
            for nth in range(min(count, _TRADES)):
                product = shelf[int(uniform(key, 3 * nth + 1) * len(shelf))]
                buyer = plot.ring[int(uniform(key, 3 * nth + 2) * len(plot.ring))]
                price = int(goods.price[product])
                self.note(plot, plot.supplier, product)
                self.note(plot, buyer, product)
                yield (
                    Wish(
                        number=-1,
                        day=day,
                        second=OPENS + int(uniform(key, 3 * nth + 3) * TRADING),
                        buyer=buyer,
                        product=product,
                        way=market.kinds[goods.kind[product]].way,
                        limit=2 * price,
                        offer=price,
                    ),
                    0,
                )

    def _handle(self, place: int) -> str:
        return self.population.agents[place].handle

    # Discrimination.

    def offer(self, base: int, buyer: int, product: int, day: int) -> int:
        """Return what a buyer is offered: more than others, where it is loyal and the offer so."""
        supplier = int(self.population.goods.supplier[product])
        if (buyer, supplier) not in self._loyal:
            return base
        for plot in self._plots(Conduct.DISCRIMINATION, supplier):
            if plot.runs(day):
                self.note(plot, supplier, product)
                self.note(plot, buyer + self.population.buyers.start, product)
                return base + round(base * Fraction(str(plot.strength)))
        return base

    # Exclusivity.

    def bought(self, buyer: int, supplier: int, day: int) -> None:
        """Let a purchase have its consequences: loyalty, and being bound."""
        self._loyal.add((buyer, supplier))
        if buyer in self._bound:
            return
        for plot in self._plots(Conduct.EXCLUSIVITY, supplier):
            handle = self._handle(buyer + self.population.buyers.start)
            key = key_of(self.population.seed, handle, f"bound {self._handle(supplier)}")
            if plot.runs(day) and uniform(key, 0) < plot.strength:
                self._bound[buyer] = plot
                self.note(plot, supplier, -1)
                self.note(plot, buyer + self.population.buyers.start, -1)

    def bind(self, minds: Minds, day: int) -> None:
        """Say who may buy from whom alone on a day."""
        for buyer, plot in self._bound.items():
            minds.bound[buyer] = plot.supplier if plot.runs(day) else -1
