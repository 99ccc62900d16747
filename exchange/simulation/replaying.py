"""One wish told again: who came, what it saw and thought of it, what it was offered, what came.

And what stood behind it: the misconduct that brought it or made it dearer, the shocks in force, the
bids beside it, the answers that a learner had made its offer of.  The decision is made again from
the seed and the record of the run, never read from a log of it, so what is told is what happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from exchange.errors import NotFound
from exchange.simulation.depth import Outcome
from exchange.simulation.full.house import instant
from exchange.simulation.kernel import FEE_NOTICE, Kernel
from exchange.simulation.kernel.deciding import Looks
from exchange.simulation.kernel.intent import Intent
from exchange.simulation.kernel.population import Plot
from exchange.simulation.market import Blow, Conduct, Market, Shock, Way
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
class Planted:
    """One planted case that a wish is of: brought by its ring, made dearer, or bound by it."""

    case: int  # as the table `planted` counts
    conduct: str
    supplier: str
    strength: float
    first_day: int
    last_day: int
    ring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """Another bid in the same auction; amounts in minor units."""

    wish: int
    buyer: str
    bid: int
    ending: str
    amount: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a buyer answered earlier, as the learner was told: the price and what it was worth.

    Where the buyer was charged more as a loyal one, the learner is told of the price before that,
    and `ending` is what came of the offer that was made.  Amounts are minor units.
    """

    wish: int
    buyer: str
    price: int
    worth: int
    ending: str


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
    broker: str = ""  # who brought it, where it is a deal
    planted: tuple[Planted, ...] = ()
    shocks: tuple[Shock, ...] = ()  # whatever had struck when it was decided; the fee of its day
    rivals: tuple[Rival, ...] = ()
    learner: str = ""
    answers: tuple[Answer, ...] = ()  # all that the offer was learned from, the first one first
    entries: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        told = {name: getattr(self, name) for name in self.__slots__}
        lists = ("planted", "shocks", "rivals", "answers")
        return (
            told
            | {name: [asdict(each) for each in told[name]] for name in lists}
            | {
                "moment": self.moment.isoformat(),
                "sights": [sight.to_record() for sight in self.sights],
                "entries": list(self.entries),
            }
        )


def in_force(market: Market, decided: int, day: int) -> tuple[Shock, ...]:
    """Return the shocks that had struck when a wish was decided, and the fee of its own day."""
    struck = [each for each in market.shocks if each.blow is not Blow.FEE and each.day <= decided]
    # A fee is published ahead, so one of the first days holds only then.
    fees = [
        (max(each.day, FEE_NOTICE), nth, each)
        for nth, each in enumerate(market.shocks)
        if each.blow is Blow.FEE and max(each.day, FEE_NOTICE) <= day
    ]
    held = [max(fees)[-1]] if fees else []
    return tuple(sorted([*struck, *held], key=lambda each: each.day))


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


@dataclass(frozen=True, slots=True)
class _Visit:
    """What a buyer saw in one visit, and how things stood then."""

    turn: int
    money: int
    sights: tuple[Sight, ...]
    heard: int  # answers that its learner had been told
    bound: int  # the supplier it may buy from alone, -1 for none


_BROUGHT: Final = _Visit(turn=-1, money=0, sights=(), heard=0, bound=-1)  # by somebody else


class _Teller:
    """Looks on while a kernel decides, and remembers what one buyer saw."""

    def __init__(self, kernel: Kernel, number: int, row: dict[str, Any]) -> None:
        self.kernel, self.number, self.row = kernel, number, row
        self.buyer = row["buyer"] - kernel.population.buyers.start
        self.intent: Intent | None = None
        self._seen: dict[int, _Visit] = {}
        self._bids: list[Intent] = []  # in the auction of the wish
        self._answers: list[Answer] = []  # told to the learner of its supplier and kind
        kernel.saw, kernel.acts, kernel.heard = self._saw, self._acts, self._heard

    def _saw(self, turn: int, looks: Looks) -> None:
        minds = self.kernel.minds
        for place in np.flatnonzero(looks.buyer == self.buyer):
            self._seen[int(looks.counter[place])] = _Visit(
                turn=turn,
                money=int(minds.money[self.buyer]),
                sights=tuple(self._sights(looks, int(place))),
                heard=len(self._answers),
                bound=int(minds.bound[self.buyer]),
            )

    def _heard(self, intent: Intent, outcome: Outcome) -> None:
        goods, one, other = self.kernel.population.goods, intent.wish.product, self.row["product"]
        if (goods.supplier[one], goods.kind[one]) == (goods.supplier[other], goods.kind[other]):
            wish, price, worth = intent.wish, intent.base, max(intent.value, 0)
            told = Answer(wish.number, self._handle(wish.buyer), price, worth, str(outcome.ending))
            self._answers.append(told)

    def _handle(self, place: int) -> str:
        return self.kernel.population.agents[place].handle

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
        wish = intent.wish
        if wish.number == self.number:
            self.intent = intent
        elif (wish.way, wish.product, wish.day) == (
            Way.AUCTION,
            self.row["product"],
            self.row["day"],
        ):
            self._bids.append(intent)

    def _decided(self, intent: Intent, visit: _Visit) -> int:
        """Return the day of the decision: a bid waits for its auction."""
        return visit.turn // self.kernel.market.rounds if visit.sights else intent.wish.day

    def _planted(self, intent: Intent, visit: _Visit) -> Iterator[Planted]:
        wish, population = intent.wish, self.kernel.population
        decided = self._decided(intent, visit)
        supplier = int(population.goods.supplier[wish.product])
        dearer = bool(intent.base) and wish.offer != intent.base

        def touches(plot: Plot) -> bool:
            if not plot.runs(decided) or plot.supplier != supplier:
                return False
            match plot.conduct:
                case Conduct.WASH:
                    return wish.buyer in plot.ring
                case Conduct.DISCRIMINATION:
                    return dearer
                case Conduct.EXCLUSIVITY:
                    return visit.bound == supplier

        for plot in population.plots:
            if touches(plot):
                yield Planted(
                    case=plot.case,
                    conduct=str(plot.conduct),
                    supplier=self._handle(plot.supplier),
                    strength=plot.strength,
                    first_day=plot.first_day,
                    last_day=plot.last_day,
                    ring=tuple(map(self._handle, plot.ring)),
                )

    def _rivals(self, trace: Trace) -> Iterator[Rival]:
        wishes = trace["wishes"]
        for each in self._bids:
            number = each.wish.number
            yield Rival(
                wish=number,
                buyer=self._handle(each.wish.buyer),
                bid=each.wish.limit,
                ending=str(wishes["ending"][number]),
                amount=int(wishes["amount"][number]),
            )

    def story(self, trace: Trace, entries: tuple[str, ...]) -> Story:
        kernel, intent = self.kernel, self.intent
        if intent is None:
            raise NotFound(f"wish {self.number} does not come again: the record is another run's")
        wish = intent.wish
        visit = self._seen.get(intent.counter, _BROUGHT)
        turn, sights = visit.turn, visit.sights
        kind = kernel.market.kinds[kernel.population.goods.kind[wish.product]]
        learner = kind.learner.name if kind.learner and intent.base else ""
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
            money=visit.money,
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
            broker=self._handle(wish.broker) if wish.broker >= 0 else "",
            planted=tuple(self._planted(intent, visit)),
            shocks=in_force(kernel.market, self._decided(intent, visit), wish.day),
            rivals=tuple(self._rivals(trace)),
            learner=learner,
            answers=tuple(self._answers[: visit.heard]) if learner else (),
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
