"""One wish told again: who came, what it saw and thought of it, what it was offered, what came.

The decision is made again from the seed and the record of the run, never read from a log of it, so
what is told is what happened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from exchange.errors import NotFound
from exchange.simulation.full.house import instant
from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.deciding import Looks
from exchange.simulation.kernel.intent import Intent
from exchange.simulation.run import Run
from exchange.simulation.run_folder import read_run
from exchange.simulation.trace import Trace
from exchange.venue import Venue

_DRAWS: Final = ("arrival", "second", "fault")


@dataclass(frozen=True, slots=True)
class Sight:
    """One product that a buyer looked at, with everything that its worth is made of."""

    product: str
    kind: str
    supplier: str
    taste: float  # the draw, 0 to 1, that is this buyer's liking for this product
    worth: int
    asked: int
    wanted: bool

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Story:
    """One wish with what led to it and what came of it; amounts in minor units."""

    number: int
    moment: dt.datetime
    buyer: str
    way: str
    money: int  # what the buyer had left when it decided
    level: float  # what a product of quality 1 is worth to it, minor units
    draws: dict[str, float]
    sights: tuple[Sight, ...]
    product: str
    worth: int
    limit: int
    base: int
    offer: int
    fails: str
    outcome: dict[str, Any]
    entries: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {
            "moment": self.moment.isoformat(),
            "sights": [sight.to_record() for sight in self.sights],
            "entries": list(self.entries),
        }


def wish_of(trace: Trace, name: str) -> int:
    """Return the number of a wish: by its number, or by the trade or deal that it became."""
    wishes = trace["wishes"]
    found = np.flatnonzero(wishes["trade"] == name)
    if len(found):
        return int(found[0])
    if name.isascii() and name.isdigit() and int(name) < len(wishes["trade"]):
        return int(name)
    raise NotFound(f"{name} is no trade of this run, and no number of a wish")


def told_again(run: Run, name: str) -> Story:
    """Tell a wish of a finished run again, or raise `NotFound`."""
    trace = read_run(run.folder).trace
    number = wish_of(trace, name)
    row = {column: trace["wishes"][column][number].item() for column in trace["wishes"]}
    kernel = run.again()
    teller = _Teller(kernel, number, row)
    for _ in kernel.days():
        if teller.intent is not None:
            break
    return teller.story(trace, _entries(run.folder, row["first_entry"], row["last_entry"]))


class _Teller:
    """Looks on while a kernel decides, and remembers what one buyer saw."""

    def __init__(self, kernel: Kernel, number: int, row: dict[str, Any]) -> None:
        self.kernel, self.number, self.row = kernel, number, row
        self.buyer = row["buyer"] - kernel.population.buyers.start
        self.intent: Intent | None = None
        self._seen: dict[int, tuple[int, int, tuple[Sight, ...]]] = {}
        kernel.saw, kernel.acts = self._saw, self._acts

    def _saw(self, turn: int, looks: Looks) -> None:
        for place in np.flatnonzero(looks.buyer == self.buyer):
            counter = int(looks.counter[place])
            money = int(self.kernel.minds.money[self.buyer])
            self._seen[counter] = turn, money, tuple(self._sights(looks, int(place)))

    def _sights(self, looks: Looks, place: int) -> list[Sight]:
        goods, crowd = self.kernel.population.goods, self.kernel.crowd
        sights = []
        for nth, product in enumerate(looks.product[place].tolist()):
            if product < 0:
                continue
            key = np.array([product], np.uint64)
            taste = float(crowd.drawn("taste", np.array([self.buyer]), key)[0])
            sights.append(
                Sight(
                    product=self._name(product),
                    kind=self.kernel.market.kinds[goods.kind[product]].name,
                    supplier=self.kernel.population.agents[goods.supplier[product]].handle,
                    taste=taste,
                    worth=int(looks.value[place, nth]),
                    asked=int(self.kernel.minds.asked[product]),
                    wanted=nth == int(looks.choice[place]),
                )
            )
        return sights

    def _name(self, product: int) -> str:
        return self.kernel.tracing.registered(product) or f"offering {product}"

    def _acts(self, intent: Intent) -> None:
        if intent.wish.number == self.number:
            self.intent = intent

    def story(self, trace: Trace, entries: tuple[str, ...]) -> Story:
        kernel, intent = self.kernel, self.intent
        if intent is None:
            raise NotFound(f"wish {self.number} does not come again: the record is another run's")
        wish = intent.wish
        turn, money, sights = self._seen.get(intent.counter, (-1, 0, ()))
        draws: dict[str, float] = {}
        if sights:
            who = np.array([self.buyer])
            at = {"arrival": turn, "second": intent.counter, "fault": intent.counter}
            draws = {
                purpose: float(
                    kernel.crowd.drawn(purpose, who, np.array([at[purpose]], np.uint64))[0]
                )
                for purpose in _DRAWS
            }
        told = ("ending", "trade", "offered", "amount", "fee", "to_supplier", "to_contributors")
        return Story(
            number=self.number,
            moment=instant(kernel.market, wish.day, wish.second),
            buyer=str(trace["participants"]["handle"][wish.buyer]),
            way=str(wish.way),
            money=money,
            level=float(kernel.crowd.level[self.buyer]) if sights else 0.0,
            draws=draws,
            sights=sights,
            product=self._name(wish.product),
            worth=intent.value,
            limit=wish.limit,
            base=intent.base,
            offer=wish.offer,
            fails=wish.fails,
            outcome={name: self.row[name] for name in (*told, "rule")},
            entries=entries,
        )


def _entries(folder: Path, first: int, last: int) -> tuple[str, ...]:
    """Name the entries of a wish, from the run's own exchange; none where it is gone."""
    exchange = folder / "exchange"
    if first < 0 or not exchange.is_dir():
        return ()
    with Venue.open(exchange) as venue, venue.floor.read() as work:
        found = islice(work.chain.store.entries(), first, last + 1)
        return tuple(f"{entry.place} {entry.kind} {entry.subject}" for entry in found)
