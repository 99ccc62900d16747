"""The days of a market: agents come, look, decide and act; what comes of it becomes the trace.

The kernel never looks inside an exchange.  It hands over wishes and takes outcomes, so the same
kernel plays both depths, and a record of the outcomes is all it takes to decide everything again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from exchange.simulation.depth import BOUGHT, Offering, Outcome, Placed, Wish
from exchange.simulation.kernel.deciding import Crowd, Looks, Minds, Shelves
from exchange.simulation.kernel.hours import CLOSES, OPENS, TRADING
from exchange.simulation.kernel.intent import Intent
from exchange.simulation.kernel.misconduct import Mischief
from exchange.simulation.kernel.offering import Sellers
from exchange.simulation.kernel.population import Population, lay_out
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.kernel.tracing import Tracing
from exchange.simulation.market import Blow, Market, Way
from exchange.simulation.streams import key_of, keys_of, uniform, uniforms

AUCTION_SECONDS: Final = 4
AUCTIONS_MAX: Final = (86_390 - CLOSES) // AUCTION_SECONDS  # of a day; the others wait
FEE_NOTICE: Final = 7  # days that a schedule of fees is published ahead


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    day: int  # days that have passed
    days: int
    wishes: int
    trades: int


class Kernel:
    """One market in play."""

    def __init__(
        self, market: Market, seed: int, recorder: Recorder, days: int | None = None
    ) -> None:
        self.market, self.seed = market, seed
        self.played = market.days if days is None else days  # from the first on
        self.population: Population = lay_out(market, seed)
        self.recorder = recorder
        self.crowd = Crowd(self.population)
        goods, buyers = self.population.goods, len(self.population.buyers)
        self.ids = [""] * len(self.population.agents)
        self.shelves = Shelves(np.zeros(len(goods), np.bool_))
        self.minds = Minds(
            money=np.array([self.population.agents[b].deposit for b in self.population.buyers]),
            asked=goods.price.copy(),
            bought=np.zeros((buyers, len(market.kinds)), np.int64),
            favourite=np.full(buyers, -1, np.int64),
            bound=np.full(buyers, -1, np.int64),
            owned=np.zeros(0, np.int64),
            demand=np.ones(len(market.buyers)),
            raised=np.ones(len(market.kinds)),
        )
        self.until = np.zeros(0, np.int64)  # beside `minds.owned`: the day each licence runs out
        self.fresh: list[tuple[int, int]] = []  # licences bought in this round
        self._arrange()
        self.unbrought = list(range(len(goods)))  # products that did not come to the gate yet
        self.sellers = Sellers(self.population)
        self.mischief = Mischief(self.population)
        self.tracing = Tracing(self.population)
        self.numbered = 0
        self.trades = 0
        self.bids: dict[int, list[Intent]] = defaultdict(list)
        self.waiting: list[int] = []  # products whose auction is due and was put off
        # Whoever tells a decision again looks on here.
        self.saw: Callable[[int, Looks], None] = lambda _turn, _looks: None
        self.acts: Callable[[Intent], None] = lambda _intent: None
        self.heard: Callable[[Intent, Outcome], None] = lambda _intent, _outcome: None

    def days(self) -> Iterator[Progress]:
        """Play the market day by day."""
        for day in range(self.played):
            self.recorder.begin(day)
            self._morning(day)
            self._settle_in(day)
            beside = self._beside(day)
            for turn in range(self.market.rounds):
                self._settle_in(day)
                now = [each for each in beside if self._turn_of(each.wish.second) == turn]
                self._play([*self._decided(day, turn), *now])
            self._play_auctions(day)
            self.tracing.end_day()
            self.recorder.end_day()
            yield Progress(day + 1, self.played, self.numbered, self.trades)

    # The morning.

    def _morning(self, day: int) -> None:
        agents = self.population.agents
        joining = self.population.joining(day)
        if joining:
            told = [(p, agents[p].handle, agents[p].role, agents[p].deposit) for p in joining]
            for place, name in zip(joining, self.recorder.admit(day, told), strict=True):
                self.ids[place] = name
        self._strike(day)
        offerings = self._offerings(day)
        if offerings:
            self._note(self.recorder.place(offerings), day, listed=False)
        self._note(self.recorder.list_due(day), day, listed=True)

    def _offerings(self, day: int) -> list[Offering]:
        """Return what suppliers bring: all on the day they join, what derives once it can."""
        goods, brought = self.population.goods, []
        for number in self.unbrought:
            supplier = int(goods.supplier[number])
            if self.population.agents[supplier].joined > day or supplier in self.mischief.gone:
                continue
            parents = self._parents(number)
            if parents is None:
                continue
            brought.append(self.population.offering(number, day, parents))
        done = {offering.number for offering in brought}
        self.unbrought = [number for number in self.unbrought if number not in done]
        return brought

    def _parents(self, product: int) -> tuple[int, ...] | None:
        """Choose a listed product of each kind that this one derives from; None if one has none."""
        goods, names = self.population.goods, [kind.name for kind in self.market.kinds]
        kind = self.market.kinds[goods.kind[product]]
        handle = self.population.agents[goods.supplier[product]].handle
        chosen = []
        for name in kind.parents:
            shelf = self.shelves.by_kind[names.index(name)]
            if not len(shelf):
                return None
            drawn = uniform(key_of(self.seed, handle, f"parents of {kind.name}/{product}"), 0)
            chosen.append(int(shelf[int(drawn * len(shelf))]))
        return tuple(dict.fromkeys(chosen))

    def _note(self, placed: Sequence[Placed], day: int, *, listed: bool) -> None:
        for each in placed:
            self.tracing.placed(each, day, listed=listed)
            if listed and not each.refused_by:
                self.shelves.listed[each.number] = True
        self._arrange()

    def _arrange(self) -> None:
        goods = self.population.goods
        self.shelves.arrange(goods.kind, goods.supplier, len(self.market.kinds))

    def _strike(self, day: int) -> None:
        for number, shock in enumerate(self.market.shocks):
            if shock.blow is Blow.FEE and max(0, shock.day - FEE_NOTICE) == day:
                self.recorder.strike(shock.day, shock.blow, (), shock.amount)
            if shock.day != day:
                continue
            if shock.blow is Blow.DEMAND:
                names = [group.name for group in self.market.buyers]
                self.minds.demand[names.index(shock.target)] *= shock.factor
            elif shock.blow is Blow.VALUE:
                names = [kind.name for kind in self.market.kinds]
                self.minds.raised[names.index(shock.target)] *= shock.factor
            elif shock.blow is Blow.EXIT:
                gone = self._going(number, shock.target, shock.factor, day)
                self.recorder.strike(day, shock.blow, gone, 0)
                self.tracing.left(gone, day)
                self.shelves.listed[np.isin(self.population.goods.supplier, gone)] = False

    def _going(self, number: int, group: str, share: float, day: int) -> list[int]:
        """Return which suppliers of a group leave the market by a shock."""
        agents, suppliers = self.population.agents, self.population.suppliers
        handles = self.population.handles(suppliers)
        drawn = uniforms(keys_of(self.seed, handles, f"shock {number}"), 0)
        going = [
            place
            for place in suppliers
            if agents[place].group == group
            and agents[place].joined <= day
            and place not in self.mischief.gone
            and drawn[place] < share
        ]
        self.mischief.gone.update(going)
        return going

    def _settle_in(self, day: int) -> None:
        """Let everybody see the state at the beginning of a round."""
        owned, until = self.minds.owned, self.until
        if self.fresh:
            codes, lasts = (np.array(each, np.int64) for each in zip(*self.fresh, strict=True))
            order = np.argsort(codes, kind="stable")
            places = np.searchsorted(owned, codes[order])
            owned = np.insert(owned, places, codes[order])
            until = np.insert(until, places, lasts[order])
            self.fresh = []
        runs = until >= day
        if not runs.all():
            owned, until = owned[runs], until[runs]
        self.minds.owned, self.until = owned, until
        self.mischief.bind(self.minds, day)

    # Deciding.

    def _decided(self, day: int, turn: int) -> list[Intent]:
        crowd, minds, market = self.crowd, self.minds, self.market
        number = day * market.rounds + turn
        buyer, counter = crowd.visits(day, number, minds)
        looks = crowd.look(buyer, counter, self.shelves, minds)
        self.tracing.looked(day, looks)
        self.saw(number, looks)
        rows = np.flatnonzero(looks.choice >= 0)
        # Who comes twice in a round wants the same thing once.
        codes = looks.buyer[rows] * len(self.population.goods)
        codes += looks.product[rows, looks.choice[rows]]
        rows = rows[np.sort(np.unique(codes, return_index=True)[1])]
        who, at = looks.buyer[rows], looks.counter[rows]
        what = looks.product[rows, looks.choice[rows]]
        value = looks.value[rows, looks.choice[rows]]
        seconds = self._seconds(turn, crowd.drawn("second", who, at))
        faults = crowd.drawn("fault", who, at)
        columns = (who, what, value, seconds, faults, at)
        return [
            self._intent(day, *row)
            for row in zip(*(each.tolist() for each in columns), strict=True)
        ]

    def _turn_of(self, second: int) -> int:
        """Return the round that a second of the trading day lies in."""
        span = TRADING // self.market.rounds
        return min((second - OPENS) // span, self.market.rounds - 1)

    def _seconds(self, turn: int, drawn: Any) -> Any:  # noqa: ANN401 - an array, or one number
        span = TRADING // self.market.rounds
        return OPENS + turn * span + np.floor(np.asarray(drawn) * span).astype(np.int64)

    def _intent(
        self,
        day: int,
        buyer: int,
        product: int,
        value: int,
        second: int,
        fault: float,
        counter: int,
    ) -> Intent:
        minds, kind = self.minds, self.market.kinds[self.population.goods.kind[product]]
        base = offer = 0
        if kind.way is Way.NEGOTIATED:
            base = self.sellers.proposal(product)
            offer = self.mischief.offer(base, buyer, product, day)
        wish = Wish(
            number=-1,
            day=day,
            second=second,
            buyer=buyer + self.population.buyers.start,
            product=product,
            way=kind.way,
            limit=min(value, int(minds.money[buyer])),
            offer=offer,
            fails=self._failing(fault),
        )
        return Intent(wish, value, int(self.population.goods.price[product]), base, counter)

    def _failing(self, drawn: float) -> str:
        faults = self.market.faults
        if drawn < faults.payment_late:
            return "payment"
        return "delivery" if drawn < faults.payment_late + faults.delivery_fails else ""

    def _beside(self, day: int) -> list[Intent]:
        """Return what does not come from looking: the trades of rings, and brokers' deals."""
        wishes = [*self.mischief.washed(day, self.shelves)]
        wishes += self.sellers.brokered(day, self.crowd, self.shelves, self.minds)
        return [
            Intent(wish, value, int(self.population.goods.price[wish.product]))
            for wish, value in wishes
        ]

    # Acting.

    def _play(self, intents: Sequence[Intent]) -> None:
        bids = [each for each in intents if each.wish.way is Way.AUCTION]
        for each in bids:
            held = self.bids[each.wish.product]
            if each.wish.buyer not in {other.wish.buyer for other in held}:
                held.append(each)
        at_once = sorted(
            (each for each in intents if each.wish.way is not Way.AUCTION),
            key=lambda each: (each.wish.second, each.wish.buyer, each.counter),
        )
        self._carry_out(at_once)

    def _play_auctions(self, day: int) -> None:
        last = day == self.played - 1
        due = []
        for product in sorted(self.bids):
            window = self.market.kinds[self.population.goods.kind[product]].auction_days
            if last or (day + 1 + product) % window == 0:
                due.append(product)
        due = [*self.waiting, *(each for each in due if each not in set(self.waiting))]
        self.waiting = due[AUCTIONS_MAX:]
        gathered = []
        for place, product in enumerate(due[:AUCTIONS_MAX]):
            second = CLOSES + AUCTION_SECONDS * place
            for each in self.bids.pop(product):
                money = int(self.minds.money[each.wish.buyer - self.population.buyers.start])
                limit = min(each.wish.limit, money)
                wish = replace(each.wish, day=day, second=second, limit=limit)
                if limit > 0:
                    gathered.append(replace(each, wish=wish))
        self._carry_out(gathered)

    def _carry_out(self, intents: Sequence[Intent]) -> None:
        numbered = [
            replace(each, wish=replace(each.wish, number=self.numbered + place))
            for place, each in enumerate(intents)
        ]
        self.numbered += len(numbered)
        for each in numbered:
            self.acts(each)
        outcomes = self.recorder.carry_out([each.wish for each in numbered]) if numbered else ()
        for intent, outcome in zip(numbered, outcomes, strict=True):
            self._take(intent, outcome)

    def _take(self, intent: Intent, outcome: Outcome) -> None:
        """Let the agents learn what came of a wish."""
        wish, minds = intent.wish, self.minds
        self.tracing.wished(intent, outcome)
        if wish.way is Way.POSTED and outcome.offered:
            minds.asked[wish.product] = outcome.offered
        negotiated = wish.way is Way.NEGOTIATED and intent.base
        if negotiated and self.sellers.learn(wish.product, intent.base, intent.value, outcome):
            self.heard(intent, outcome)
        if outcome.ending not in BOUGHT:
            return
        self.trades += 1
        buyer = wish.buyer - self.population.buyers.start
        if buyer >= len(self.population.buyers):  # of a ring, which has no mind of its own
            return
        goods, group = self.population.goods, self.market.buyers[self.crowd.group[buyer]]
        supplier = int(goods.supplier[wish.product])
        minds.money[buyer] -= outcome.amount
        minds.bought[buyer, goods.kind[wish.product]] += 1
        minds.favourite[buyer] = supplier
        self.fresh.append((buyer * len(goods) + wish.product, wish.day + group.term_days))
        self.mischief.bought(buyer, supplier, wish.day)
